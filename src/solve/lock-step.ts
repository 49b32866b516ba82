import { type Backend, openMarket } from "../backends/registry.js";
import { Breather } from "../core/event-loop.js";
import type { Economy } from "../economy/economy.js";
import type { BatchMarket } from "../market/batch.js";
import { BatchOfMarkets } from "../market/batch-of-markets.js";
import type { Market } from "../market/market.js";
import { type BatchEnd, iterateBatch } from "../solvers/batch/iterate.js";
import { conclude, targetFor } from "./conclude.js";
import { LADDER_FROM } from "./ladder.js";
import { type SolveOptions, TOLERANCE } from "./options.js";
import type { Solution } from "./solution.js";

/**
 * Numbers in one vector of all economies of a lock step. Their histories, some tens of vectors, should stay in the caches: what
 * a step costs beyond its arithmetic is shared by a few economies already.
 */
const NUMBERS = 2 ** 13;

/** Economies of a lock step, however small: each has a market open. */
const TOGETHER = 256;

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
  const small = 2 * commodities.length * grid.nodes <= NUMBERS;
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
  const together = Math.min(TOGETHER, Math.floor(NUMBERS / (commodities.length * grid.nodes)));
  const solutions: (Solution | null)[] = [];
  for (let first = 0; first < economies.length; first += together) {
    solutions.push(...(await solveGroup(economies.slice(first, first + together), options)));
  }
  return solutions;
}

async function solveGroup(
  economies: readonly Economy[],
  options: SolveOptions,
): Promise<(Solution | null)[]> {
  const opened = economies.map((economy) => open(economy, options));
  const market = new BatchOfMarkets(opened.map(({ market }) => market));
  try {
    const ends = await run(market, economies, options);
    const solutions: (Solution | null)[] = [];
    const breather = new Breather();
    for (const [b, economy] of economies.entries()) {
      solutions.push(await concluded(economy, ends[b], opened[b], options));
      await breather.breathe();
    }
    return solutions;
  } finally {
    market.dispose();
  }
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

interface Opened {
  readonly backend: Backend;
  readonly market: Market<Float64Array>;
}

function open(economy: Economy, { backend = "auto", threads }: SolveOptions): Opened {
  const { market, ...opened } = openMarket(backend, economy, { threads });
  return { ...opened, market: market as Market<Float64Array> };
}

/** Null where it left the batch, or where the verifier does not agree. */
async function concluded(
  economy: Economy,
  end: BatchEnd,
  { backend, market }: Opened,
  { tolerance = TOLERANCE, seed = 0 }: SolveOptions,
): Promise<Solution | null> {
  if ("left" in end) return null;
  const { loop, evaluations } = end;
  const { steps, trace } = loop;
  const how = { solver: "auto", backend, step: market.hints.step, tolerance, seed, market };
  const seconds = trace[trace.length - 1].seconds;
  const solution = await conclude(economy, { loop, steps, evaluations, trace }, how, seconds);
  return solution.status === "uncertified" ? null : solution;
}
