import { uniformSource } from "../../src/core/rng.js";
import type { EconomyDefinition } from "../../src/economy/build.js";

/** From low to high. */
export type Draw = (low: number, high: number) => number;
type Series = (t: number) => number;
export type SetSpec = NonNullable<EconomyDefinition["agents"]>[string]["production"];

/** Hours of a day; an economy of one node is static. */
const HORIZON = 24;
export const METRICS = ["x", "y"] as const;

export interface PipelineOptions {
  readonly nodes: number;
  readonly seed: number;
  /** Agents of one layer delegate to those of the next; default 3 layers of 2. */
  readonly layers?: number;
  readonly width?: number;
  /** Agents of the next layer that each delegates to; default all. */
  readonly fanOut?: number;
  /** By depth: 0 over time and between the agents of entry, 1 in the first layer, and so on. */
  readonly elasticity: (depth: number) => number;
  readonly set: (draw: Draw, agent: number) => SetSpec;
  /** Floors on every first metric, as a part of what every agent of `ellipsoid` surely makes; default none. */
  readonly floors?: number;
  /** Orchestrators, each with weights of its own and an equal part of a share `common` of every agent; the rest of agent a is its a-th's. */
  readonly orchestrators?: number;
  readonly common?: number;
  /** Of a shared capacity, which all steps want a little of; default none. */
  readonly capacity?: number;
}

/** A pipeline of agents in layers over a day, each with two metrics of its own; the same options give the same economy. */
export function pipeline(options: PipelineOptions): EconomyDefinition {
  const { nodes, seed, layers = 3, width = 2, orchestrators = 1, capacity } = options;
  const draw = drawer(seed);
  const names = Array.from({ length: layers * width }, (_, a) => `a${a}`);
  return {
    time: nodes === 1 ? {} : { horizon: HORIZON, unit: "h", nodes },
    commodities: capacity === undefined ? {} : { gpu: {} },
    agents: Object.fromEntries(names.map((name, a) => [name, { production: options.set(draw, a) }])),
    orchestrators: Object.fromEntries(
      Array.from({ length: orchestrators }, (_, i) => [
        `o${i}`,
        {
          shares: Object.fromEntries(names.map((name, a) => [name, shareOf(i, a, options)])),
          ...(capacity === undefined
            ? {}
            : { endowment: { gpu: wave(draw, capacity / orchestrators, 0.3) } }),
          floors: floorsOf(names, options),
          discount: wave(draw, 1, 0.6),
          intertemporal_elasticity: options.elasticity(0),
          preferences: { dag: dagOf(names, draw, options) },
        },
      ]),
    ),
  };
}

function dagOf(names: readonly string[], draw: Draw, options: PipelineOptions) {
  const { width = 2, fanOut = width, elasticity, capacity } = options;
  const weights = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, draw(0.2, 1)]));
  const wanted = capacity === undefined ? METRICS : [...METRICS, "gpu"];
  const steps = names.map((name, a) => {
    const layer = Math.floor(a / width);
    const sigma = elasticity(layer + 1);
    const below = names.slice((layer + 1) * width, (layer + 2) * width);
    const next = below.filter((_, b) => (b - (a % width) + width) % width < fanOut);
    const step = {
      metrics: weights(wanted),
      metric_elasticity: sigma,
      own_weight: draw(0.3, 0.7),
      chain_elasticity: sigma,
      routing_elasticity: sigma,
      ...(next.length > 0 ? { next: weights(next) } : {}),
    };
    return [name, step];
  });
  const entry = { entry: weights(names.slice(0, width)), entry_elasticity: elasticity(0) };
  return { ...entry, steps: Object.fromEntries(steps) };
}

function shareOf(i: number, a: number, { orchestrators = 1, common = 1 }: PipelineOptions): number {
  return common / orchestrators + (a % orchestrators === i ? 1 - common : 0);
}

function floorsOf(names: readonly string[], { floors = 0, orchestrators = 1 }: PipelineOptions) {
  if (floors === 0) return {};
  const each = (floors * LEAST_CENTER) / orchestrators;
  return Object.fromEntries(names.map((name) => [`${name}/${METRICS[0]}`, each]));
}

/** Centers of `ellipsoid` with part 1 are nowhere below it. */
const LEAST_CENTER = 0.5 * (1 - 0.4);

/** Levels 0.5 to 1.5 that wave: a part of them as a center, supplied at any prices, the rest as a radius, which follows prices. */
export function ellipsoid(draw: Draw, centerPart: number): SetSpec {
  const level = { x: draw(0.5, 1.5), y: draw(0.5, 1.5) };
  const series = (part: number): Record<string, Series> =>
    part === 0 ? {} : { x: wave(draw, part * level.x, 0.4), y: wave(draw, part * level.y, 0.4) };
  const [center, radius] = [series(centerPart), series(1 - centerPart)];
  return {
    set: "ellipsoid",
    ...(centerPart > 0 ? { center } : {}),
    ...(centerPart < 1 ? { radius } : {}),
  };
}

/** A capacity split along a CET frontier with elasticity of transformation τ, from `uses` of gpu where that is not 0. */
export function frontier(draw: Draw, transformation: number, uses = 0): SetSpec {
  return {
    set: "frontier",
    outputs: { x: draw(0.4, 1), y: draw(0.4, 1) },
    transformation,
    ...(uses > 0 ? { inputs: { gpu: uses }, returns: draw(0.3, 0.7) } : {}),
    scale: wave(draw, draw(0.7, 1.5), 0.4),
  };
}

/** A mixture of three recorded days, of which more of both metrics takes more gpu. */
export function hull(draw: Draw): SetSpec {
  const use = draw(0.1, 0.4);
  const days = [0.6, 1, 1.4].map((effort) => ({
    x: wave(draw, effort, 0.3),
    y: wave(draw, effort, 0.3),
    gpu: -use * effort,
  }));
  return { set: "hull", smoothing: 0.1, trajectories: days };
}

/** Levels and two modes around them. */
export function modes(draw: Draw): SetSpec {
  const mode = () => ({ x: wave(draw, 0.2, 0.9), y: wave(draw, 0.2, 0.9) });
  const center = { x: wave(draw, 1, 0.3), y: wave(draw, 1, 0.3) };
  return { set: "ellipsoid", center, modes: [mode(), mode()], smoothing: 0.1 };
}

/** Fixed supply and one CES node over the goods: κ = |1 − λσ| exactly. */
export function fixedSupply(elasticity: number, goods: number): EconomyDefinition {
  const names = Array.from({ length: goods }, (_, k) => `g${k}`);
  const inputs = Object.fromEntries(names.map((name, k) => [name, 1 / (1 + k)]));
  const endowment = Object.fromEntries(names.map((name, k) => [name, 1 + k]));
  return {
    commodities: Object.fromEntries(names.map((name) => [name, {}])),
    orchestrators: { main: { endowment, preferences: { root: "u", nodes: { u: { elasticity, inputs } } } } },
  };
}

/** How much of each good Scarf's consumers want beside the others, and how much there is of it (Anderson et al., JET 115 (2004) 209). */
const PROPORTIONS = [10, 20, 400];

/** In units of which everything is 1 all prices are equal at an equilibrium, whoever owns what. */
export const SCARF_PRICES = Object.fromEntries(PROPORTIONS.map((quantity, k) => [`g${k}`, 1 / quantity]));

/**
 * Scarf's economy (1960) and its permutations: consumer i wants goods i and i + 1 as complements and owns all of good
 * `owned[i]`.
 */
export function scarf(owned: readonly [number, number, number]): EconomyDefinition {
  const goods = ["g0", "g1", "g2"];
  const people = owned.map((own, i) => {
    const wanted = [i, (i + 1) % 3];
    const inputs = Object.fromEntries(wanted.map((k) => [goods[k], PROPORTIONS[k]]));
    const preferences = { root: "u", nodes: { u: { elasticity: 0, inputs } } };
    return [`c${i}`, { endowment: { [goods[own]]: PROPORTIONS[own] }, preferences }];
  });
  return {
    commodities: Object.fromEntries(goods.map((name) => [name, {}])),
    orchestrators: Object.fromEntries(people),
  };
}

export function drawer(seed: number): Draw {
  const uniform = uniformSource(seed);
  return (low, high) => low + (high - low) * uniform();
}

/** A level that waves once or twice a day by up to a part of itself. */
function wave(draw: Draw, level: number, part: number): Series {
  const [swing, phase, turns] = [draw(0, part), draw(0, 2 * Math.PI), draw(0, 1) < 0.5 ? 1 : 2];
  return (t) => level * (1 + swing * Math.sin((2 * Math.PI * turns * t) / HORIZON + phase));
}
