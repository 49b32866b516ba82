import { type Market, multiple, type Readout } from "../market/market.js";
import { geometricRate, type Rate } from "./rate.js";

/** How a run of the plain map ended. */
export type MapStatus =
  /** So close to p* that rounding decides. */
  | "converged"
  /** Still above rounding after all steps allowed, nearer or not. */
  | "max-steps"
  /** Away from p*: beyond `farthest`. */
  | "departed"
  /** At rest, but not at p*. */
  | "elsewhere"
  /** At prices where f is not defined, since some orchestrator cannot pay its floors. */
  | "unaffordable"
  | "non-finite"
  | "cancelled";

/** The plain map q ← q + λ f(q) from one start: no clipping, no backtracking, nothing freed on the way. */
export interface MapRun extends Rate {
  readonly status: MapStatus;
  readonly steps: number;
  /** osc(log p_k − log p*) for k = 0, 1, …; thinned where there are many. */
  readonly distances: readonly (readonly [step: number, distance: number])[];
  /** Largest factor of any one step above rounding, less what the error of p* may make of it; null where there is none. */
  readonly worst: number | null;
  /** First step at which the distance is at most `target`; null where it never is. */
  readonly reached: number | null;
}

export interface MapOptions {
  readonly step: number;
  /** Log prices of the equilibrium, the instants that count, and how far they may be from the true ones. */
  readonly star: Float64Array;
  readonly active: Int32Array;
  readonly error: number;
  /** Distance at which the run has departed. */
  readonly farthest: number;
  /** Distance that `reached` is about. */
  readonly target: number;
  readonly maxSteps: number;
  /** The angle by which the leading eigenvalue of J_λ turns. */
  readonly turn: number;
  readonly signal?: AbortSignal;
}

/** Distances below so many times the error of p*, or below the second, are rounding. */
const ABOVE_ERROR = 30;
const LEAST_DISTANCE = 1e-12;
/** osc f below which prices are at rest, and the distance from p* beyond which they rest elsewhere. */
const REST = 1e-12;
const ELSEWHERE = 1e-6;
/** Distances that a history keeps. */
const KEPT = 400;
/** Steps in all over which a rate may settle: a mode that is slower by 1 % grows a thousandfold beside the others. */
const SETTLING = 700;

/** Distance at which rounding begins to decide. */
export function roundingFloor(error: number): number {
  return Math.max(LEAST_DISTANCE, ABOVE_ERROR * error);
}

/** Iterates T_λ from `start` on a market whose free instants are frozen. */
export async function runPlainMap(
  market: Market<Float64Array>,
  start: Float64Array,
  options: MapOptions,
): Promise<MapRun> {
  return (await run(market, start, options)).run;
}

/**
 * The same from near p*. A random deviation may have little of the slowest mode, which shows only after more steps than there
 * are digits: so the deviation is brought back to its first size as often as it takes, and the rate is that of the last of
 * these runs; the rest is said of the first.
 */
export async function runNearby(
  market: Market<Float64Array>,
  start: Float64Array,
  options: MapOptions,
): Promise<MapRun> {
  const { star, active } = options;
  const size = distance(start, star, active);
  const first = await run(market, start, options);
  let [last, steps] = [first, first.run.steps];
  while (steps < Math.min(SETTLING, options.maxSteps) && last.clear !== null) {
    if (last.run.status !== "converged" && last.run.status !== "departed") break;
    const scale = size / distance(last.clear, star, active);
    const inflated = last.clear.map((x, i) => star[i] + scale * (x - star[i]));
    last = await run(market, inflated, options);
    steps += last.run.steps;
  }
  return { ...first.run, rate: last.run.rate, settled: last.run.settled };
}

/** A run, and its last iterate above rounding. */
async function run(
  market: Market<Float64Array>,
  start: Float64Array,
  options: MapOptions,
): Promise<{ run: MapRun; clear: Float64Array | null }> {
  const { star, active, step, error, target, turn } = options;
  const floor = roundingFloor(error);
  const history: number[] = [];
  let [q, clear]: [Float64Array, Float64Array | null] = [start, null];
  let status: MapStatus | null = null;
  while (status === null) {
    const f = market.create();
    const readout = await market.residual(q, f);
    history.push(distance(q, star, active));
    if (history[history.length - 1] > floor) clear = q;
    status = ended(history, readout, options);
    const next = market.create();
    market.advance(q, multiple(step, f), Infinity, next);
    q = next;
  }
  const rounded = history.findIndex((d) => !(d > floor && d < Infinity));
  const above = rounded < 0 ? history : history.slice(0, rounded);
  const reached = history.findIndex((d) => d <= target);
  const found: MapRun = {
    status,
    steps: history.length - 1,
    distances: thinned(history),
    ...geometricRate(above, history[above.length], turn),
    worst: worstFactor(above, error),
    reached: reached < 0 ? null : reached,
  };
  return { run: found, clear };
}

function ended(
  history: readonly number[],
  { finite, afford, oscillation }: Readout,
  { error, farthest, maxSteps, signal }: MapOptions,
): MapStatus | null {
  const now = history[history.length - 1];
  if (!finite || !Number.isFinite(now)) return "non-finite";
  if (now <= roundingFloor(error)) return "converged";
  if (!(afford > 0)) return "unaffordable";
  if (now > farthest) return "departed";
  if (oscillation < REST) return now > ELSEWHERE ? "elsewhere" : "converged";
  if (signal?.aborted) return "cancelled";
  return history.length > maxSteps ? "max-steps" : null;
}

/** Hilbert's projective metric over the active instants; 0 over none. */
export function distance(q: Float64Array, star: Float64Array, active: Int32Array): number {
  let [low, high] = [Infinity, -Infinity];
  for (const i of active) {
    const apart = q[i] - star[i];
    if (Number.isNaN(apart)) return Number.NaN;
    if (apart < low) low = apart;
    if (apart > high) high = apart;
  }
  return Math.max(0, high - low);
}

function worstFactor(history: readonly number[], error: number): number | null {
  let worst: number | null = null;
  for (let k = 1; k < history.length; k++) {
    worst = Math.max(worst ?? 0, (history[k] - 2 * error) / history[k - 1]);
  }
  return worst;
}

/** At most KEPT of the history, evenly, and its end. */
function thinned(history: readonly number[]): [number, number][] {
  const stride = Math.ceil(history.length / KEPT);
  return history.flatMap((d, k): [number, number][] =>
    k % stride === 0 || k === history.length - 1 ? [[k, d]] : [],
  );
}
