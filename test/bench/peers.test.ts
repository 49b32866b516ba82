import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { walrasBatchSolves, walrasInOne } from "../../bench/peers/batch.js";
import { peerArrays, writePeerEconomy } from "../../bench/peers/economy.js";
import { costFigure } from "../../bench/peers/figure.js";
import { flatEconomy } from "../../bench/peers/flat.js";
import type { Row } from "../../bench/peers/measurement.js";
import { pricesOf, SMALL, standardEconomy } from "../../bench/peers/standard.js";
import { baselineOf, comparisonPage } from "../../bench/peers/table.js";
import { measureWalras } from "../../bench/peers/walras.js";
import { provenance } from "../../bench/provenance.js";
import { readArchive } from "../../src/io/npz/archive.js";
import { findNumpy, runPython } from "../support/numpy.js";
import { requireOrSkip } from "../support/require.js";

const TINY = { agents: 12, metrics: 3, nodes: 4, layers: 3, outDegree: 2 };
let folder = "";
let archive = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "walras-peers-"));
  archive = join(folder, "tiny.npz");
  await writePeerEconomy(archive, TINY);
});
afterAll(() => rm(folder, { recursive: true }));

describe("the economy that peers read", () => {
  test("has weights that sum to 1 and elasticities clear of 1", () => {
    const arrays = flatEconomy(standardEconomy(TINY));
    const data = (name: string) => Array.from(arrays.get(name)?.data as Float64Array);
    const sum = (values: readonly number[]) => values.reduce((total, x) => total + x, 0);
    expect(sum(data("metric_weights"))).toBeCloseTo(TINY.agents, 12);
    expect(sum(data("next_weights"))).toBeCloseTo(
      data("next_first").filter((x, a, all) => x > all[a - 1]).length,
      12,
    );
    expect(sum(data("entry_weights"))).toBeCloseTo(1, 12);
    expect(Math.max(...data("level"))).toBe(TINY.layers - 1);
    for (const name of ["metric", "routing", "chain", "entry", "intertemporal"]) {
      for (const sigma of data(`${name}_elasticity`)) expect(Math.abs(sigma - 1)).toBeGreaterThan(0.099);
    }
    const [center, radius] = [data("center"), data("radius")];
    expect(center).toHaveLength(144);
    expect(radius.every((s, i) => s > 0 && s < center[i] * 3)).toBe(true);
  });

  test("is refused where it is of another kind", () => {
    const economy = standardEconomy(TINY);
    const [orchestrator] = economy.orchestrators;
    const floors = new Map([[0, new Float64Array(4)]]);
    const withFloors = { ...economy, orchestrators: [{ ...orchestrator, floors }] };
    expect(() => flatEconomy(withFloors)).toThrow("without endowments or floors");
  });

  test("is the same every time", () => {
    expect(peerArrays(standardEconomy(TINY)).get("f")).toEqual(peerArrays(standardEconomy(TINY)).get("f"));
  });
});

test("walras itself is measured through a backend's market", async () => {
  const task = {
    economy: standardEconomy(TINY),
    backend: "reference",
    threads: 1,
    archive,
    solution: join(folder, "solution.npz"),
    seconds: 0,
  };
  const { error, prices, solve } = await measureWalras(task);
  expect(error).toBeLessThan(1e-13);
  expect(prices).toBe(144);
  expect(solve?.oscillation).toBeLessThan(1e-8);
  // Log prices of mean price 1, as the peers write theirs.
  const q = readArchive(new Uint8Array(await readFile(task.solution))).numbers("q.npy");
  expect(q.reduce((sum, x) => sum + Math.exp(x), 0) / q.length).toBeCloseTo(1, 12);
});

test("a batch of small economies is solved together and one by one", async () => {
  const rows = await walrasBatchSolves("wasm", 3, 0);
  expect(rows.map(({ path }) => path)).toEqual([
    "wasm, solve(economies)",
    "wasm, solve(economy), one by one",
  ]);
  for (const { solved, prices, least, median } of rows) {
    expect(solved).toBe(3);
    expect(prices).toBe(3 * 1280);
    expect(median).toBeGreaterThanOrEqual(least);
  }
});

describe("NumPy", () => {
  const python = findNumpy();
  if (!requireOrSkip("numpy", python !== null)) return;

  const PROGRAM = `
import json, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from economy import read_economy
from numpy_peer import Anderson, Market
economy = read_economy(sys.argv[2])
found = {}
for dtype in ("float64", "float32"):
    market, q = Market(economy, dtype), economy.q.astype(dtype)
    found[dtype] = float(np.abs(market.log_ratio(q, np.empty_like(q)) - economy.f).max())
run = Anderson(Market(economy, "float64"), np.zeros_like(economy.q), economy.step)
found["oscillations"] = [run.advance() for _ in range(40)]
print(json.dumps(found))
`;

  test("agrees with the reference, and solves", () => {
    const scripts = resolve("bench", "peers", "python");
    const found = runPython(python as string, PROGRAM, scripts, archive) as {
      float64: number;
      float32: number;
      oscillations: number[];
    };
    expect(found.float64).toBeLessThan(1e-13);
    expect(found.float32).toBeGreaterThan(1e-9);
    expect(found.float32).toBeLessThan(1e-5);
    expect(Math.min(...found.oscillations)).toBeLessThan(1e-8);
  });
});

describe("the table", () => {
  const row = (system: string, threads: number, precision: Row["precision"], seconds: number): Row => ({
    system,
    path: "p",
    threads,
    precision,
    versions: {},
    prices: 1000,
    error: 1e-14,
    evaluation: { median: seconds, least: seconds, runs: 9 },
    solve: { seconds: 10 * seconds, steps: 7, oscillation: 1e-9, step: 2 * seconds },
    apart: null,
  });
  const rows = [
    row("walras", 1, "float64", 4e-6),
    row("walras", 2, "float64", 2e-6),
    row("JAX", 2, "float64", 8e-6),
    row("JAX", 1, "float32", 1e-6),
  ];

  test("compares like with like where it can", () => {
    expect(baselineOf(rows[2], rows)).toBe(rows[1]);
    expect(baselineOf(rows[0], rows)).toBe(rows[0]);
    expect(baselineOf(rows[3], rows)).toBe(rows[1]);
    expect(baselineOf(rows[2], [rows[2]])).toBeNull();
  });

  test("says costs, ratios, the spin test and what is missing", () => {
    const spin = { one: 1, two: 1, speedup: 2 };
    const page = comparisonPage({
      from: provenance("x"),
      versions: { jax: "0" },
      spin: { before: spin, after: { ...spin, speedup: 1.25 } },
      rows,
      batch: [],
      batchSolves: [
        {
          system: "walras",
          path: "wasm, solve(economies)",
          threads: 1,
          economies: 10,
          prices: 1e4,
          median: 0.03,
          least: 0.02,
          solved: 9,
          steps: 125,
        },
      ],
      missing: [{ system: "tfjs-node", why: "is not here" }],
    });
    expect(page).toContain("| JAX | p | 2 | float64 | 8.0 | 8.0 | 16.0 | 7 | 0.00 | 4.00 | 4.00 | 1e-14 |");
    expect(page).toContain("2.00 times the work of one before the measurements, 1.25 times after");
    expect(page).toContain("| walras | wasm, solve(economies) | 1 | 10 | 9 | 12.5 | 3.00 | 2.00 | 3000 |");
    expect(page).toContain("- tfjs-node: is not here");
    expect(costFigure(rows)).toContain("JAX, f32, 1T");
  });
});

test("a batch in one memory evaluates what the reference does", async () => {
  const { economies, prices, error } = await walrasInOne(1, 3, 0);
  expect([economies, prices]).toEqual([3, 3 * pricesOf(SMALL)]);
  expect(error).toBeLessThan(1e-12);
});
