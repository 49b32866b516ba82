import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { standardEconomy } from "../../bench/peers/standard.js";
import { TIMED } from "../../bench/steps/actions.js";
import { bytesOf, type Call, countBytes, NUMBERS, type Shape, shapeOf } from "../../bench/steps/bytes.js";
import { measureSolve, measureSteps } from "../../bench/steps/measure.js";
import { WasmMarket } from "../../src/backends/wasm/market.js";
import type { Economy } from "../../src/economy/economy.js";

let economy: Economy;
beforeAll(() => {
  economy = standardEconomy({ agents: 12, metrics: 8, nodes: 16, layers: 3, outDegree: 2 });
});

/** The names of kernels that an action calls, and the bytes counted. */
async function watched(market: WasmMarket, action: () => unknown) {
  const called: string[] = [];
  const run = market.threads.run.bind(market.threads);
  market.threads.run = (name, ...rest) => {
    called.push(name);
    run(name, ...rest);
  };
  const count = countBytes(market);
  const before = market.evaluations;
  await action();
  count.stop();
  market.threads.run = run;
  return { called, bytes: count.bytes, evaluations: market.evaluations - before };
}

describe("each timed action", () => {
  for (const { name, prepare } of TIMED) {
    test(`${name} is one evaluation, again and again, and no inner product is made`, async () => {
      const market = new WasmMarket(economy, { threads: 1 });
      const action = await prepare(market);
      for (let k = 0; k < 30; k++) {
        const { called, evaluations } = await watched(market, action);
        expect(evaluations).toBe(1);
        expect(called.filter((kernel) => kernel === "spending_rows")).toEqual([]);
      }
      market.dispose();
    });
  }
});

describe("bytes", () => {
  const shape: Shape = {
    rows: 8,
    nodes: 10,
    agents: 1,
    nests: 1,
    nestEdges: 8,
    graphNodes: 1,
    edges: 8,
    commonRows: 0,
    commonNests: 0,
    width: 8,
  };
  const call = (name: string, items: number, ...args: number[]): Call => ({
    name,
    items,
    args,
    different: (...lists) => lists.reduce((sum, [, length]) => sum + length, 0),
  });

  test("of a lean evaluation: 7 numbers and 4/8 of a nest, 3/8, 6 and 1/8", async () => {
    const market = new WasmMarket(economy, { threads: 1 });
    const [q, f] = [market.create(), market.create()];
    const { bytes } = await watched(market, () => market.residual(q, f));
    // And the row that is farthest from clearing once more.
    const more = bytes / market.hints.size - 8 * (7.5 + 0.375 + 6.125);
    expect(more).toBeGreaterThan(0);
    expect(more).toBeLessThan(1);
    market.dispose();
  });

  test("of a whole evaluation count S and D, and the graph above the nests", () => {
    const market = new WasmMarket(economy, { threads: 1 });
    const { graphNodes, nests, edges, nestEdges } = shapeOf(market);
    expect([nests, nestEdges]).toEqual([12, 96]);
    const instants = (name: string) => bytesOf(call(name, 1), shapeOf(market)) / 8;
    expect(instants("price_nodes")).toBe(nests + 2 * (graphNodes - nests) + 2 * (edges - nestEdges));
    const rows = (lean: number) => bytesOf(call("residual_rows", 8, 0, 0, 0, 0, lean), shape);
    expect(rows(0) - rows(1)).toBe(8 * 80 * 4);
    market.dispose();
  });

  test("of sums and products count each vector once, and what is written twice", () => {
    expect(bytesOf(call("combine", 100, 0, 0, 3), shape)).toBe(800 * 5);
    expect(bytesOf(call("move", 100, 0, 0, 0, 3), shape)).toBe(800 * 6);
    expect(bytesOf(call("dots", 100, 0, 0, 3, 0, 2), shape)).toBe(800 * 6);
    expect(bytesOf(call("dots", 100, 0, 0, 3, 0, 2), { ...shape, width: 4 })).toBe(400 * 6);
  });

  test("vectors in two lists are read once", async () => {
    const market = new WasmMarket(economy, { threads: 1 });
    const [u, v] = [market.create(1), market.create(2)];
    const { bytes } = await watched(market, () => market.dots([u, v], v));
    expect(bytes / market.hints.size).toBe(8 * 3);
    market.dispose();
  });

  test("are known of every kernel that a market calls", () => {
    const folder = join("src", "backends", "wasm");
    const sources = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "binaries.ts");
    const text = sources.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
    const all = [...text.matchAll(/\b(?:run|means)\(\s*"(\w+)"/gu)].map(([, name]) => name);
    // Those of batches of small economies, whose numbers are in a cache, are no part of these steps.
    const called = all.filter((name) => !name.startsWith("batch_"));
    expect(called.length).toBeGreaterThan(20);
    expect(called.filter((name) => !Object.hasOwn(NUMBERS, name))).toEqual([]);
    expect(bytesOf(call("new_kernel", 1), shape)).toBeNaN();
  });
});

test("steps are measured on every backend, bytes where kernels move them", async () => {
  for (const backend of ["reference", "wasm"]) {
    const timings = await measureSteps(economy, { backend, threads: 1 }, () => [0, 1]);
    expect(timings.map(({ step }) => step)).toEqual(TIMED.map(({ name }) => name));
    for (const { nanoseconds_per_price, least, bytes_per_price } of timings) {
      expect(nanoseconds_per_price).toBeGreaterThanOrEqual(least);
      expect(bytes_per_price === null).toBe(backend === "reference");
    }
  }
});

test("solves are measured with their certificate", async () => {
  const found = await measureSolve(economy, { backend: "wasm", threads: 1 }, 0);
  expect(found).toMatchObject({ status: "solved", runs: 1, prices: 12 * 8 * 16 });
  expect(found.clearing).toBeLessThanOrEqual(1e-8);
  expect(found.bytes_per_price).toBeGreaterThan(112 * 10);
});
