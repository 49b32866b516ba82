import { contractionBound } from "../contraction/bound.js";
import { spectralInterval } from "../contraction/interval.js";
import { BackendFailedError } from "../core/errors.js";
import type { Status } from "../core/status.js";
import type { Economy } from "../economy/economy.js";
import type { Market } from "../market/market.js";
import { iterate, type LoopOptions, type LoopResult } from "../solvers/loop.js";
import { evaluate, type Solver } from "../solvers/solver.js";
import { booksAt, neverPays } from "./affordability.js";
import { beyondMeans, unaffordableStart } from "./messages.js";
import { affordableStart, isAffordable, type StartPrices, startPrices } from "./start.js";
import { provingPrices } from "./unaffordable.js";

/**
 * Steps of the search for prices that prove the floors unaffordable: where somebody cannot pay at the start; where everybody can; and
 * after a solve so many more than it took itself.
 */
const SEARCH = 300;
const QUICK_SEARCH = 50;
const LEAST_SEARCH = 20;
/** Ends at which it is worth asking whether an equilibrium could have been found at all. */
const IN_DOUBT: ReadonlySet<Status> = new Set([
  "stalled",
  "max-steps",
  "cycling",
  "diverged",
  "non-finite",
  "linear-solve-failed",
]);

export interface LevelOptions extends Omit<LoopOptions, "target"> {
  readonly step: number;
  readonly start: StartPrices | undefined;
  /** Steps that a solver made of several may share out, when they are not maxSteps, which ends it before. */
  readonly share?: number;
  /** Clearing aimed at, given the complementarity of the start. */
  readonly target: (first: number) => number;
}

/** What came of a solve on one grid. */
export interface Level {
  readonly loop: LoopResult;
  /** What to say instead of what is usually said of the status. */
  readonly message?: string;
  readonly evaluations: number;
}

/**
 * Solves an economy on its own grid: from a start at which everybody can pay its floors, by one solver, to one end. Where nothing was
 * found it says so with a proof if there is one: `slo-unaffordable` with prices at which ΣM° < 0, or a message that names who can never pay.
 */
export async function solveLevel<V>(
  market: Market<V>,
  solver: Solver<V>,
  economy: Economy,
  options: LevelOptions,
): Promise<Level> {
  const prices = await startFor(economy, options);
  try {
    return await solveFrom(market, solver, economy, prices, options);
  } catch (error) {
    if (!(error instanceof BackendFailedError)) throw error;
    return { loop: lostAt(prices), evaluations: market.evaluations };
  }
}

/** Nothing was computed but the start. */
function lostAt(prices: Float64Array): LoopResult {
  const nothing = { residual: Infinity, steps: 0, trace: [], poorest: 0, starved: false, period: null };
  return { ...nothing, status: "backend-failed", prices };
}

async function solveFrom<V>(
  market: Market<V>,
  solver: Solver<V>,
  economy: Economy,
  prices: Float64Array,
  options: LevelOptions,
): Promise<Level> {
  const { step, maxSteps, share = maxSteps, signal } = options;
  const start = await evaluate(market, market.enter(prices));
  const { readout } = start;
  const clip = contractionBound(economy, step).theorem === "T1" ? Infinity : 1;
  const stuck = readout.finite && readout.afford <= 0 && readout.affordAll >= 0;
  const interval = spectralInterval(economy).interval ?? undefined;
  const loop = await iterate({ market, step, clip, interval, maxSteps: share }, solver, start, {
    ...options,
    target: options.target(readout.complementarity),
    maxSteps: stuck ? 0 : maxSteps,
  });
  const { evaluations } = market;
  const ended: LoopResult = stuck ? { ...loop, status: "stalled" } : loop;
  if (!IN_DOUBT.has(ended.status) || signal?.aborted) return { loop: ended, evaluations };
  const proof = await provingPrices(economy, ended.prices, {
    steps: Math.min(SEARCH, LEAST_SEARCH + ended.steps),
    signal,
  });
  if (proof !== null) return { loop: provedUnaffordable(economy, ended, proof), evaluations };
  const never = neverPays(economy)?.name;
  const message =
    never !== undefined
      ? beyondMeans(never)
      : stuck
        ? unaffordableStart(economy.orchestrators[readout.poorest].name)
        : undefined;
  return { loop: ended, message, evaluations };
}

/** Prices to begin at. Where nobody could pay at any, those that prove it: the loop then says so at once. */
async function startFor(economy: Economy, { start, signal, resume }: LevelOptions): Promise<Float64Array> {
  const prices = startPrices(economy, start);
  if (resume !== undefined) return prices;
  const affordable = isAffordable(economy, prices);
  if (affordable && economy.orchestrators.every(({ floors }) => floors.size === 0)) return prices;
  const steps = affordable ? QUICK_SEARCH : SEARCH;
  return (await provingPrices(economy, prices, { steps, signal })) ?? affordableStart(economy, prices);
}

/** The loop's result with prices that prove ΣM° < 0, mean price 1. */
function provedUnaffordable(economy: Economy, loop: LoopResult, proof: Float64Array): LoopResult {
  const { nodes: N, weights, horizon } = economy.grid;
  const mean =
    proof.reduce((sum, p, k) => sum + weights[k % N] * p, 0) / (horizon * economy.commodities.length);
  const prices = proof.map((p) => p / mean);
  const { income, cost, turnover } = booksAt(economy, prices);
  const left = income.map((M, i) => (turnover[i] > 0 ? (M - cost[i]) / turnover[i] : 1));
  const poorest = left.reduce((least, x, i) => (x < left[least] ? i : least), 0);
  return { ...loop, status: "slo-unaffordable", prices, poorest };
}
