import { type Backend, openBackend } from "../../src/backends/registry.js";
import { WasmMarket } from "../../src/backends/wasm/market.js";
import { BackendUnavailableError } from "../../src/core/errors.js";
import type { Economy } from "../../src/economy/economy.js";
import type { Market } from "../../src/market/market.js";
import { solve } from "../../src/solve/solve.js";
import { measureNative } from "../native/measure.js";
import { type PeerSize, standardEconomy } from "../peers/standard.js";
import { type Action, TIMED } from "./actions.js";
import { countBytes } from "./bytes.js";
import { type Found, NOTHING, type Solve, type Timing } from "./found.js";
import type { Way } from "./sizes.js";
import { sample } from "./time.js";

/** What a process of its own is asked to measure. */
export type Task = { readonly size: PeerSize; readonly way: Way } & (
  | { readonly what: "steps" | "a solve" }
  | { readonly what: "native kernels"; readonly compiler: string }
);

/** What was measured, or why the backend refused. */
export type Answer = Found | { readonly refused: string };

export async function measure(task: Task): Promise<Answer> {
  try {
    return { ...NOTHING, ...(await found(task)) };
  } catch (error) {
    if (error instanceof BackendUnavailableError) return { refused: error.message };
    throw error;
  }
}

async function found(task: Task): Promise<Partial<Found>> {
  const economy = standardEconomy(task.size);
  if (task.what === "native kernels") return { native: [await measureNative(economy, task.compiler)] };
  if (task.what === "a solve") return { solves: [await measureSolve(economy, task.way)] };
  return { timings: await measureSteps(economy, task.way) };
}

/** Prices from which on a benchmark takes longer and makes do with fewer samples. */
const LARGE = 2e5;

function patience(prices: number): readonly [seconds: number, fewest: number] {
  return prices > LARGE ? [5, 4] : [2, 12];
}

export async function measureSteps(
  economy: Economy,
  way: Way,
  times: (prices: number) => ReturnType<typeof patience> = patience,
): Promise<Timing[]> {
  const market = backendOf(way).open(economy);
  const prices = market.hints.size;
  const timings: Timing[] = [];
  for (const { name, prepare } of TIMED) {
    market.recycle(new Set());
    const action = await prepare(market);
    const { evaluations, bytes } = await warmUp(market, action);
    const { mean, least, margin, samples } = await sample(action, ...times(prices));
    timings.push({
      step: name,
      ...way,
      prices,
      nanoseconds_per_price: (1e9 * mean) / prices,
      least: (1e9 * least) / prices,
      margin,
      samples,
      evaluations,
      bytes_per_price: known(bytes, prices),
    });
  }
  market.dispose();
  return timings;
}

function backendOf({ backend, threads }: Way): Backend {
  return openBackend(backend, { threads });
}

/** Runs before any is timed, in which V8 compiles what is hot. */
const WARM_UP = 6;

/** Evaluations and bytes of one, by the mean of those that warm up: some steps look where goods are falling, most do not. */
async function warmUp(
  market: Market,
  action: Action,
): Promise<{ evaluations: number; bytes: number | null }> {
  await action();
  const before = market.evaluations;
  const count = market instanceof WasmMarket ? countBytes(market) : null;
  for (let k = 0; k < WARM_UP; k++) await action();
  count?.stop();
  return {
    evaluations: (market.evaluations - before) / WARM_UP,
    bytes: known(count?.bytes, WARM_UP),
  };
}

/** Bytes of one, null where they were not counted. */
function known(bytes: number | null | undefined, count: number): number | null {
  return bytes === null || bytes === undefined || Number.isNaN(bytes) ? null : bytes / count;
}

/** Seconds in which solves are repeated, and how often at most: the first one compiles. */
const REPEATING = 6;
const MOST_RUNS = 5;

export async function measureSolve(economy: Economy, way: Way, repeating = REPEATING): Promise<Solve> {
  const { backend, bytes } = counting(backendOf(way));
  const began = performance.now();
  const solves: Omit<Solve, "runs">[] = [];
  do {
    const solution = await solve(economy, { backend, threads: way.threads });
    const { status, certificate, steps, evaluations, seconds, trace } = solution;
    const prices = economy.commodities.length * economy.grid.nodes;
    const stepping = trace.at(-1)?.seconds ?? 0;
    const bytes_per_price = known(bytes(), prices);
    const { clearing } = certificate;
    solves.push({ ...way, prices, status, clearing, steps, evaluations, seconds, stepping, bytes_per_price });
  } while (solves.length < MOST_RUNS && performance.now() - began < 1000 * repeating);
  const fastest = solves.reduce((best, one) => (one.seconds < best.seconds ? one : best));
  return { ...fastest, runs: solves.length };
}

/** The backend, and what the kernels of its markets have moved since last asked; null where nobody counts. */
function counting(backend: Backend): { readonly backend: Backend; readonly bytes: () => number | null } {
  let counts: { bytes: number }[] | null = null;
  const open = (economy: Economy): Market => {
    const market = backend.open(economy);
    if (market instanceof WasmMarket) counts = [...(counts ?? []), countBytes(market)];
    return market;
  };
  const bytes = () => {
    const sum = counts?.reduce((total, one) => total + one.bytes, 0) ?? null;
    counts = null;
    return sum;
  };
  return { backend: { ...backend, open }, bytes };
}
