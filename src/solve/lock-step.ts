import { type Backend, type Batches, openBatches, openMarket } from "../backends/registry.js";
import { BackendUnavailableError } from "../core/errors.js";
import { Breather } from "../core/event-loop.js";
import type { Economy } from "../economy/economy.js";
import type { BatchMarket } from "../market/batch.js";
import { BatchOfMarkets } from "../market/batch-of-markets.js";
import type { Market } from "../market/market.js";
import { type BatchEnd, iterateBatch } from "../solvers/batch/iterate.js";
import { conclude, type How, targetFor } from "./conclude.js";
import { LADDER_FROM } from "./ladder.js";
import { type SolveOptions, TOLERANCE } from "./options.js";
import type { Solution } from "./solution.js";

/** Numbers of the largest economy that is solved in lock step: others have work enough for all that a step costs beside it. */
const SMALL = 2 ** 12;
/**
 * Numbers in one vector of all economies of a lock step. Their histories, some tens of vectors, should stay in the caches: what a
 * step costs beyond its arithmetic is shared by a few economies already. In one memory they share more.
 */
const [NUMBERS, NUMBERS_IN_ONE] = [2 ** 13, 2 ** 16];

/** Economies of a lock step, however small: each has a market open, or is in a batch of them. */
const [TOGETHER, TOGETHER_IN_ONE] = [256, 1024];

/** Options that say nothing of how a solve goes but how exactly; with any other each economy is solved by itself. */
const HARMLESS: ReadonlySet<string> = new Set([
  "backend",
  "threads",
  "tolerance",
  "ladder",
  "seed",
  "onStep",
  "signal",
] satisfies (keyof SolveOptions)[]);
/** The same of what they are by default. */
const DEFAULTS: Partial<SolveOptions> = { solver: "auto", precision: "float64", allEquilibria: false };
const BACKENDS: readonly unknown[] = [undefined, "auto", "wasm", "reference"];

/** Whether economies of this structure are solved in lock step with these options: many small ones, by default. */
export function inLockStep({ commodities, grid }: Economy, options: SolveOptions): boolean {
  const asked = Object.entries(options) as [keyof SolveOptions, unknown][];
  const plain = asked.every(
    ([key, value]) => value === undefined || HARMLESS.has(key) || value === DEFAULTS[key],
  );
  const ladder = (options.ladder ?? true) && grid.nodes >= LADDER_FROM;
  const small = commodities.length * grid.nodes <= SMALL;
  return plain && !ladder && small && BACKENDS.includes(options.backend);
}

/**
 * Solves economies of one structure in lock step, some at a time (solvers/batch/), and has each verified.
 *
 * @returns null for those that are not solved that way: they need a solve of their own
 */
export async function solveInLockStep(
  economies: readonly Economy[],
  options: SolveOptions,
): Promise<(Solution | null)[]> {
  const [{ commodities, grid }] = economies;
  const size = commodities.length * grid.nodes;
  const { backend = "auto", threads } = options;
  const opener = openBatches(backend, economies.length * size, { threads });
  const [most, numbers] = opener === null ? [TOGETHER, NUMBERS] : [TOGETHER_IN_ONE, NUMBERS_IN_ONE];
  const together = Math.min(most, Math.floor(numbers / size));
  const solutions: (Solution | null)[] = [];
  try {
    for (let first = 0; first < economies.length; first += together)
      solutions.push(...(await solveGroup(economies.slice(first, first + together), opener, options)));
  } finally {
    opener?.batches.dispose();
  }
  return solutions;
}

type Opener = ReturnType<typeof openBatches>;

/** In one memory as far as they can be; halves of the group where there is no such memory. */
async function solveGroup(
  economies: readonly Economy[],
  opener: Opener,
  options: SolveOptions,
): Promise<(Solution | null)[]> {
  let opened: ReturnType<Batches["open"]> = null;
  try {
    opened = opener?.batches.open(economies) ?? null;
  } catch (error) {
    if (!(error instanceof BackendUnavailableError)) throw error;
    const half = economies.length >> 1;
    const solve = (some: readonly Economy[]) => solveGroup(some, opener, options);
    if (half > 0)
      return [...(await solve(economies.slice(0, half))), ...(await solve(economies.slice(half)))];
  }
  const solutions: (Solution | null)[] = economies.map(() => null);
  const put = (solved: (Solution | null)[], members: readonly number[]) => {
    for (const [k, b] of members.entries()) solutions[b] = solved[k];
  };
  const inOne = opened?.members ?? [];
  const others = [...economies.keys()].filter((b) => !inOne.includes(b));
  const those = (members: readonly number[]) => members.map((b) => economies[b]);
  if (opener !== null && opened !== null)
    put(await solveInOne(those(inOne), opened.market, opener.backend, options), inOne);
  put(await solveEachOnItsOwn(those(others), options), others);
  return solutions;
}

async function solveInOne(
  economies: readonly Economy[],
  market: BatchMarket<Float64Array>,
  backend: Backend,
  options: SolveOptions,
): Promise<(Solution | null)[]> {
  const ends = await run(market, economies, options);
  return concludeAll(economies, ends, (b) => ({ backend, step: market.hints[b].step }), options);
}

async function solveEachOnItsOwn(
  economies: readonly Economy[],
  options: SolveOptions,
): Promise<(Solution | null)[]> {
  if (economies.length === 0) return [];
  const opened = economies.map((economy) => open(economy, options));
  const market = new BatchOfMarkets(opened.map((one) => one.market));
  try {
    const ends = await run(market, economies, options);
    const how = (b: number) => ({ ...opened[b], step: opened[b].market.hints.step });
    return await concludeAll(economies, ends, how, options);
  } finally {
    market.dispose();
  }
}

async function concludeAll(
  economies: readonly Economy[],
  ends: readonly BatchEnd[],
  how: (b: number) => Pick<How, "backend" | "step" | "market">,
  options: SolveOptions,
): Promise<(Solution | null)[]> {
  const solutions: (Solution | null)[] = [];
  const breather = new Breather();
  for (const [b, economy] of economies.entries()) {
    solutions.push(await concluded(economy, ends[b], how(b), options));
    await breather.breathe();
  }
  return solutions;
}

function run<V>(
  market: BatchMarket<V>,
  economies: readonly Economy[],
  { tolerance = TOLERANCE, signal, onStep }: SolveOptions,
): Promise<readonly BatchEnd[]> {
  const [batch, commodities, nodes] = market.shape;
  return iterateBatch(market, market.enter(new Float64Array(batch * commodities * nodes).fill(1)), {
    target: targetFor(tolerance),
    tolerance,
    signal,
    onStep: onStep && ((record, b) => onStep(record, economies[b])),
  });
}

function open(
  economy: Economy,
  { backend = "auto", threads }: SolveOptions,
): { readonly backend: Backend; readonly market: Market<Float64Array> } {
  const { market, ...opened } = openMarket(backend, economy, { threads });
  return { ...opened, market: market as Market<Float64Array> };
}

/** Null where it left the batch, or where the verifier does not agree. */
async function concluded(
  economy: Economy,
  end: BatchEnd,
  how: Pick<How, "backend" | "step" | "market">,
  { tolerance = TOLERANCE, seed = 0 }: SolveOptions,
): Promise<Solution | null> {
  if ("left" in end) return null;
  const { loop, evaluations } = end;
  const { steps, trace } = loop;
  const seconds = trace[trace.length - 1].seconds;
  const outcome = { loop, steps, evaluations, trace };
  const solution = await conclude(economy, outcome, { ...how, solver: "auto", tolerance, seed }, seconds);
  return solution.status === "uncertified" ? null : solution;
}
