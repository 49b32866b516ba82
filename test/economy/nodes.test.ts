import { expect, test } from "vitest";
import { defineEconomy } from "../../src/economy/build.js";

function graph(root: string, nodes: Record<string, { elasticity?: number; inputs: Record<string, number> }>) {
  return defineEconomy({
    commodities: { a: {}, b: {}, c: {} },
    orchestrators: { main: { endowment: { a: 1, b: 1, c: 1 }, preferences: { root, nodes } } },
  }).orchestrators[0].preferences;
}

test("weights stay as given, but at elasticity exactly 1, where they sum to 1", () => {
  const { leaves, nodes, routing } = graph("u", {
    u: { elasticity: 0, inputs: { a: 10, v: 20 } },
    v: { elasticity: 1, inputs: { b: 3, c: 1, w: 0 } },
    w: { elasticity: 1, inputs: { a: 1 } },
  });
  expect([...leaves]).toEqual([0, 1, 2]);
  expect(nodes.map(({ name, children, weights }) => [name, [...children], [...weights]])).toEqual([
    ["v", [1, 2], [0.75, 0.25]],
    ["u", [0, 3], [10, 20]],
  ]);
  expect(routing).toEqual([]);
});

test("a node may stand anywhere in the file, and a commodity or node under several parents is one child", () => {
  const { leaves, nodes } = graph("top", {
    top: { inputs: { left: 1, right: 1 } },
    left: { inputs: { a: 1, shared: 1 } },
    right: { inputs: { a: 1, shared: 1 } },
    shared: { inputs: { b: 1, a: 1 } },
  });
  expect([...leaves]).toEqual([0, 1]);
  const named = new Map(nodes.map(({ name, children }) => [name, [...children]]));
  const shared = 2 + nodes.findIndex(({ name }) => name === "shared");
  expect(named.get("left")).toEqual([0, shared]);
  expect(named.get("right")).toEqual([0, shared]);
  expect(nodes.at(-1)?.name).toBe("top");
});

test("weights of any size are normalised without overflow", () => {
  const { nodes } = graph("u", { u: { inputs: { a: 1e308, b: 1e308, c: 0 } } });
  expect([...nodes[0].weights]).toEqual([0.5, 0.5]);
  expect([...graph("u", { u: { inputs: { a: 1e-310, b: 3e-310 } } }).nodes[0].weights][1]).toBeCloseTo(
    0.75,
    10,
  );
});
