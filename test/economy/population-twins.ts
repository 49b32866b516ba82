import { uniformSource } from "../../src/core/rng.js";
import type { EconomyDefinition } from "../../src/economy/build.js";
import type { NpyArray } from "../../src/io/npz/archive.js";
import type { Json } from "./samples.js";

/** The same economy twice: as populations with arrays, and with every agent written out (`worker-3` for `worker[3]`). */
export interface Twins {
  readonly file: Json;
  readonly arrays: Record<string, NpyArray>;
  readonly plain: EconomyDefinition;
}

const FAMILIES = ["ellipsoid", "modes", "hull", "frontier"] as const;

/**
 * An agent `planner` that starts, populations of random families and sizes in layers, a shared capacity; everything that may
 * be an array is one. Layer k delegates to layer k + 1: every member to some, every one of whom is reached.
 */
export function twins(seed: number, nodes = 3): Twins {
  const uniform = uniformSource(seed);
  const draw = (low: number, high: number) => low + (high - low) * uniform();
  const whole = (low: number, high: number) => Math.floor(draw(low, high + 1));
  const arrays: Record<string, NpyArray> = {};
  /** Adds an array; returns its values by index. */
  const add = (name: string, shape: readonly number[], low: number, high: number) => {
    const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => draw(low, high));
    arrays[name] = { data, shape };
    return (...at: number[]) => {
      const length = shape.slice(at.length).reduce((a, b) => a * b, 1);
      const begin = at.reduce((place, i, axis) => place * shape[axis] + i, 0) * length;
      return length === 1 ? data[begin] : Array.from(data.subarray(begin, begin + length));
    };
  };
  const ref = (array: string, ...at: number[]) => ({ array, at });

  const planner = { set: "ellipsoid", center: { quality: 1.5, gpu: -0.5 }, radius: { quality: 0.2 } };
  const [populations, agents]: [Json, Json] = [{}, { planner: { production: planner } }];
  const layers: { name: string; count: number; metrics: string[] }[] = [];
  for (let layer = 0; layer < whole(1, 3); layer++) {
    const [name, count] = [`crew ${layer}`, whole(1, 4)];
    const family = FAMILIES[whole(0, 3)];
    const last = draw(0, 1) < 0.3 ? 1 : nodes;
    const center = add(`center${layer}`, [count, 2, last], 0.5, 1.5);
    const spread = add(`spread${layer}`, [count, 3, nodes], 0.1, 0.3);
    const number = add(`number${layer}`, [count, 2], 0.2, 0.8);
    /** What a production says of member k, or of all of them. */
    const production = (
      series: (array: "center" | "spread", r: number) => Json,
      scalar: (i: number) => Json,
    ) => {
      const bundle = { quality: series("center", 0), speed: series("center", 1) };
      const modes = [
        { quality: series("spread", 0) },
        { speed: series("spread", 1), gpu: series("spread", 2) },
      ];
      if (family === "ellipsoid")
        return { set: family, center: bundle, radius: { speed: series("spread", 0) } };
      if (family === "modes") return { set: "ellipsoid", center: bundle, modes, smoothing: scalar(0) };
      if (family === "hull") {
        const trajectories = [bundle, { quality: series("spread", 1), speed: series("spread", 2) }];
        return {
          set: "hull",
          smoothing: scalar(1),
          trajectories,
          reference: { quality: 1, speed: series("center", 0) },
        };
      }
      const outputs = { quality: scalar(0), speed: 1 };
      return {
        set: "frontier",
        outputs,
        transformation: 1,
        inputs: { gpu: 1 },
        returns: scalar(1),
        scale: series("center", 1),
      };
    };
    const prefix = { center: `center${layer}`, spread: `spread${layer}` };
    populations[name] = {
      count,
      production: production(
        (array, r) => ref(prefix[array], r),
        (i) => ref(`number${layer}`, i),
      ),
    };
    for (let k = 0; k < count; k++) {
      const series = (array: "center" | "spread", r: number) =>
        array === "center" ? center(k, r) : spread(k, r);
      agents[`${name}-${k}`] = { production: production(series, (i) => number(k, i)) };
    }
    layers.push({ name, count, metrics: ["quality", "speed"] });
  }

  // Agents by number: the planner, then all members.
  const names = [
    "planner",
    ...layers.flatMap(({ name, count }) => Array.from({ length: count }, (_, k) => `${name}-${k}`)),
  ];
  const edges: [number, number, number][] = [];
  let first = 1;
  let before = [0];
  for (const { count } of layers) {
    const own = Array.from({ length: count }, (_, k) => first + k);
    for (const to of own) edges.push([before[whole(0, before.length - 1)], to, draw(0.2, 1)]);
    for (const from of before) {
      const to = own[whole(0, count - 1)];
      if (!edges.some(([a, b]) => a === from && b === to)) edges.push([from, to, draw(0, 1)]);
    }
    first += count;
    before = own;
  }
  edges.sort(() => draw(-1, 1));
  arrays.from = { data: Int32Array.from(edges, ([from]) => from), shape: [edges.length] };
  arrays.to = { data: Int32Array.from(edges, ([, to]) => to), shape: [edges.length] };
  arrays.weight = { data: Float64Array.from(edges, ([, , weight]) => weight), shape: [edges.length] };
  arrays.entry = { data: Int32Array.of(0), shape: [1] };
  arrays["entry weights"] = { data: Float64Array.of(1), shape: [1] };

  const step = { metrics: { quality: 1 }, own_weight: 0.4, chain_elasticity: 0.7, routing_elasticity: 2.5 };
  const [steps, plainSteps]: [Json, Json] = [{ planner: step }, { planner: { ...step, next: nextOf(0) } }];
  layers.forEach(({ name, count }, layer) => {
    const sigma = add(`sigma${layer}`, [count], 0.5, 2);
    const own = add(`own${layer}`, [count, 2], 0, 1);
    const like = { routing_elasticity: 1.5 };
    steps[name] = {
      ...like,
      metrics: { quality: 1, speed: ref(`own${layer}`, 1) },
      metric_elasticity: ref(`sigma${layer}`),
      own_weight: ref(`own${layer}`, 0),
    };
    const begin = names.indexOf(`${name}-0`);
    for (let k = 0; k < count; k++) {
      plainSteps[names[begin + k]] = {
        ...like,
        metrics: { quality: 1, speed: own(k, 1) },
        metric_elasticity: sigma(k),
        own_weight: own(k, 0),
        next: nextOf(begin + k),
      };
    }
  });
  function nextOf(agent: number): Json {
    return Object.fromEntries(
      edges.filter(([from]) => from === agent).map(([, to, weight]) => [names[to], weight]),
    );
  }

  const gpu = add("gpu", [2, nodes], 5, 9);
  const demand = add("demand", [nodes], 0.5, 2);
  const member = layers[0].name;
  const common = { intertemporal_elasticity: 0.8, shares: { planner: 0.5 } as Json };
  const other = {
    shares: { planner: 0.5 } as Json,
    preferences: { root: "u", nodes: { u: { inputs: { "planner/quality": 1, gpu: 1 } } } },
  };
  const orchestrators = (own: boolean) => ({
    one: {
      ...common,
      shares: { planner: 0.5, ...sharesOf(own, 0.25) },
      endowment: { gpu: own ? ref("gpu", 0) : gpu(0) },
      floors: { [own ? `${member}[0]/quality` : `${member}-0/quality`]: 0.01 },
      discount: own ? ref("demand") : demand(),
      preferences: {
        dag: own
          ? {
              entry: { agents: ref("entry"), weights: ref("entry weights") },
              edges: { from: ref("from"), to: ref("to"), weight: ref("weight") },
              steps,
            }
          : { entry: { planner: 1 }, steps: plainSteps },
      },
    },
    two: {
      ...other,
      shares: { planner: 0.5, ...sharesOf(own, 0.75) },
      endowment: { gpu: own ? ref("gpu", 1) : gpu(1) },
    },
  });
  function sharesOf(own: boolean, share: number): Json {
    const all = own ? layers.map(({ name }) => name) : names.slice(1);
    return Object.fromEntries(all.map((name) => [name, share]));
  }
  const shared = { format: "walras/1", name: "twins", time: { horizon: 6, nodes }, commodities: { gpu: {} } };
  const file = {
    ...shared,
    agents: { planner: { production: planner } },
    populations,
    orchestrators: orchestrators(true),
  };
  const text = JSON.stringify(file);
  return {
    file,
    // An array that nothing refers to is refused.
    arrays: Object.fromEntries(Object.entries(arrays).filter(([name]) => text.includes(`"array":"${name}"`))),
    plain: { ...shared, agents, orchestrators: orchestrators(false) } as unknown as EconomyDefinition,
  };
}
