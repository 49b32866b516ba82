import { readFile } from "node:fs/promises";
import { type Backend, openBackend } from "../../src/backends/registry.js";
import type { Economy } from "../../src/economy/economy.js";
import { readArchive, writeArchive } from "../../src/io/npz/archive.js";
import type { Market } from "../../src/market/market.js";
import { anderson } from "../../src/solvers/anderson.js";
import { evaluate, type Problem } from "../../src/solvers/solver.js";
import { type Measured, TARGET } from "./measurement.js";
import { median, secondsOf } from "./timing.js";

/** What `walras.ts` is asked to measure. */
export interface WalrasTask {
  readonly economy: Economy;
  readonly backend: string;
  /** For backends that take it. */
  readonly threads: number;
  /** The NPZ that economy.ts wrote of it, with q and f. */
  readonly archive: string;
  /** Where to write log prices of the solution (float64) as `q.npy` of an archive; null for nowhere. */
  readonly solution: string | null;
  /** Of evaluations, at least; see timing.ts. */
  readonly seconds?: number;
}

/** Differences that Anderson's method keeps, as the peers'. */
const MEMORY = 5;
const MOST_STEPS = 200;
const FILLING = 6;

/** A backend on a number of threads; one that knows no such option uses what it uses. */
export function backendOf(name: string, threads: number): Backend {
  const open: (name: string, options?: { readonly threads: number }) => Backend = openBackend;
  return open(name, { threads });
}

/** Evaluation, Anderson step and solve of the same economy as the peers, through a backend's Market alone. */
export async function measureWalras(task: WalrasTask): Promise<Measured & { readonly precision: string }> {
  const backend = backendOf(task.backend, task.threads);
  const market = await backend.open(task.economy);
  const archive = readArchive(new Uint8Array(await readFile(task.archive)));
  const [q, f] = [market.enter(archive.numbers("q.npy").map(Math.exp)), market.create()];
  await market.residual(q, f);
  const error = furthest(await market.download(f), archive.numbers("f.npy"));
  const evaluation = await secondsOf(() => market.residual(q, f), task.seconds);
  const { solve, prices } = await solveBy(market, TARGET[backend.precision]);
  if (task.solution !== null) await writeSolution(task.solution, prices, market.shape);
  const apart = null;
  const path = `${backend.name} (${backend.device})`;
  market.dispose();
  const { precision } = backend;
  return { path, precision, versions: {}, prices: market.hints.size, error, evaluation, solve, apart };
}

/** Anderson(5) on tâtonnement from p = 1, as `walras solve --solver anderson` makes its steps. */
async function solveBy<V>(market: Market<V>, target: number) {
  const solver = anderson<V>({ memory: MEMORY, process: "tatonnement" });
  const problem: Problem<V> = { market, step: market.hints.step, clip: 1 };
  const began = performance.now();
  let state = solver.init(problem, await evaluate(market, market.create()));
  const taken: number[] = [];
  while (state.readout.oscillation > target && taken.length < MOST_STEPS) {
    const last = performance.now();
    state = await solver.step(problem, state);
    taken.push((performance.now() - last) / 1000);
  }
  const seconds = (performance.now() - began) / 1000;
  const full = taken.length > FILLING ? taken.slice(FILLING) : taken;
  return {
    solve: { seconds, steps: taken.length, oscillation: state.readout.oscillation, step: median(full) },
    prices: await market.download(state.q),
  };
}

async function writeSolution(path: string, q: Float64Array, shape: readonly [number, number]): Promise<void> {
  await writeArchive(path, new Map([["q", { data: q, shape: [...shape] }]]));
}

function furthest(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}
