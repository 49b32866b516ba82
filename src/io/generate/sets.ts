import type { Arrays, Template } from "./document.js";
import { type Curves, type Draw, rounded } from "./draw.js";
import type { SetKind } from "./options.js";

/** The shared capacity. */
export const COMPUTE = "compute";

/** What the sets of one population are made with. */
export interface Workshop {
  readonly draw: Draw;
  readonly curves: Curves;
  readonly arrays: Arrays;
  readonly nodes: number;
  readonly metrics: readonly string[];
  /** Agents whose sets can use the shared capacity do; a factory always does. */
  readonly uses: boolean;
  /** By how much quantities are multiplied: one of these. */
  readonly scales: readonly number[];
}

/** A population's production, and what its members surely make of each metric. */
export interface Sets {
  readonly production: Template;
  /** Shape [count, metrics]. */
  readonly least: Float64Array;
}

/** Sets by kind; all of them supply something of every metric whatever the prices, and can spare some of the capacity. */
export const SETS: Readonly<Record<SetKind, (count: number, workshop: Workshop) => Sets>> = {
  ellipsoid,
  modes,
  hull,
  frontier: (count, workshop) => frontier("frontier", count, workshop),
  factory,
};

/** Levels that wave; constant radii up to half of the least level. */
function ellipsoid(count: number, workshop: Workshop): Sets {
  const { arrays, draw, metrics, uses } = workshop;
  const { least } = levels("ellipsoid.center", count, workshop);
  const radius = arrays.add("ellipsoid.radius", [count, metrics.length, 1]);
  radius.forEach((_, i) => {
    radius[i] = rounded(least[i] * draw.between(0.2, 0.5));
  });
  const use = uses ? drawUse(count, workshop) : new Float64Array(count);
  const production = {
    set: "ellipsoid",
    center: { ...own("ellipsoid.center", metrics), ...taking("ellipsoid.use", use, 1, workshop) },
    radius: { ...own("ellipsoid.radius", metrics), ...taking("ellipsoid.sparing", use, -0.3, workshop) },
  };
  return { production, least };
}

const MODES = 2;
const MODES_SMOOTHING = 0.1;

/** Levels that wave, and modes up to a quarter of the least level; more of the first mode takes more capacity. */
function modes(count: number, workshop: Workshop): Sets {
  const { arrays, curves, metrics, nodes, uses } = workshop;
  const { least } = levels("modes.center", count, workshop);
  const shape = [count, MODES, metrics.length, nodes];
  const values = arrays.add("modes.modes", shape);
  for (let row = 0; row < count * MODES * metrics.length; row++) {
    const member = Math.floor(row / (MODES * metrics.length));
    const bound = 0.25 * least[member * metrics.length + (row % metrics.length)];
    curves.fill(values.subarray(row * nodes, (row + 1) * nodes), -bound, bound);
  }
  const use = uses ? drawUse(count, workshop) : new Float64Array(count);
  const mode = (j: number) => ({
    ...own("modes.modes", metrics, [j]),
    ...(j === 0 ? taking("modes.more", use, 0.3, workshop) : {}),
  });
  const production = {
    set: "ellipsoid",
    center: { ...own("modes.center", metrics), ...taking("modes.use", use, 1, workshop) },
    modes: Array.from({ length: MODES }, (_, j) => mode(j)),
    smoothing: MODES_SMOOTHING,
  };
  const surely = 1 - 0.25 * MODES - MODES_SMOOTHING;
  return { production, least: least.map((level) => rounded(surely * level)) };
}

/** What a hull's trajectories are to their mean: the more is made, the more capacity is taken. */
const EFFORTS = [0.7, 1, 1.3];
const HULL_SMOOTHING = 0.1;

/** Trajectories of little, ordinary and much effort, each with waves of its own. */
function hull(count: number, workshop: Workshop): Sets {
  const { arrays, curves, draw, metrics, nodes, scales, uses } = workshop;
  const J = EFFORTS.length;
  const values = arrays.add("hull.trajectories", [count, J, metrics.length, nodes]);
  const least = new Float64Array(count * metrics.length).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < count * metrics.length; i++) {
    const [member, metric] = [Math.floor(i / metrics.length), i % metrics.length];
    const level = draw.between(0.7, 1.5) * draw.oneOf(scales);
    EFFORTS.forEach((effort, j) => {
      const from = ((member * J + j) * metrics.length + metric) * nodes;
      const row = values.subarray(from, from + nodes);
      curves.fill(row, 0.8 * effort * level, 1.2 * effort * level);
      least[i] = Math.min(least[i], minimum(row));
    });
  }
  const use = uses ? drawUse(count, workshop) : new Float64Array(count);
  const production = {
    set: "hull",
    trajectories: EFFORTS.map((effort, j) => ({
      ...own("hull.trajectories", metrics, [j]),
      ...taking(`hull.use${j}`, use, effort, workshop),
    })),
    smoothing: HULL_SMOOTHING,
  };
  // The smoothing disposes of at most ε·log J of the mean trajectory, of which `least` is about 0.6.
  return { production, least: least.map((x) => rounded(0.7 * x)) };
}

/** A capacity that waves, split along a CET frontier. */
function frontier(name: string, count: number, workshop: Workshop): Sets {
  const { arrays, curves, draw, metrics, nodes, scales } = workshop;
  const outputs = arrays.add(`${name}.outputs`, [count, metrics.length]);
  const transformation = arrays.add(`${name}.transformation`, [count]);
  const scale = arrays.add(`${name}.scale`, [count, nodes]);
  for (let i = 0; i < outputs.length; i++) outputs[i] = draw.between(0.4, 1);
  for (let member = 0; member < count; member++) {
    transformation[member] = draw.between(0.2, 1.5);
    const level = draw.between(0.7, 1.5) * draw.oneOf(scales);
    curves.fill(scale.subarray(member * nodes, (member + 1) * nodes), 0.7 * level, 1.3 * level);
  }
  const production = {
    set: "frontier",
    outputs: own(`${name}.outputs`, metrics),
    transformation: { array: `${name}.transformation`, at: [] },
    scale: { array: `${name}.scale`, at: [] },
  };
  return { production, least: new Float64Array(count * metrics.length) };
}

/** A frontier whose activity takes the shared capacity. */
function factory(count: number, workshop: Workshop): Sets {
  const { production, least } = frontier("factory", count, workshop);
  const { arrays, draw } = workshop;
  const use = drawUse(count, workshop);
  const inputs = arrays.add("factory.inputs", [count]);
  inputs.set(use);
  const returns = arrays.add("factory.returns", [count]);
  for (let member = 0; member < count; member++) returns[member] = draw.between(0.3, 0.7);
  const input = {
    inputs: { [COMPUTE]: { array: "factory.inputs", at: [] } },
    substitution: 0,
    returns: { array: "factory.returns", at: [] },
  };
  return { production: { ...(production as object), ...input }, least };
}

/** An array of levels that wave within a factor of two or so, and the least of each, shape [count, metrics]. */
function levels(name: string, count: number, workshop: Workshop): { least: Float64Array } {
  const { arrays, curves, draw, metrics, nodes, scales } = workshop;
  const values = arrays.add(name, [count, metrics.length, nodes]);
  const least = new Float64Array(count * metrics.length);
  least.forEach((_, i) => {
    const row = values.subarray(i * nodes, (i + 1) * nodes);
    const level = draw.between(0.7, 1.5) * draw.oneOf(scales);
    curves.fill(row, 0.7 * level, 1.3 * level);
    least[i] = minimum(row);
  });
  return { least };
}

function minimum(values: Float64Array): number {
  return values.reduce((least, x) => Math.min(least, x), Number.POSITIVE_INFINITY);
}

/** A quarter of an agent's part of the capacity (orchestrators.ts), more or less. */
function drawUse(count: number, { draw }: Workshop): Float64Array {
  return Float64Array.from({ length: count }, () => draw.between(0.1, 0.4));
}

/** References to an array whose axis after `before` is the metric. */
function own(array: string, metrics: readonly string[], before: readonly number[] = []) {
  return Object.fromEntries(metrics.map((metric, r) => [metric, { array, at: [...before, r] }]));
}

/** The shared capacity among a set's metrics: −part·use, constant in time; nothing where the population uses none. */
function taking(name: string, use: Float64Array, part: number, { arrays, uses }: Workshop) {
  if (!uses) return {};
  const values = arrays.add(name, [use.length, 1]);
  values.set(use.map((u) => rounded(-part * u)));
  return { [COMPUTE]: { array: name, at: [] } };
}
