import { constantAt } from "../contraction/best-step.js";
import { contractionBound } from "../contraction/bound.js";
import type { RitzPair } from "../contraction/ritz.js";
import { sampledConstant } from "../contraction/sampled.js";
import { uniformSource } from "../core/rng.js";
import type { Economy } from "../economy/economy.js";
import type { Candidate } from "./candidates.js";
import type { MapMeasurement, Theory } from "./convergence.js";
import type { Point } from "./equilibrium.js";
import { distance, type MapOptions, roundingFloor, runNearby, runPlainMap } from "./plain-map.js";
import { onesOf, stepsFor } from "./solver-runs.js";

/** Distance of the perturbed start, where T_λ contracts near p* and where it expands. */
const NEARBY = 1e-3;
const VERY_NEAR = 1e-6;
/** Distance that runs from p = 1 are timed to. */
const CLOSE = 1e-8;
/** A run near p* has departed when this many times as far as at the start; one from afar when prices leave float64. */
const DEPARTED = 1e3;
const FARTHEST = 600;
/** Steps of a plain map: fewer with many prices, so that a run takes seconds. */
const MOST_STEPS = 4000;
const LEAST_STEPS = 100;
const PRICE_STEPS = 8e6;
/** Prices that the norm of J_λ is sampled at, and up to how many prices it is that of the dense matrix. */
const SAMPLES = 8;
const DENSE = 128;

export interface MapMeasurementOptions {
  /** Of the perturbation and the sampled prices; default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** Measures T_λ for one λ around the equilibrium and from p = 1, beside what theory says of it. */
export async function measureMap(
  economy: Economy,
  theory: Theory,
  point: Point,
  { step, origin }: Candidate,
  { seed = 0, signal }: MapMeasurementOptions,
): Promise<MapMeasurement> {
  const { market, star, active, pairs, error } = point;
  const local = constantAt(pairs, step);
  const size = local < 1 ? NEARBY : VERY_NEAR;
  const target = Math.max(CLOSE, roundingFloor(error));
  const shared: Omit<MapOptions, "farthest"> = {
    step,
    star,
    active,
    error,
    target,
    maxSteps: Math.max(LEAST_STEPS, Math.min(MOST_STEPS, Math.round(PRICE_STEPS / active.length))),
    turn: turnOf(pairs, step),
    signal,
  };
  const sampled = await sampledConstant(market, star, step, { samples: SAMPLES, dense: DENSE, seed });
  const { bound } = contractionBound(economy, step);
  const ones = onesOf(economy).map(Math.log);
  const far = await runPlainMap(market, ones, { ...shared, farthest: FARTHEST });
  const nearby = perturbed(point, size, seed);
  const epsilon = target / far.distances[0][1];
  return {
    step,
    origin,
    bound,
    interval: theory.interval && intervalConstant(theory.interval, step),
    local,
    sampled: sampled?.constant ?? null,
    near: await runNearby(market, nearby, { ...shared, farthest: DEPARTED * size }),
    far,
    target,
    expected: stepsFor(epsilon, local),
    guaranteed: stepsFor(epsilon, bound),
  };
}

/** p* moved in a random direction, by `size` in Hilbert's metric; where only one price can move, p* itself. */
function perturbed({ star, active }: Point, size: number, seed: number): Float64Array {
  const uniform = uniformSource(seed);
  const noise = new Float64Array(star.length);
  for (const i of active) noise[i] = 2 * uniform() - 1;
  const apart = distance(noise, new Float64Array(star.length), active);
  return apart > 0 ? star.map((x, i) => x + (size / apart) * noise[i]) : star;
}

/** The angle of the eigenvalue of J_λ that leads. */
function turnOf(pairs: readonly RitzPair[], step: number): number {
  let [largest, turn] = [-1, 0];
  for (const { re, im } of pairs) {
    const [x, y] = [1 - step * re, step * im];
    if (Math.hypot(x, y) > largest) [largest, turn] = [Math.hypot(x, y), Math.abs(Math.atan2(y, x))];
  }
  return turn;
}

/** The largest |1 − λθ| over θ in [m, L]. */
export function intervalConstant(
  { least, largest }: { readonly least: number; readonly largest: number },
  step: number,
): number {
  return Math.max(Math.abs(1 - step * least), Math.abs(1 - step * largest));
}
