import type { EconomyDefinition } from "../../src/economy/build.js";
import {
  DAG_FAMILIES,
  type DagFamily,
  type Draw,
  drawer,
  HORIZON,
  production,
  SPREAD,
  wave,
} from "./dag-sets.js";

export { DAG_FAMILIES, type DagFamily } from "./dag-sets.js";

export interface DagOptions {
  /** Default 40; agents · metrics · nodes is the number of prices (a factory adds one of `gpu` an instant). */
  readonly agents?: number;
  /** Default 8. */
  readonly metrics?: number;
  /** Default 24. */
  readonly nodes?: number;
  readonly rule?: "midpoint" | "gauss-legendre";
  /** Default 3 to 8, drawn; never more than agents. */
  readonly layers?: number;
  /** Of all agents, or "mixed": each agent's drawn. Default "ellipsoid" with centers ≥ 0, the hypothesis of T3. */
  readonly family?: DagFamily | "mixed";
  /** Range of every elasticity (metric, chain, routing, intertemporal, entry), drawn log-uniformly; default [0.1, 8]. */
  readonly elasticity?: readonly [lowest: number, highest: number];
  /** Each elasticity is one end of the range or the other, never between. */
  readonly extremes?: boolean;
  /** Largest weight or level over the least; default 5. Prices are powers 1/elasticity of such ratios: at 0.1 far apart. */
  readonly spread?: number;
  /** Part of the ellipsoids with a center above 0, whose fixed supply drives prices far apart; default 0.8. */
  readonly rigid?: number;
  /** Default 1. Several have a DAG of their own each, and shares of agents that differ. */
  readonly orchestrators?: number;
  /** Floors up to this part of the least certain supply, on a third of the commodities: affordable at all prices. Default none. */
  readonly floors?: number;
}

/**
 * A random economy of agents on a DAG in layers, of random out-degrees, whose elasticities are far apart: the yardstick of
 * the solvers' speed (7 680 prices by default: 40 agents, 8 metrics, 24 instants). An equilibrium exists: every
 * commodity is supplied at every price and demanded at every instant.
 */
export function dagSpec(seed: number, options: DagOptions = {}): EconomyDefinition {
  const { agents = 40, metrics = 8, nodes = 24, rule = "midpoint", orchestrators = 1 } = options;
  const draw = drawer(seed);
  const own = Array.from({ length: metrics }, (_, r) => `m${r}`);
  const families = Array.from({ length: agents }, () => familyOf(options, draw));
  const sets = families.map((family) => production(family, own, options, draw));
  const shares = Array.from({ length: agents }, () => split(orchestrators, draw));
  const factories = families.includes("factory");
  const capacity = wave(draw, agents / orchestrators, 0.3);
  return {
    format: "walras/1",
    name: `dag-${seed}`,
    time: { horizon: HORIZON, unit: "h", nodes, rule },
    commodities: factories ? { gpu: {} } : {},
    agents: Object.fromEntries(sets.map(({ set }, a) => [`a${a}`, { production: set }])),
    orchestrators: Object.fromEntries(
      Array.from({ length: orchestrators }, (_, i) => [
        `o${i}`,
        {
          shares: Object.fromEntries(shares.map((row, a) => [`a${a}`, row[i]])),
          ...(factories ? { endowment: { gpu: capacity } } : {}),
          floors: floorsOf(
            sets.map(({ least }) => least),
            options.floors ?? 0,
            shares.map((row) => row[i]),
            draw,
          ),
          discount: wave(draw, 1, 0.9),
          intertemporal_elasticity: elasticity(options, draw),
          preferences: { dag: dagOf(agents, own, options, draw) },
        },
      ]),
    ),
  };
}

function familyOf({ family = "ellipsoid" }: DagOptions, draw: Draw): DagFamily {
  return family === "mixed" ? DAG_FAMILIES[draw.index(DAG_FAMILIES.length)] : family;
}

function elasticity({ elasticity: [low, high] = [0.1, 8], extremes }: DagOptions, draw: Draw): number {
  if (extremes) return draw.chance(0.5) ? low : high;
  return draw.log(low, high);
}

/** Parts of 1 that differ. */
function split(parts: number, draw: Draw): number[] {
  const drawn = Array.from({ length: parts }, () => draw.between(0.1, 1));
  const total = drawn.reduce((sum, x) => sum + x, 0);
  return drawn.map((x) => x / total);
}

/** A third of the metrics, up to `part` of the owner's share of what the agent surely supplies at every instant. */
function floorsOf(
  least: readonly Readonly<Record<string, number>>[],
  part: number,
  shares: readonly number[],
  draw: Draw,
): Record<string, number> {
  if (part === 0) return {};
  const entries = least.flatMap((row, a) =>
    Object.entries(row).map(([m, surely]) => [
      `a${a}/${m}`,
      part * draw.between(0.3, 1) * shares[a] * surely,
    ]),
  );
  return Object.fromEntries(entries.filter(() => draw.chance(1 / 3)));
}

/** Layers of random sizes; every agent behind the first has a parent in front of it, and most have more. */
function dagOf(agents: number, own: readonly string[], options: DagOptions, draw: Draw) {
  const layers = Math.min(options.layers ?? 3 + draw.index(6), agents);
  const layer = Array.from({ length: agents }, (_, a) => (a < layers ? a : draw.index(layers)));
  const members = Array.from({ length: layers }, (_, l) => layer.flatMap((of, a) => (of === l ? [a] : [])));
  const next = layer.map(() => new Map<string, number>());
  const weight = () => draw.log(1 / (options.spread ?? SPREAD), 1);
  const link = (from: number, to: number): void => {
    next[from].set(`a${to}`, weight());
  };
  const oneOf = (list: readonly number[]): number => list[draw.index(list.length)];
  layer.forEach((l, a) => {
    if (l > 0) link(oneOf(members[l - 1]), a);
    if (l + 1 === layers) return;
    const degree = draw.index(5);
    // Most successors are in the next layer; some are farther down, so that paths differ in length.
    for (let k = 0; k < degree; k++) {
      link(a, oneOf(members[draw.chance(0.8) ? l + 1 : l + 1 + draw.index(layers - l - 1)]));
    }
  });
  const sigma = () => elasticity(options, draw);
  return {
    entry: Object.fromEntries(members[0].map((a) => [`a${a}`, weight()])),
    entry_elasticity: sigma(),
    steps: Object.fromEntries(
      layer.map((_, a) => [
        `a${a}`,
        {
          metrics: Object.fromEntries(own.map((m) => [m, weight()])),
          metric_elasticity: sigma(),
          own_weight: draw.between(0.2, 0.8),
          chain_elasticity: sigma(),
          routing_elasticity: sigma(),
          ...(next[a].size > 0 ? { next: Object.fromEntries(next[a]) } : {}),
        },
      ]),
    ),
  };
}
