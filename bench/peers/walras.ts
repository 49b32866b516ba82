import { readFile } from "node:fs/promises";
import { type Backend, openBackend } from "../../src/backends/registry.js";
import type { Economy } from "../../src/economy/economy.js";
import { readArchive, writeArchive } from "../../src/io/npz/archive.js";
import type { Market } from "../../src/market/market.js";
import { anderson } from "../../src/solvers/anderson.js";
import { iterate } from "../../src/solvers/loop.js";
import { evaluate, type Problem, type Solver } from "../../src/solvers/solver.js";
import { type Measured, type Precision, TARGET } from "./measurement.js";
import { median, secondsOf } from "./timing.js";

/** What `walras.ts` is asked to measure. */
export interface WalrasTask {
  readonly economy: Economy;
  readonly backend: string;
  /** For backends that take them. */
  readonly threads: number;
  readonly precision?: Precision;
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
export function backendOf(name: string, threads: number, precision: Precision = "float64"): Backend {
  return openBackend(name, { threads, precision });
}

/** Evaluation, Anderson step and solve of the same economy as the peers, through a backend's Market alone. */
export async function measureWalras(task: WalrasTask): Promise<Measured & { readonly precision: string }> {
  const backend = backendOf(task.backend, task.threads, task.precision);
  const market = await backend.open(task.economy);
  const archive = readArchive(new Uint8Array(await readFile(task.archive)));
  const [q, f] = [market.enter(archive.numbers("q.npy").map(Math.exp)), market.create()];
  await market.residual(q, f);
  const error = furthest(await market.download(f), archive.numbers("f.npy"));
  const evaluation = await secondsOf(() => market.residual(q, f), task.seconds);
  const { solve, prices, unsolved } = await solveBy(market, TARGET[backend.precision]);
  if (task.solution !== null && solve !== null)
    await writeSolution(task.solution, prices.map(Math.log), market.shape);
  const apart = null;
  const path = `${backend.name} (${backend.device})`;
  market.dispose();
  const { precision } = backend;
  return {
    path,
    precision,
    versions: {},
    prices: market.hints.size,
    error,
    evaluation,
    solve,
    unsolved,
    apart,
  };
}

/** Anderson(5) on tâtonnement from p = 1 in the loop of every solver, until osc f is at the target; steps are timed without the loop. */
async function solveBy<V>(market: Market<V>, target: number) {
  const solver = anderson<V>({ memory: MEMORY, process: "tatonnement" });
  const there = new AbortController();
  const taken: number[] = [];
  let oscillation = Number.POSITIVE_INFINITY;
  let prices: Float64Array = new Float64Array();
  const watched: typeof solver = {
    ...solver,
    async step(problem, before) {
      const began = performance.now();
      const state = await solver.step(problem, before);
      taken.push((performance.now() - began) / 1000);
      oscillation = state.readout.oscillation;
      if (oscillation > target) return state;
      // Solvers leave the level of q where it is: f does not see it.
      prices = await market.download(market.prices(state.q));
      there.abort();
      return state;
    },
  };
  const problem: Problem<V> = { market, step: market.hints.step, clip: 1 };
  const began = performance.now();
  const { status } = await iterate(problem, watched as Solver<V>, await evaluate(market, market.create()), {
    target: 0,
    tolerance: 0,
    maxSteps: MOST_STEPS,
    signal: there.signal,
  });
  const seconds = (performance.now() - began) / 1000;
  if (!there.signal.aborted) {
    return { solve: null, prices, unsolved: `the solve ended ${status} with osc f = ${oscillation}` };
  }
  const full = taken.length > FILLING ? taken.slice(FILLING) : taken;
  return { solve: { seconds, steps: taken.length, oscillation, step: median(full) }, prices };
}

async function writeSolution(path: string, q: Float64Array, shape: readonly [number, number]): Promise<void> {
  await writeArchive(path, new Map([["q", { data: q, shape: [...shape] }]]));
}

function furthest(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) throw new Error(`${a.length} prices, and ${b.length} in the archive`);
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}
