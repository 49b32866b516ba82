import fc from "fast-check";
import type { EconomyDefinition } from "../../src/economy/build.js";

export interface RandomStep {
  metrics?: Record<string, number>;
  metric_elasticity?: number;
  own_weight?: number;
  chain_elasticity?: number;
  next?: Record<string, number>;
  routing_elasticity?: number;
}

export interface RandomDag {
  readonly dag: {
    entry: Record<string, number>;
    entry_elasticity: number;
    steps: Record<string, RandomStep>;
  };
  readonly definition: EconomyDefinition;
}

const weight = fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 100, noNaN: true }));
const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
const elasticity = fc.oneof(fc.constantFrom(0, 1, 0.5, 2), fc.double({ min: 0.1, max: 0.9, noNaN: true }));
const ownWeight = fc.oneof(
  fc.constantFrom(0, 1, undefined),
  fc.double({ min: 0.05, max: 0.95, noNaN: true }),
);

interface Draw {
  readonly metrics: readonly number[];
  readonly next: readonly number[];
  readonly firstMetric: number;
  readonly firstNext: number;
  readonly router: boolean;
  readonly own: number | undefined;
  readonly elasticities: readonly [number, number, number];
}

const draw: fc.Arbitrary<Draw> = fc.record({
  metrics: fc.array(weight, { maxLength: 3 }),
  next: fc.array(weight, { maxLength: 4 }),
  firstMetric: positive,
  firstNext: positive,
  router: fc.boolean(),
  own: ownWeight,
  elasticities: fc.tuple(elasticity, elasticity, elasticity),
});

/**
 * An economy of up to 12 agents in a random DAG: steps in random order of declaration, edges of weight 0, pure routers,
 * own weights of 0 and 1, any elasticities. The first weight of every vector is positive.
 */
export function randomDag(): fc.Arbitrary<RandomDag> {
  return fc
    .tuple(fc.array(draw, { minLength: 1, maxLength: 12 }), fc.infiniteStream(fc.nat()), elasticity)
    .map(([draws, random, entry_elasticity]) =>
      assemble(draws, () => random.next().value as number, entry_elasticity),
    );
}

function assemble(draws: readonly Draw[], random: () => number, entry_elasticity: number): RandomDag {
  const names = draws.map((_, k) => `agent ${k}`);
  const later = (k: number) => names.slice(k + 1);
  const steps = draws.map((one, k) => [names[k], step(one, later(k), random)] as const);
  const shuffled = steps.map((entry) => [random(), entry] as const).sort(([a], [b]) => a - b);
  const reached = new Set(steps.flatMap(([, { next = {} }]) => Object.keys(next)));
  const entry = Object.fromEntries(
    names.filter((name) => !reached.has(name)).map((name, k) => [name, k === 0 ? 1 : random() % 3]),
  );
  const dag = { entry, entry_elasticity, steps: Object.fromEntries(shuffled.map(([, named]) => named)) };
  const production = { set: "ellipsoid" as const, radius: { m0: 1, m1: 1, m2: 1, m3: 1 } };
  const agents = Object.fromEntries(names.map((name) => [name, { production }]));
  return { dag, definition: { agents, orchestrators: { main: { preferences: { dag } } } } };
}

function step(one: Draw, later: readonly string[], random: () => number): RandomStep {
  const targets = new Map<string, number>();
  one.next.forEach((weight, c) => {
    if (later.length > 0) targets.set(later[random() % later.length], c === 0 ? one.firstNext : weight);
  });
  const next =
    targets.size > 0 && [...targets.values()].some((weight) => weight > 0)
      ? Object.fromEntries(targets)
      : undefined;
  const metrics = Object.fromEntries([one.firstMetric, ...one.metrics].map((weight, m) => [`m${m}`, weight]));
  const [metric_elasticity, chain_elasticity, routing_elasticity] = one.elasticities;
  const work = next !== undefined && one.router ? {} : { metrics };
  const own = one.own === undefined ? {} : { own_weight: one.own };
  return {
    ...work,
    ...own,
    metric_elasticity,
    chain_elasticity,
    ...(next === undefined ? {} : { next, routing_elasticity }),
  };
}
