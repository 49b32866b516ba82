import { gatherRows } from "../core/rows.js";
import type { Economy, Orchestrator } from "../economy/economy.js";

/** A shortage relative to what is owed that is no rounding. */
const BEYOND_ROUNDING = 1e-12;

/** What everybody earns and owes at prices p [commodities, nodes] (model.md section 3). */
export interface Books {
  /** M_i and ⟨p,γ_i⟩. */
  readonly income: Float64Array;
  readonly cost: Float64Array;
  /** ⟨p,ω_i⟩ + Σ_a θ_ia |h_a| + ⟨p,γ_i⟩, the scale of M°_i = M_i − ⟨p,γ_i⟩. */
  readonly turnover: Float64Array;
  /** η_a(p), [metrics, nodes], and h_a(p). */
  readonly supplies: readonly Float64Array[];
  readonly profits: Float64Array;
}

export function booksAt({ grid, agents, orchestrators }: Economy, p: Float64Array): Books {
  const { nodes: N, weights } = grid;
  const value = (bundle: ReadonlyMap<number, Float64Array>): number => {
    let sum = 0;
    for (const [m, series] of bundle) {
      for (let n = 0; n < N; n++) sum += weights[n] * p[m * N + n] * series[n];
    }
    return sum;
  };
  const profits = new Float64Array(agents.length);
  const supplies = agents.map(({ set, commodities }, a) => {
    const own = gatherRows(p, commodities, N, new Float64Array(commodities.length * N));
    const supply = new Float64Array(own.length);
    set.supply(own, supply);
    profits[a] = set.profit(own);
    return supply;
  });
  const [income, cost, turnover] = [0, 0, 0].map(() => new Float64Array(orchestrators.length));
  orchestrators.forEach(({ endowment, floors, shares }, i) => {
    const owned = value(endowment);
    cost[i] = value(floors);
    [income[i], turnover[i]] = [owned, owned + cost[i]];
    for (let a = 0; a < shares.length; a++) {
      if (shares[a] === 0) continue;
      income[i] += shares[a] * profits[a];
      turnover[i] += shares[a] * Math.abs(profits[a]);
    }
  });
  return { income, cost, turnover, supplies, profits };
}

/**
 * What there is and what is owed of every commodity at every instant, consumers' wishes left out: endowments and outputs,
 * floors and inputs. supply − use is the gradient of ΣM° in units of value.
 */
export function surplusOf(
  { agents, orchestrators, grid, commodities }: Economy,
  { supplies }: Books,
): { supply: Float64Array; use: Float64Array } {
  const N = grid.nodes;
  const [supply, use] = [0, 0].map(() => new Float64Array(commodities.length * N));
  for (const { endowment, floors } of orchestrators) {
    addBundle(supply, endowment, 1);
    addBundle(use, floors, 1);
  }
  agents.forEach((agent, a) => {
    agent.commodities.forEach((m, r) => {
      for (let n = 0, k = m * N, j = r * N; n < N; n++, k++, j++) {
        const y = supplies[a][j];
        if (y > 0) supply[k] += y;
        else use[k] -= y;
      }
    });
  });
  return { supply, use };
}

/** The gradients of M°_i and of its scale T_i in units of value: ω − γ + Σ_a θ_ia η_a and ω + γ + Σ_a θ_ia sign(h_a) η_a. */
export function marginsOf(
  { endowment, floors, shares }: Orchestrator,
  { agents, commodities, grid }: Economy,
  { supplies, profits }: Books,
): { earned: Float64Array; turned: Float64Array } {
  const N = grid.nodes;
  const [earned, turned] = [0, 0].map(() => new Float64Array(commodities.length * N));
  addBundle(earned, endowment, 1);
  addBundle(turned, endowment, 1);
  addBundle(earned, floors, -1);
  addBundle(turned, floors, 1);
  agents.forEach((agent, a) => {
    if (shares[a] === 0) return;
    const sign = profits[a] < 0 ? -shares[a] : shares[a];
    agent.commodities.forEach((m, r) => {
      for (let n = 0, k = m * N, j = r * N; n < N; n++, k++, j++) {
        earned[k] += shares[a] * supplies[a][j];
        turned[k] += sign * supplies[a][j];
      }
    });
  });
  return { earned, turned };
}

/** matrix += scale · bundle. */
export function addBundle(
  matrix: Float64Array,
  bundle: ReadonlyMap<number, Float64Array>,
  scale: number,
): void {
  for (const [m, series] of bundle) {
    for (let n = 0; n < series.length; n++) matrix[m * series.length + n] += scale * series[n];
  }
}

/**
 * An orchestrator that can pay its floors at no prices, M°_i(p) < 0 for all p > 0, if one is found. M°_i is convex and
 * homogeneous, so it suffices that it is nowhere above 0 at the corners of the simplex, where a single commodity at a single
 * instant has a price: w(ω − γ + Σ_a θ_ia sup y_a) ≤ 0 for all of them, and below 0 for some.
 */
export function neverPays(economy: Economy): Orchestrator | null {
  if (economy.orchestrators.every(({ floors }) => floors.size === 0)) return null;
  const most = economy.agents.map(({ set }) => set.bounds().upper);
  return economy.orchestrators.find((orchestrator) => isBeyondMeans(orchestrator, economy, most)) ?? null;
}

function isBeyondMeans(
  { endowment, floors, shares }: Orchestrator,
  { agents, commodities, grid }: Economy,
  most: readonly Float64Array[],
): boolean {
  if (floors.size === 0) return false;
  const N = grid.nodes;
  const left = new Float64Array(commodities.length * N);
  addBundle(left, endowment, 1);
  addBundle(left, floors, -1);
  agents.forEach((agent, a) => {
    if (shares[a] === 0) return;
    agent.commodities.forEach((m, r) => {
      for (let n = 0; n < N; n++) left[m * N + n] += shares[a] * most[a][r * N + n];
    });
  });
  const owed = new Float64Array(left.length);
  addBundle(owed, floors, 1);
  return left.every((x) => x <= 0) && left.some((x, k) => x < -BEYOND_ROUNDING * owed[k]);
}
