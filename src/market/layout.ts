import type { Agent, Economy, Orchestrator } from "../economy/economy.js";
import { wantedInstants } from "../economy/wanted.js";
import { preferencesOf, type RoutedPreferences } from "../preferences/preferences.js";

/** An economy as flat arrays: every matrix is [commodities, nodes], node fastest. */
export interface Layout {
  readonly commodities: number;
  readonly nodes: number;
  /** Quadrature weights w_n, shape [nodes]. */
  readonly weights: Float64Array;
  readonly horizon: number;
  /** 1 where somebody can demand the commodity at that instant; elsewhere it is removed (p = 0). */
  readonly demanded: Uint8Array;
  /** Number of instants demanded. */
  readonly size: number;
  /** 1 where orchestrators' preferences want it. */
  readonly wanted: Uint8Array;
  /** Σ_i ω_i. */
  readonly endowment: Float64Array;
  readonly agents: readonly Agent[];
  readonly consumers: readonly Consumer[];
  readonly step: number;
  readonly aggregation: Aggregation | null;
}

export interface Consumer {
  readonly orchestrator: Orchestrator;
  readonly preferences: RoutedPreferences;
}

/** Why the market has the potential V of T2 (model.md section 5). */
export type Aggregation = "single" | "identical" | "proportional";

export function layOut(economy: Economy): Layout {
  const { grid, commodities, agents, orchestrators } = economy;
  const demanded = demandedInstants(economy);
  return {
    commodities: commodities.length,
    nodes: grid.nodes,
    weights: grid.weights,
    horizon: grid.horizon,
    demanded,
    size: demanded.reduce((sum, x) => sum + x, 0),
    wanted: wantedInstants(economy),
    endowment: totalEndowment(economy),
    agents,
    consumers: orchestrators.map((orchestrator) => ({
      orchestrator,
      preferences: preferencesOf(orchestrator, grid),
    })),
    step: 1 / (demandElasticity(economy) + supplyElasticity(economy)),
    aggregation: aggregationOf(economy),
  };
}

function totalEndowment({ orchestrators, commodities, grid }: Economy): Float64Array {
  const total = new Float64Array(commodities.length * grid.nodes);
  for (const { endowment } of orchestrators) {
    for (const [commodity, series] of endowment) {
      for (let n = 0; n < grid.nodes; n++) total[commodity * grid.nodes + n] += series[n];
    }
  }
  return total;
}

/** By preferences at instants with ρ > 0, by floors, or by an agent whose net put can be negative. */
function demandedInstants(economy: Economy): Uint8Array {
  const { orchestrators, agents, grid } = economy;
  const N = grid.nodes;
  const demanded = wantedInstants(economy);
  for (const { floors } of orchestrators) {
    for (const [m, floor] of floors) for (let n = 0; n < N; n++) if (floor[n] > 0) demanded[m * N + n] = 1;
  }
  for (const agent of agents) {
    const { lower } = agent.set.bounds();
    agent.commodities.forEach((m, r) => {
      for (let n = 0; n < N; n++) if (lower[r * N + n] < 0) demanded[m * N + n] = 1;
    });
  }
  return demanded;
}

/** σ_max; with several consumers at least 1, since what each earns moves what it buys even where it substitutes nothing. */
function demandElasticity(economy: Economy): number {
  const sigmaMax = largestElasticity(economy);
  return aggregationOf(economy) === null ? Math.max(1, sigmaMax) : sigmaMax;
}

/**
 * σ_max over nests with more than one child, the intertemporal one included when there are several instants; 1 for an orchestrator
 * that wants a single thing, of which it buys M/p.
 */
export function largestElasticity({ orchestrators, grid }: Economy): number {
  const elasticities = orchestrators.flatMap(({ preferences, intertemporalElasticity }) => {
    const branching = preferences.nodes
      .filter(({ children }) => children.length > 1)
      .map(({ elasticity }) => elasticity);
    if (grid.nodes > 1) branching.push(intertemporalElasticity);
    return branching.length > 0 ? branching : [1];
  });
  return elasticities.reduce((max, elasticity) => Math.max(max, elasticity), 0);
}

/** e_S: 1, or what a production set says of its own-price elasticity where that is larger. */
export function supplyElasticity({ agents }: Economy): number {
  return agents.reduce((max, { set }) => Math.max(max, set.theory?.elasticity ?? 1), 1);
}

export function aggregationOf({ orchestrators, agents, grid }: Economy): Aggregation | null {
  if (orchestrators.length === 1) return "single";
  const [first, ...others] = orchestrators;
  if (others.every((other) => samePreferences(first, other))) return "identical";
  const noFloors = orchestrators.every(({ floors }) => floors.size === 0);
  const [, ...ratios] = orchestrators.map((o) => incomeRatio(first, o, agents.length, grid.nodes));
  return noFloors && ratios.every((ratio) => ratio !== null) ? "proportional" : null;
}

/** Same graph, elasticities, weights and demand intensity. */
function samePreferences(a: Orchestrator, b: Orchestrator): boolean {
  const same = (u: ArrayLike<number>, v: ArrayLike<number>) =>
    u.length === v.length && Array.from(u).every((x, i) => x === v[i]);
  return (
    a.intertemporalElasticity === b.intertemporalElasticity &&
    same(a.intensity, b.intensity) &&
    a.preferences.written === b.preferences.written &&
    same(a.preferences.leaves, b.preferences.leaves) &&
    a.preferences.nodes.length === b.preferences.nodes.length &&
    a.preferences.nodes.every((node, k) => {
      const other = b.preferences.nodes[k];
      return (
        node.elasticity === other.elasticity &&
        same(node.children, other.children) &&
        same(node.weights, other.weights)
      );
    })
  );
}

/** M_b / M_a where b owns that multiple of everything a owns (to rounding), else null. */
function incomeRatio(a: Orchestrator, b: Orchestrator, agents: number, nodes: number): number | null {
  let ratio: number | null = null;
  const agree = (x: number, y: number): boolean => {
    if (x === 0 || y === 0) return x === y;
    ratio ??= y / x;
    return Math.abs(y / x - ratio) <= 1e-12 * ratio;
  };
  for (let i = 0; i < agents; i++) if (!agree(a.shares[i], b.shares[i])) return null;
  for (const m of new Set([...a.endowment.keys(), ...b.endowment.keys()])) {
    for (let n = 0; n < nodes; n++) {
      if (!agree(a.endowment.get(m)?.[n] ?? 0, b.endowment.get(m)?.[n] ?? 0)) return null;
    }
  }
  return ratio;
}
