import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineEconomy } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import { Problems } from "../../src/economy/problems.js";
import { floats, ints, npzEconomy, problemsOf, ref } from "../support/npz.js";
import { twins } from "./population-twins.js";
import type { Json } from "./samples.js";

/** All of an economy that can be compared, `worker[3]` being called `worker-3`. */
function factsOf({ agents, commodities, orchestrators, grid }: Economy): unknown {
  const facts = {
    grid: { ...grid },
    commodities,
    agents: agents.map(({ name, metrics, commodities: own, set }) => {
      const p = Float64Array.from({ length: own.length * grid.nodes }, (_, k) => 1 + 0.3 * Math.sin(7 * k));
      const supply = new Float64Array(p.length);
      set.supply(p, supply);
      return { name, metrics, own, profit: set.profit(p), supply, bounds: set.bounds() };
    }),
    orchestrators: orchestrators.map((one) => ({
      ...one,
      endowment: [...one.endowment],
      floors: [...one.floors],
    })),
  };
  const plain = (_: string, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  return JSON.parse(JSON.stringify(facts, plain).replace(/\[(\d+)\](?=["/ ])/gu, "-$1"));
}

describe("populations with arrays are the economy with every agent written out", () => {
  test("on its own grid and on others, in every part", () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e6 }), fc.constantFrom(1, 3, 4), (seed, nodes) => {
        const { file, arrays, plain } = twins(seed, nodes);
        const [own, other] = [npzEconomy(file, arrays), defineEconomy(plain)];
        expect(factsOf(own)).toEqual(factsOf(other));
        expect(factsOf(own.onGrid({ nodes: 6 }))).toEqual(factsOf(other.onGrid({ nodes: 6 })));
      }),
      { numRuns: 60 },
    );
  });
});

const WORKERS = 5;
const NODES = 4;

/** Five workers behind a planner: a valid economy, to be broken in one place. */
function crew(): { file: Json; arrays: Json } {
  const series = (name: string, r: number) => ref(name, r);
  return {
    file: {
      format: "walras/1",
      name: "crew",
      time: { horizon: 2, nodes: NODES },
      commodities: { gpu: {} },
      agents: { planner: { production: { set: "ellipsoid", center: { quality: ref("own") } } } },
      populations: {
        worker: {
          count: WORKERS,
          production: {
            set: "ellipsoid",
            center: { quality: series("center", 0), gpu: series("center", 1) },
            radius: { quality: series("radius", 0) },
          },
        },
      },
      orchestrators: {
        main: {
          endowment: { gpu: ref("gpu") },
          preferences: {
            dag: {
              entry: { agents: ref("entry"), weights: ref("entry_weights") },
              edges: { from: ref("from"), to: ref("to"), weight: ref("weight") },
              steps: {
                planner: { metrics: { quality: 1 } },
                worker: { metrics: { quality: 1 }, metric_elasticity: ref("sigma") },
              },
            },
          },
        },
      },
    },
    arrays: {
      own: floats([NODES], (k) => 1 + k),
      center: floats([WORKERS, 2, NODES], (k) => (Math.floor(k / NODES) % 2 === 0 ? 1 + k / 100 : -1)),
      radius: floats([WORKERS, 1, 1], () => 0.2),
      gpu: floats([1], () => 20),
      sigma: floats([WORKERS], (k) => k / 2),
      entry: ints(0, 1),
      entry_weights: floats([2], () => 1),
      from: ints(0, 0, 1, 2),
      to: ints(2, 3, 4, 5),
      weight: floats([4], (k) => k + 1),
    },
  };
}

test("agents are numbered in file order, agents first; names, metrics and commodities follow", () => {
  const { file, arrays } = crew();
  const { agents, commodities, orchestrators, warnings } = npzEconomy(file, arrays);
  expect(agents.map(({ name }) => name)).toEqual([
    "planner",
    "worker[0]",
    "worker[1]",
    "worker[2]",
    "worker[3]",
    "worker[4]",
  ]);
  expect(commodities.map(({ name }) => name)).toEqual([
    "gpu",
    "planner/quality",
    ...Array.from({ length: WORKERS }, (_, k) => `worker[${k}]/quality`),
  ]);
  const { nodes, routing } = orchestrators[0].preferences;
  expect(routing.filter(({ from }) => from === "planner").map(({ to }) => to)).toEqual([
    "worker[1]",
    "worker[2]",
  ]);
  expect(nodes.find(({ name }) => name === "worker[3] (work)")?.elasticity).toBe(1.5);
  expect(warnings).toEqual([]);
});

test("a named dag may name members", () => {
  const { file, arrays } = crew();
  for (const name of ["entry", "entry_weights", "from", "to", "weight", "sigma"]) delete arrays[name];
  const member = { metrics: { quality: 1 } };
  file.orchestrators.main.preferences.dag = {
    entry: { "worker[0]": 1 },
    steps: { "worker[0]": { ...member, next: { "worker[4]": 1 } }, "worker[4]": member },
  };
  const { preferences } = npzEconomy(file, arrays).orchestrators[0];
  expect(preferences.routing.map(({ from, to }) => [from, to])).toEqual([
    ["entry", "worker[0]"],
    ["worker[0]", "worker[4]"],
  ]);
  file.orchestrators.main.preferences.dag = { entry: { worker: 1 }, steps: { worker: member } };
  expect(problemsOf(() => npzEconomy(file, arrays))[0].expected).toContain('"worker" is a population');
});

interface Broken {
  readonly label: string;
  readonly change: (economy: { file: Json; arrays: Json }) => void;
  readonly path: string;
  readonly found: readonly string[];
  readonly expected: readonly string[];
  readonly near?: string;
}

const DAG = "orchestrators.main.preferences.dag";
const dag = (file: Json) => file.orchestrators.main.preferences.dag;
const worker = (file: Json) => file.populations.worker.production;
const set = (array: Json, k: number, value: number) => {
  array.data[k] = value;
};

const BROKEN: readonly Broken[] = [
  {
    label: "an unknown array",
    change: ({ file }) => {
      worker(file).center.quality = ref("centre", 0);
    },
    path: "populations.worker.production.center.quality",
    found: ['unknown array "centre"'],
    expected: ["array of the archive"],
    near: "center",
  },
  {
    label: "an array of another number of members",
    change: ({ arrays }) => {
      arrays.center = floats([4, 2, NODES], () => 1);
    },
    path: "populations.worker.production.center.quality",
    found: ['"center" of shape (4, 2, 4)'],
    expected: ["(5, more than 0, 4 or 1)", "members", "nodes"],
  },
  {
    label: "an array of another number of nodes",
    change: ({ arrays }) => {
      arrays.center = floats([WORKERS, 2, 3], () => 1);
    },
    path: "populations.worker.production.center.gpu",
    found: ["shape (5, 2, 3)"],
    expected: ["(5, more than 1, 4 or 1)"],
  },
  {
    label: "an index beyond the array",
    change: ({ file }) => {
      worker(file).center.quality = ref("center", 2);
    },
    path: "populations.worker.production.center.quality",
    found: ["shape (5, 2, 4)"],
    expected: ["more than 2"],
  },
  {
    label: "an index too few",
    change: ({ file }) => {
      worker(file).radius.quality = ref("radius");
    },
    path: "populations.worker.production.radius.quality",
    found: ["shape (5, 1, 1)"],
    expected: ["(5, 4 or 1), that is members, nodes"],
  },
  {
    label: "a negative index",
    change: ({ file }) => {
      worker(file).center.quality = ref("center", -1);
    },
    path: "populations.worker.production.center.quality.at[0]",
    found: ["-1"],
    expected: ["≥ 0"],
  },
  {
    label: "a misspelt key of a reference",
    change: ({ file }) => {
      worker(file).center.quality = { array: "center", att: [0] };
    },
    path: "populations.worker.production.center.quality.att",
    found: ["unknown key"],
    expected: ["array", "at"],
    near: "at",
  },
  {
    label: "text where numbers should be",
    change: ({ arrays }) => {
      arrays.own = { data: ["a", "b", "c", "d"], shape: [NODES] };
    },
    path: "agents.planner.production.center.quality",
    found: ['"own" of text (U1)'],
    expected: ["numbers, such as float64"],
  },
  {
    label: "a number that is not finite, of several members",
    change: ({ arrays }) => {
      for (const k of [5, 21]) set(arrays.center, k, Number.NaN);
    },
    path: "populations.worker.production.center.gpu",
    found: ["NaN at node 1", "(worker[0] and worker[2])"],
    expected: ["finite"],
  },
  {
    label: "a negative radius",
    change: ({ arrays }) => set(arrays.radius, 3, -0.1),
    path: "populations.worker.production.radius.quality",
    found: ["-0.1", "worker[3]"],
    expected: ["≥ 0"],
  },
  {
    label: "a negative elasticity of one member",
    change: ({ arrays }) => set(arrays.sigma, 2, -1),
    path: `${DAG}.steps.worker.metric_elasticity`,
    found: ["-1 (worker[2])"],
    expected: ["≥ 0"],
  },
  {
    label: "elasticities for fewer members",
    change: ({ arrays }) => {
      arrays.sigma = floats([2], () => 1);
    },
    path: `${DAG}.steps.worker.metric_elasticity`,
    found: ["shape (2,)"],
    expected: ["shape (5), that is members"],
  },
  {
    label: "numbers of agents that are no whole numbers",
    change: ({ arrays }) => {
      arrays.from = floats([4], () => 0);
    },
    path: `${DAG}.edges.from`,
    found: ['"from" of float64'],
    expected: ["int32"],
  },
  {
    label: "an edge to no agent",
    change: ({ arrays }) => set(arrays.to, 3, 6),
    path: `${DAG}.edges.to`,
    found: ["6 (position 3)"],
    expected: ["from 0 to 5"],
  },
  {
    label: "an edge from a negative number",
    change: ({ arrays }) => set(arrays.from, 0, -1),
    path: `${DAG}.edges.from`,
    found: ["-1 (position 0)"],
    expected: ["from 0 to 5"],
  },
  {
    label: "edges of an agent without a step",
    change: ({ file }) => delete dag(file).steps.planner,
    path: `${DAG}.edges.from`,
    found: ['0, which is "planner" (position 0 and position 1)'],
    expected: ['one of the "steps"'],
  },
  {
    label: "lists of different lengths",
    change: ({ arrays }) => {
      arrays.to = ints(2, 3, 4);
    },
    path: `${DAG}.edges.to`,
    found: ["3 numbers"],
    expected: ['as many as "from" has, 4'],
  },
  {
    label: "a weight too few",
    change: ({ arrays }) => {
      arrays.weight = floats([3], () => 1);
    },
    path: `${DAG}.edges.weight`,
    found: ["3 weights"],
    expected: ["as many as there are edges, 4"],
  },
  {
    label: "a negative weight",
    change: ({ arrays }) => set(arrays.weight, 1, -2),
    path: `${DAG}.edges.weight`,
    found: ["-2 (position 1)"],
    expected: ["≥ 0"],
  },
  {
    label: "an infinite weight",
    change: ({ arrays }) => set(arrays.entry_weights, 0, Number.POSITIVE_INFINITY),
    path: `${DAG}.entry.weights`,
    found: ["Infinity (position 0)"],
    expected: ["≥ 0"],
  },
  {
    label: "weights of one step all 0",
    change: ({ arrays }) => set(arrays.weight, 2, 0),
    path: `${DAG}.edges.weight`,
    found: ["all 0", "those of worker[0]"],
    expected: ["> 0"],
  },
  {
    label: "no entry",
    change: ({ arrays }) => {
      arrays.entry = ints();
      arrays.entry_weights = floats([0], () => 1);
    },
    path: `${DAG}.entry.weights`,
    found: ["no entry"],
    expected: ["> 0"],
  },
  {
    label: "an edge twice",
    change: ({ arrays }) => set(arrays.to, 1, 2),
    path: `${DAG}.edges`,
    found: ["planner → worker[1] a second time (position 1)"],
    expected: ["every one once"],
  },
  {
    label: "an entry twice",
    change: ({ arrays }) => set(arrays.entry, 1, 0),
    path: `${DAG}.entry.agents`,
    found: ["planner a second time (position 1)"],
    expected: ["every one once"],
  },
  {
    label: "a cycle",
    change: ({ arrays }) => {
      set(arrays.from, 3, 4);
      set(arrays.to, 3, 1);
    },
    path: `${DAG}.edges`,
    found: ["a cycle: worker[0] → worker[3] → worker[0]"],
    expected: ["without cycles"],
  },
  {
    label: "an agent that delegates to itself",
    change: ({ arrays }) => {
      set(arrays.from, 3, 5);
    },
    path: `${DAG}.edges`,
    found: ["a cycle: worker[4] → worker[4]"],
    expected: ["without cycles"],
  },
  {
    label: "members that entry does not reach",
    change: ({ arrays }) => {
      arrays.from = ints(0, 0);
      arrays.to = ints(2, 3);
      arrays.weight = floats([2], () => 1);
    },
    path: `${DAG}.steps.worker`,
    found: ['a step that "entry" does not reach (worker[3] and worker[4])'],
    expected: ["an edge to it"],
  },
  {
    label: "a step of an unknown name",
    change: ({ file }) => {
      dag(file).steps.wroker = {};
    },
    path: `${DAG}.steps.wroker`,
    found: ['unknown name "wroker"'],
    expected: ["an agent or a population"],
    near: "worker",
  },
  {
    label: "a second step of a member",
    change: ({ file }) => {
      dag(file).steps["worker[2]"] = { metrics: { quality: 1 } };
    },
    path: `${DAG}.steps["worker[2]"]`,
    found: ["a second step (worker[2])"],
    expected: ["one step"],
  },
  {
    label: "successors by name beside edges",
    change: ({ file }) => {
      dag(file).steps.planner.next = { worker: 1 };
    },
    path: `${DAG}.steps.planner.next`,
    found: ['"next"'],
    expected: ['"edges"'],
  },
  {
    label: "an entry by name beside edges",
    change: ({ file, arrays }) => {
      dag(file).entry = { planner: 1 };
      delete arrays.entry;
      delete arrays.entry_weights;
    },
    path: `${DAG}.entry`,
    found: ['key "planner"'],
    expected: ['"agents"', '"weights"'],
  },
  {
    label: "lists of entries without edges",
    change: ({ file, arrays }) => {
      delete dag(file).edges;
      for (const name of ["from", "to", "weight"]) delete arrays[name];
      dag(file).steps = { planner: { metrics: { quality: 1 } } };
      delete arrays.sigma;
    },
    path: `${DAG}.entry`,
    found: ["lists"],
    expected: ["edges"],
  },
  {
    label: "an unknown metric of all members",
    change: ({ file }) => {
      dag(file).steps.worker.metrics = { qualty: 1 };
    },
    path: `${DAG}.steps.worker.metrics.qualty`,
    found: ["unknown metric", "(worker[0], worker[1], worker[2] and 2 more)"],
    expected: ["quality"],
    near: "quality",
  },
  {
    label: "members without work or successors",
    change: ({ file, arrays }) => {
      dag(file).steps.worker = {};
      delete arrays.sigma;
    },
    path: `${DAG}.steps.worker`,
    found: ['neither "metrics" nor any of the "edges"', "worker[2]"],
    expected: ["at least one"],
  },
  {
    label: "a population with the name of an agent",
    change: ({ file }) => {
      file.agents = { worker: file.agents.planner };
      dag(file).steps = { worker: dag(file).steps.worker };
    },
    path: "populations.worker",
    found: ["the name of an agent"],
    expected: ["another name"],
  },
  {
    label: "no members",
    change: ({ file }) => {
      file.populations.worker.count = 0;
    },
    path: "populations.worker.count",
    found: ["0"],
    expected: ["≥ 1"],
  },
  {
    label: "more members than any economy has, before arrays are looked at",
    change: ({ file, arrays }) => {
      file.populations.worker.count = 1e12;
      file.populations.worker.production = { set: "ellipsoid", center: { quality: 1 } };
      delete arrays.center;
      delete arrays.radius;
      dag(file).steps.worker = { metrics: { quality: 1 } };
      delete arrays.sigma;
    },
    path: "populations.worker.count",
    found: ["1000000000000"],
    expected: ["at most"],
  },
  {
    label: "an input of all members that nobody supplies",
    change: ({ file, arrays }) => {
      file.orchestrators.main.endowment = {};
      delete arrays.gpu;
    },
    path: "populations.worker.production",
    found: ['"gpu", which nobody can supply at any time (worker[0], worker[1], worker[2] and 2 more)'],
    expected: ["an endowment"],
  },
  {
    label: "a negative endowment",
    change: ({ arrays }) => set(arrays.gpu, 0, -1),
    path: "orchestrators.main.endowment.gpu",
    found: ["-1"],
    expected: ["≥ 0"],
  },
];

describe("refused, with path, found and expected:", () => {
  test("the economy that is broken below is sound", () => {
    const { file, arrays } = crew();
    expect(problemsOf(() => npzEconomy(file, arrays))).toEqual([]);
  });

  test.each(BROKEN)("$label", ({ change, path, found, expected, near }) => {
    const economy = crew();
    change(economy);
    const problems = problemsOf(() => npzEconomy(economy.file, economy.arrays));
    const problem = problems.find((one) => one.path === path);
    expect(problem, `a problem at "${path}" among ${JSON.stringify(problems, null, 1)}`).toBeDefined();
    for (const part of found) expect(problem?.found).toContain(part);
    for (const part of expected) expect(problem?.expected).toContain(part);
    expect(problem?.suggestion).toBe(near);
  });
});

test("members alike are one problem, and all of them count", () => {
  const problems = new Problems();
  for (const member of ["w[0]", "w[0]", "w[1]", "w[2]", "w[3]", "w[4]"]) {
    problems.addAt({ path: ["populations", "w"], member }, "-1", "a number ≥ 0");
  }
  problems.addAt({ path: ["populations", "w"], member: "w[1]" }, "-1", "another number");
  expect(problems.count).toBe(7);
  expect(problems.all().map(({ found }) => found)).toEqual(["-1 (w[0], w[1], w[2] and 2 more)", "-1 (w[1])"]);
});

test("members alike are one warning", () => {
  const { file, arrays } = crew();
  worker(file).modes = [{ quality: 0.1 }];
  worker(file).smoothing = ref("smoothing");
  arrays.smoothing = floats([WORKERS], (k) => (k === 1 || k === 3 ? 0 : 0.1));
  const [warning, ...others] = npzEconomy(file, arrays).warnings;
  expect(warning).toMatchObject({
    path: "populations.worker.production.smoothing",
    found: "0 (worker[1] and worker[3])",
  });
  expect(others).toEqual([]);
});

test("ten thousand agents take no time that grows with their square", () => {
  const seconds = (count: number) => {
    const { file, arrays } = crew();
    file.populations.worker.count = count;
    arrays.center = floats([count, 2, NODES], (k) => (Math.floor(k / NODES) % 2 === 0 ? 1 : -1e-4));
    arrays.radius = floats([count, 1, 1], () => 0.2);
    arrays.sigma = floats([count], () => 1);
    // A chain, the longest way there is: agent k delegates to k + 1.
    arrays.entry = ints(0);
    arrays.entry_weights = floats([1], () => 1);
    arrays.from = ints(...Array.from({ length: count }, (_, k) => k));
    arrays.to = ints(...Array.from({ length: count }, (_, k) => k + 1));
    arrays.weight = floats([count], () => 1);
    const began = performance.now();
    expect(npzEconomy(file, arrays).agents).toHaveLength(count + 1);
    return (performance.now() - began) / 1000;
  };
  seconds(500);
  const [small, large] = [seconds(1000), seconds(10_000)];
  expect(large).toBeLessThan(40 * small + 1);
});
