import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineEconomy } from "../../src/economy/build.js";
import type { NestGraph } from "../../src/economy/economy.js";
import { indexOfGraph, priceOfStep } from "./price-index.js";
import { randomDag } from "./random-dag.js";

/** Three agents: a works and delegates to b and c, b only works, c only passes on to b. */
function economy() {
  const production = (...metrics: string[]) => ({
    production: {
      set: "ellipsoid" as const,
      radius: Object.fromEntries(metrics.map((metric) => [metric, 1])),
    },
  });
  return defineEconomy({
    name: "hand",
    commodities: { gpu: {} },
    agents: { a: production("x", "y"), b: production("x") },
    orchestrators: {
      main: {
        endowment: { gpu: 1 },
        preferences: {
          dag: {
            entry: { a: 3, b: 1 },
            entry_elasticity: 2,
            steps: {
              a: {
                metrics: { x: 1, y: 3 },
                metric_elasticity: 0.5,
                own_weight: 0.2,
                chain_elasticity: 0.7,
                next: { b: 1, c: 1, d: 0 },
                routing_elasticity: 3,
              },
              b: { metrics: { x: 2, gpu: 2 }, metric_elasticity: 0 },
              c: { next: { b: 5 } },
              d: { metrics: { gpu: 1 } },
            },
          },
        },
      },
    },
  });
}

describe("a DAG compiled by hand (model.md section 3)", () => {
  const { commodities, orchestrators } = economy();
  const graph: NestGraph = orchestrators[0].preferences;
  const child = (index: number) =>
    index < graph.leaves.length
      ? commodities[graph.leaves[index]].name
      : graph.nodes[index - graph.leaves.length].name;
  const seen = graph.nodes.map(({ name, elasticity, children, weights }) => [
    name,
    elasticity,
    Object.fromEntries(Array.from(children, (index, c) => [child(index), weights[c]])),
  ]);

  test("its nodes are the model's e, D and Φ, weights normalised, what has weight 0 left out", () => {
    expect(new Map(seen.map((node) => [node[0], node.slice(1)]))).toEqual(
      new Map<unknown, unknown>([
        ["b (work)", [0, { "b/x": 0.5, gpu: 0.5 }]],
        ["c (delegation)", [1, { "b (work)": 1 }]],
        ["a (work)", [0.5, { "a/x": 0.25, "a/y": 0.75 }]],
        ["a (delegation)", [3, { "b (work)": 0.5, "c (delegation)": 0.5 }]],
        ["a", [0.7, { "a (work)": 0.2, "a (delegation)": 0.8 }]],
        ["entry", [2, { a: 0.75, "b (work)": 0.25 }]],
      ]),
    );
    expect(graph.nodes.at(-1)?.name).toBe("entry");
  });

  test("every declared edge is an edge of the routing policy, null where no flow goes", () => {
    const edges = graph.routing.map(({ from, to, node, child: position }) => {
      if (node === null) return [from, to, null];
      return [from, to, graph.nodes[node].name, child(graph.nodes[node].children[position])];
    });
    expect(edges).toEqual([
      ["entry", "a", "entry", "a"],
      ["entry", "b", "entry", "b (work)"],
      ["a", "b", "a (delegation)", "b (work)"],
      ["a", "c", "a (delegation)", "c (delegation)"],
      ["a", "d", null],
      ["c", "b", "c (delegation)", "b (work)"],
    ]);
  });
});

test("own_weight 1 leaves only the work, 0 only what is delegated, and no flow goes where none can", () => {
  const compiled = (own_weight: number) => {
    const { preferences } = defineEconomy({
      commodities: { gpu: {}, cpu: {} },
      orchestrators: {
        main: {
          endowment: { gpu: 1, cpu: 1 },
          preferences: {
            dag: {
              entry: { a: 1 },
              steps: { a: { metrics: { gpu: 1 }, own_weight, next: { b: 1 } }, b: { metrics: { cpu: 1 } } },
            },
          },
        },
      },
    }).orchestrators[0];
    const { leaves, nodes, routing } = preferences;
    return [[...leaves], nodes.map(({ name }) => name), routing.map(({ to, node }) => [to, node])];
  };
  expect(compiled(1)).toEqual([
    [0],
    ["a (work)", "entry"],
    [
      ["a", 1],
      ["b", null],
    ],
  ]);
  expect(compiled(0)).toEqual([
    [1],
    ["b (work)", "a (delegation)", "entry"],
    [
      ["a", 2],
      ["b", 1],
    ],
  ]);
});

describe("random DAGs", () => {
  test("compile to graphs in order, reached from the root, with positive weights that sum to 1", () => {
    fc.assert(
      fc.property(randomDag(), ({ definition }) => {
        const { nodes, leaves } = defineEconomy(definition).orchestrators[0].preferences;
        const used = new Set<number>();
        nodes.forEach(({ children, weights }, node) => {
          expect(new Set(children).size).toBe(children.length);
          expect(weights.every((weight) => weight > 0)).toBe(true);
          expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
          for (const c of children) {
            expect(c).toBeLessThan(leaves.length + node);
            used.add(c);
          }
        });
        expect(nodes.at(-1)?.name).toBe("entry");
        expect(used.size).toBe(leaves.length + nodes.length - 1);
        expect(new Set(leaves).size).toBe(leaves.length);
      }),
    );
  });

  test("have the price index that the model defines by recursion", () => {
    fc.assert(
      fc.property(
        randomDag(),
        fc.infiniteStream(fc.double({ min: 0.1, max: 10, noNaN: true })),
        (dag, draws) => {
          const built = defineEconomy(dag.definition);
          const prices = built.commodities.map(() => draws.next().value as number);
          const priceOf = (name: string) => prices[built.commodities.findIndex((one) => one.name === name)];
          const defined = priceOfStep(dag.dag, "entry", priceOf);
          const compiled = indexOfGraph(built.orchestrators[0].preferences, prices);
          expect(Math.abs(Math.log(compiled / defined))).toBeLessThan(1e-10);
        },
      ),
    );
  });

  test("keep every declared edge in the routing policy, pointing at the step it names", () => {
    fc.assert(
      fc.property(randomDag(), ({ definition, dag }) => {
        const { routing, nodes, leaves } = defineEconomy(definition).orchestrators[0].preferences;
        const declared = Object.values(dag.steps).reduce(
          (sum, { next = {} }) => sum + Object.keys(next).length,
          0,
        );
        expect(routing.length).toBe(declared + Object.keys(dag.entry).length);
        for (const { from, to, node, child } of routing) {
          if (node === null) continue;
          expect(nodes[node].name).toBe(from === "entry" ? "entry" : `${from} (delegation)`);
          const target = nodes[nodes[node].children[child] - leaves.length].name;
          expect([to, `${to} (work)`, `${to} (delegation)`]).toContain(target);
        }
      }),
    );
  });
});

test("a chain of ten thousand steps compiles, and one that closes is refused, without overflowing the stack", () => {
  const name = (k: number) => `s${k}`;
  const length = 10_000;
  const chain = (last: object) =>
    Object.fromEntries(
      Array.from({ length }, (_, k) => [
        name(k),
        { metrics: { gpu: 1 }, ...(k + 1 < length ? { next: { [name(k + 1)]: 1 } } : last) },
      ]),
    );
  const define = (last: object) =>
    defineEconomy({
      commodities: { gpu: {} },
      orchestrators: {
        main: { endowment: { gpu: 1 }, preferences: { dag: { entry: { s0: 1 }, steps: chain(last) } } },
      },
    });
  expect(define({}).orchestrators[0].preferences.nodes).toHaveLength(3 * length - 1);
  expect(() => define({ next: { s5: 1 } })).toThrow(
    /a cycle: s5 → s6 → .* → … 9986 more … → .* → s9999 → s5,/,
  );
});
