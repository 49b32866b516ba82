import { uniformSource } from "../../src/core/rng.js";
import type { EconomyDefinition } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import type { ProductionSet } from "../../src/production/production-set.js";

/** An economy in the file's form, loosely typed: what a test changes before `defineEconomy` validates it. */
// biome-ignore lint/suspicious/noExplicitAny: JSON
export type Loose = any;

export interface T1Options {
  readonly agents?: number;
  readonly nodes?: number;
  readonly orchestrators?: number;
  /** Least elasticity. */
  readonly first?: number;
}

type Draw = (low: number, high: number) => number;

/**
 * A random economy that satisfies T1 (one orchestrator) or the several-orchestrators theorem: elasticities that rise from
 * the intertemporal node down the agent DAG, ellipsoids with and without center, points and input-free frontiers, a shared
 * endowment. With several orchestrators each has preferences of its own and a part of everything.
 */
export function t1Spec(seed: number, options: T1Options = {}): EconomyDefinition {
  const { agents = 4, nodes = 3, orchestrators = 1, first = 1 } = options;
  const uniform = uniformSource(seed);
  const draw: Draw = (low, high) => low + (high - low) * uniform();
  const series = (low: number, high: number) => Array.from({ length: nodes }, () => draw(low, high));
  const names = Array.from({ length: agents }, (_, a) => `a${a}`);
  const sets = [
    () => ({ set: "ellipsoid", radius: { x: series(0.2, 2), y: series(0.2, 2) } }),
    () => ({ set: "ellipsoid", center: { x: series(0, 1), y: 1 }, radius: { x: series(0.2, 1), y: 0.5 } }),
    () => ({ set: "ellipsoid", center: { x: series(0.5, 2), y: series(0.5, 2) } }),
    () => ({
      set: "frontier",
      outputs: { x: draw(0.3, 1), y: 1 },
      transformation: draw(0, 2),
      scale: series(0.5, 2),
    }),
  ];
  const parts = Array.from({ length: orchestrators }, () => draw(0.2, 1));
  const total = parts.reduce((sum, x) => sum + x, 0);
  const spec: Loose = {
    name: `t1-${seed}`,
    time: { horizon: 5, nodes },
    commodities: { gpu: {} },
    agents: Object.fromEntries(
      names.map((name, a) => [name, { production: sets[(a + seed) % sets.length]() }]),
    ),
    orchestrators: Object.fromEntries(
      parts.map((part, i) => [
        `o${i}`,
        {
          shares: part / total,
          endowment: { gpu: series(0.5, 2) },
          discount: series(0.3, 2),
          ...risingPreferences(names, first, draw),
        },
      ]),
    ),
  };
  return spec;
}

/** Each agent passes work on to the next two; elasticities never fall from one node to the next below. */
function risingPreferences(names: readonly string[], first: number, draw: Draw) {
  let sigma = first;
  const rise = (): number => {
    sigma += draw(0, 0.4);
    return sigma;
  };
  const entryElasticity = rise();
  const steps = names.map((_, a) => {
    const next = names.slice(a + 1, a + 3).map((b) => [b, draw(0.2, 1)]);
    return {
      metrics: {
        x: draw(0.2, 1),
        y: draw(0.2, 1),
        ...(a === names.length - 1 ? { gpu: draw(0.1, 0.5) } : {}),
      },
      chain_elasticity: rise(),
      metric_elasticity: rise(),
      routing_elasticity: rise(),
      own_weight: draw(0.2, 0.8),
      ...(next.length > 0 ? { next: Object.fromEntries(next) } : {}),
    };
  });
  return {
    intertemporal_elasticity: first,
    preferences: {
      dag: {
        entry: Object.fromEntries(names.slice(0, 2).map((name) => [name, draw(0.2, 1)])),
        entry_elasticity: entryElasticity,
        steps: Object.fromEntries(names.map((name, a) => [name, steps[a]])),
      },
    },
  };
}

/** Exchange: declared goods, orchestrators with endowments; static unless the test adds time. */
export function exchange(orchestrators: Record<string, Loose>, goods: readonly string[]): EconomyDefinition {
  const spec: Loose = { commodities: Object.fromEntries(goods.map((good) => [good, {}])), orchestrators };
  return spec;
}

/** One CES node over goods. */
export function ces(elasticity: number, inputs: Record<string, number>) {
  return { root: "u", nodes: { u: { elasticity, inputs } } };
}

/** The economy with one agent's set written in code: the set it has, and `changes`. */
export function withSet(
  economy: Economy,
  name: string,
  changes: (set: ProductionSet) => Partial<ProductionSet>,
): Economy {
  const agents = economy.agents.map((agent) => {
    if (agent.name !== name) return agent;
    const { set } = agent;
    const own: ProductionSet = {
      family: set.family,
      metrics: set.metrics,
      nodes: set.nodes,
      profit: (p) => set.profit(p),
      supply: (p, out) => set.supply(p, out),
      supplyDerivative: (p, dp, out) => set.supplyDerivative(p, dp, out),
      gap: (y) => set.gap(y),
      bounds: () => set.bounds(),
      theory: set.theory,
      ...changes(set),
    };
    return { ...agent, set: own };
  });
  return { ...economy, agents };
}

/**
 * A random exchange economy of 2 to 5 goods and 2 to 4 orchestrators that own unequal things and want different ones,
 * elasticities from 0.2 to 4.
 */
export function randomExchange(seed: number): EconomyDefinition {
  const uniform = uniformSource(seed);
  const goods = Array.from({ length: 2 + Math.floor(4 * uniform()) }, (_, k) => `g${k}`);
  const byGood = (value: () => number) => Object.fromEntries(goods.map((good) => [good, value()]));
  const people = Array.from({ length: 2 + Math.floor(3 * uniform()) }, (_, i) => {
    const endowment = byGood(() => (uniform() < 0.5 ? 0.05 + 0.1 * uniform() : 1 + 5 * uniform()));
    const elasticity = Math.exp(-1.5 + 3 * uniform());
    return [
      `c${i}`,
      {
        endowment,
        preferences: ces(
          elasticity,
          byGood(() => 0.05 + uniform() ** 2),
        ),
      },
    ];
  });
  return exchange(Object.fromEntries(people), goods);
}

/**
 * Scarf's ring made smooth: each of 3 to 5 orchestrators owns one good and wants it and the next, as complements. Prices
 * turn around the equilibrium.
 */
export function ring(seed: number): EconomyDefinition {
  const uniform = uniformSource(seed);
  const goods = Array.from({ length: 3 + Math.floor(3 * uniform()) }, (_, k) => `g${k}`);
  const people = goods.map((own, i) => {
    const next = goods[(i + 1) % goods.length];
    const preferences = ces(0.2 + 0.6 * uniform(), { [own]: 0.5 + uniform(), [next]: 0.5 + uniform() });
    return [`c${i}`, { endowment: { [own]: 1 + uniform() }, preferences }];
  });
  return exchange(Object.fromEntries(people), goods);
}
