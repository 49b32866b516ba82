import type { Arrays, GeneratedDag, GeneratedOrchestrator, OwnCommodity, Population } from "./document.js";
import { type Curves, type Draw, rounded } from "./draw.js";
import type { LayeredGraph } from "./layers.js";
import type { GenerateOptions } from "./options.js";
import { COMPUTE, type Sets } from "./sets.js";
import { type Elasticities, elasticitiesOf } from "./temper.js";

/** What orchestrators are made from. */
export interface Scene {
  readonly options: GenerateOptions;
  readonly draw: Draw;
  readonly curves: Curves;
  readonly arrays: Arrays;
  readonly metrics: readonly string[];
  readonly populations: readonly Population[];
  readonly sets: readonly Sets[];
  readonly graph: LayeredGraph;
  /** Whether there is a shared capacity at all. */
  readonly hasCompute: boolean;
}

/**
 * Orchestrators that own parts of everything, with tastes of their own. Their parts of the shared capacity are those of the
 * agents' profits under T1 (so that incomes are proportional), and differ otherwise.
 */
export function makeOrchestrators(scene: Scene): GeneratedOrchestrator[] {
  const { orchestrators: count, temper } = scene.options;
  const parts = partition(count, scene.draw);
  const computeParts = temper === "t1" ? parts : partition(count, scene.draw);
  const capacity = scene.hasCompute ? makeCapacity(scene) : null;
  return parts.map((part, i) =>
    makeOrchestrator(
      scene,
      i,
      part,
      capacity?.map((x) => x * computeParts[i]),
    ),
  );
}

/** Positive numbers that sum to 1. */
function partition(count: number, draw: Draw): number[] {
  const weights = Array.from({ length: count }, () => 1 + draw.index(9));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/**
 * Four times what sets with fixed uses take, at the least: so that agents who cannot do without it make no losses that would take
 * all of an orchestrator's income.
 */
function makeCapacity({ options, curves }: Scene): Float64Array {
  const capacity = new Float64Array(options.nodes);
  curves.fill(capacity, options.agents, 2 * options.agents);
  return capacity;
}

function makeOrchestrator(
  scene: Scene,
  i: number,
  part: number,
  compute: Float64Array | undefined,
): GeneratedOrchestrator {
  const { options, draw, arrays } = scene;
  const hostile = options.temper === "hostile";
  const elasticities = elasticitiesOf(options.temper, options.layers, draw);
  const name = `tenant-${i}`;
  if (compute !== undefined) arrays.add(`${name}.endowment`, [options.nodes]).set(compute);
  return {
    name,
    shares: part,
    endowment: compute === undefined ? {} : { [COMPUTE]: { array: `${name}.endowment`, at: [] } },
    ownEndowment: hostile ? scattered(scene) : [],
    floors: hostile ? heavyFloors(scene, part) : [],
    discount: makeDiscount(scene, name),
    intertemporal_elasticity: elasticities.at("time", 0),
    dag: makeDag(scene, name, elasticities),
  };
}

/** Demand that waves; in hostile economies it vanishes for part of the time. */
function makeDiscount({ options, curves, arrays }: Scene, name: string) {
  const discount = arrays.add(`${name}.discount`, [options.nodes]);
  const hostile = options.temper === "hostile" && options.nodes > 1;
  if (hostile) curves.through([0, 0, 0, 0, 1, 0.001], discount);
  else curves.fill(discount, 0.5, 2);
  if (discount.every((rho) => rho === 0)) discount.fill(1);
  return { array: `${name}.discount`, at: [] };
}

/** Endowments of agents' own metrics, from a thousandth to a thousand. */
function scattered({ options, draw, metrics }: Scene): OwnCommodity[] {
  const count = Math.ceil(options.agents / 4);
  const owned = new Set(Array.from({ length: count }, () => draw.index(options.agents)));
  return [...owned].map((agent) => ({
    agent,
    metric: metrics[0],
    quantity: draw.oneOf([0.001, 0.01, 0.1, 1, 10, 100, 1000]),
  }));
}

/** Floors on nearly all that is surely made of every other metric: they cost nearly all of income. */
function heavyFloors({ sets, metrics }: Scene, part: number): OwnCommodity[] {
  let first = 0;
  return sets.flatMap(({ least }) => {
    const floors = Array.from(least, (level, i) => ({
      agent: first + Math.floor(i / metrics.length),
      metric: metrics[i % metrics.length],
      quantity: rounded(0.95 * part * level),
    }));
    first += least.length / metrics.length;
    return floors.filter(({ quantity }, i) => i % 2 === 0 && quantity > 0);
  });
}

/** Weights and elasticities of one orchestrator on the graph that all share. */
function makeDag(scene: Scene, name: string, elasticities: Elasticities): GeneratedDag {
  const { draw, graph, populations } = scene;
  const weights = (count: number) => Float64Array.from({ length: count }, () => draw.between(0.2, 1));
  const { entry, from, to } = graph;
  let first = 0;
  const steps = populations.map((population) => {
    const step = makeStep(scene, name, population, first, elasticities);
    first += population.count;
    return [population.name, step];
  });
  return {
    entry_elasticity: elasticities.at("entry", 0),
    entry: { agents: entry, weights: weights(entry.length) },
    edges: { from, to, weight: weights(from.length) },
    steps: Object.fromEntries(steps),
  };
}

/** The steps of one population, whose first member is agent number `first`. */
function makeStep(
  scene: Scene,
  orchestrator: string,
  { name, count }: Population,
  first: number,
  elasticities: Elasticities,
) {
  const { arrays, draw, graph, metrics, options } = scene;
  const weightOf = () => (options.temper === "hostile" ? draw.oneOf([1e-9, 1e-3, 1]) : draw.between(0.2, 1));
  const wanted = options.shared ? [...metrics, COMPUTE] : metrics;
  const perMember = (key: string, value: (layer: number) => number) => {
    const array = `${orchestrator}.${name}.${key}`;
    const values = arrays.add(array, [count]);
    for (let member = 0; member < count; member++) values[member] = value(graph.layer[first + member]);
    return { array, at: [] };
  };
  return {
    metrics: Object.fromEntries(wanted.map((metric) => [metric, perMember(metric, weightOf)])),
    metric_elasticity: perMember("metric_elasticity", (layer) => elasticities.at("metric", layer)),
    own_weight: perMember("own_weight", () => draw.between(0.3, 0.7)),
    chain_elasticity: perMember("chain_elasticity", (layer) => elasticities.at("chain", layer)),
    routing_elasticity: perMember("routing_elasticity", (layer) => elasticities.at("routing", layer)),
  };
}
