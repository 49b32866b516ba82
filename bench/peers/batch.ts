import { openBackend } from "../../src/backends/registry.js";
import { BatchDraft, WasmBatch } from "../../src/backends/wasm/batch.js";
import { BatchRoom } from "../../src/backends/wasm/batch-room.js";
import type { Economy } from "../../src/economy/economy.js";
import { layOut } from "../../src/market/layout.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { solve } from "../../src/solve/batch.js";
import type { Solution } from "../../src/solve/solution.js";
import { pointOf } from "./economy.js";
import type { Home } from "./home.js";
import type { Precision } from "./measurement.js";
import { type Peer, runPython } from "./peers.js";
import { SMALL, standardEconomy } from "./standard.js";
import { secondsOf } from "./timing.js";
import { backendOf } from "./walras.js";

/** One way of evaluating many small economies; seconds are of all of them. */
export interface BatchRow {
  readonly system: string;
  readonly path: string;
  readonly threads: number;
  readonly precision: Precision;
  readonly economies: number;
  readonly prices: number;
  readonly median: number;
  readonly least: number;
  readonly error: number | null;
}

interface Way {
  readonly median: number;
  readonly least: number;
  readonly error: number;
}

/** Open at once: enough to leave the caches between two evaluations of one. */
const OPEN = 256;

/** walras evaluates one economy after the other, on one thread. */
export async function walrasBatch(name: string): Promise<BatchRow> {
  const backend = backendOf(name, 1);
  const markets = await Promise.all(
    Array.from({ length: OPEN }, async (_, k) => {
      const market = await backend.open(standardEconomy(SMALL, k + 1));
      const q = market.enter(pointOf(market.shape[0] * market.shape[1]).map(Math.exp));
      return { market, q, f: market.create() };
    }),
  );
  const { median, least } = await secondsOf(async () => {
    for (const { market, q, f } of markets) await market.residual(q, f);
  });
  const prices = markets.reduce((sum, { market }) => sum + market.hints.size, 0);
  for (const { market } of markets) market.dispose();
  return {
    system: "walras",
    path: `${openBackend(name).name}, one by one`,
    threads: 1,
    precision: backend.precision,
    economies: OPEN,
    prices,
    median,
    least,
    error: null,
  };
}

/** walras evaluates them in one memory. @param count of economies, OPEN different ones time and again, each with arrays of its own */
export async function walrasInOne(threads: number, count = 4096, seconds?: number): Promise<BatchRow> {
  const different = Array.from({ length: Math.min(OPEN, count) }, (_, k) => standardEconomy(SMALL, k + 1));
  const layouts = different.map(layOut);
  const draft = new BatchDraft(Array.from({ length: count }, (_, k) => layouts[k % layouts.length]));
  const room = new BatchRoom(draft.bytes(threads, 4), count, { threads });
  const batch = new WasmBatch(draft, room);
  const [, commodities, nodes] = batch.shape;
  const size = commodities * nodes;
  const point = pointOf(size).map(Math.exp);
  const start = new Float64Array(count * size);
  for (let b = 0; b < count; b++) start.set(point, b * size);
  const [q, f] = [batch.enter(start), batch.create()];
  const all = Array.from({ length: count }, (_, b) => b);
  // Where there are no so many processors it is measured on those that there are.
  for (let waited = 0; room.threads.count < threads && waited < 100; waited++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    batch.residual(q, f, all);
  }
  const { median, least } = await secondsOf(() => batch.residual(q, f, all), seconds);
  const reference = new ReferenceMarket(different[0]);
  const expected = reference.create();
  reference.residual(reference.enter(point), expected);
  const error = expected.reduce((most, x, i) => Math.max(most, Math.abs(f[i] - x)), 0);
  const measured = room.threads.count;
  room.dispose();
  return {
    system: "walras",
    path: "wasm, in one memory",
    threads: measured,
    precision: "float64",
    economies: count,
    prices: count * size,
    median,
    least,
    error,
  };
}

/** One way of solving many small economies, each with its certificate; seconds are of all of them. */
export interface BatchSolveRow {
  readonly system: string;
  readonly path: string;
  readonly threads: number;
  readonly economies: number;
  readonly prices: number;
  readonly median: number;
  readonly least: number;
  readonly solved: number;
  /** Of all together. */
  readonly steps: number;
}

const SOLVES: readonly [
  path: string,
  (economies: readonly Economy[], name: string) => Promise<readonly Solution[]>,
][] = [
  [
    "solve(economies)",
    async (economies, backend) => (await solve(economies, { backend, threads: 1 })).solutions,
  ],
  [
    "solve(economy), one by one",
    async (economies, backend) => {
      const solutions: Solution[] = [];
      for (const economy of economies) solutions.push(await solve(economy, { backend, threads: 1 }));
      return solutions;
    },
  ],
];

/** walras solves them to clearing 1e-8, on one thread. @param seconds of each way, at least; see timing.ts */
export async function walrasBatchSolves(
  name: string,
  count = OPEN,
  seconds?: number,
): Promise<BatchSolveRow[]> {
  const economies = Array.from({ length: count }, (_, k) => standardEconomy(SMALL, k + 1));
  const prices = economies.reduce((sum, { commodities, grid }) => sum + commodities.length * grid.nodes, 0);
  const rows: BatchSolveRow[] = [];
  for (const [path, solveAll] of SOLVES) {
    let solutions: readonly Solution[] = [];
    const { median, least } = await secondsOf(async () => {
      solutions = await solveAll(economies, name);
    }, seconds);
    rows.push({
      system: "walras",
      path: `${openBackend(name).name}, ${path}`,
      threads: 1,
      economies: count,
      prices,
      median,
      least,
      solved: solutions.filter(({ status }) => status === "solved").length,
      steps: solutions.reduce((sum, { steps }) => sum + steps, 0),
    });
  }
  return rows;
}

/** Ways of JAX: all under one vmap, in chunks, one by one. */
export async function jaxBatch(home: Home, peer: Peer, archive: string, count: number): Promise<BatchRow[]> {
  const { system, precision, threads } = peer;
  const found = (await runPython(home, peer, "jax_batch.py", [archive, precision, String(count)])) as {
    prices: number;
    ways: Record<string, Way>;
    one: Way & { prices: number };
  };
  const row = { system, threads, precision };
  const ways = Object.entries(found.ways).map(([path, { median, least, error }]) => ({
    ...row,
    path: `jit, ${path}`,
    economies: count,
    prices: found.prices,
    median,
    least,
    error,
  }));
  const { prices, median, least } = found.one;
  return [...ways, { ...row, path: "jit, one by one", economies: 1, prices, median, least, error: null }];
}
