import type { Matrix } from "ml-matrix";
import { uniformSource } from "../core/rng.js";
import type { Market } from "../market/market.js";
import { activeInstants, linearize } from "./linearization.js";

export interface SampledOptions {
  /** Prices sampled, the given ones first; default 16. */
  readonly samples?: number;
  /** How many decades up and down the widest sample reaches; default 3. */
  readonly decades?: number;
  readonly seed?: number;
  /** Up to this many active prices the norm is that of the dense matrix, beyond a lower bound from random directions; default 256. */
  readonly dense?: number;
}

/** The largest norm of J_λ that was met. */
export interface SampledConstant {
  /** A lower bound of the global Lipschitz constant of T_λ in Hilbert's metric. */
  readonly constant: number;
  /** Log prices where it was met, shape [commodities, nodes]. */
  readonly at: Float64Array;
  /** Prices at which J_λ was finite and everybody's floors affordable, of those sampled. */
  readonly samples: number;
}

/** Random directions at each price, where the matrix is too large. */
const DIRECTIONS = 8;

/**
 * The sampled constant of model.md section 6: the largest norm of J_λ = I − λE in osc, which is the metric's, over prices
 * sampled around given ones: their logs are moved uniformly, each by itself, by commodity or by instant in turn, by up to a width
 * that grows from some hundredths of `decades` to all of it. What is frozen stays frozen. The market is left at the last of them.
 *
 * @param q log prices, shape [commodities, nodes]
 * @param step λ > 0
 * @returns null where J_λ was finite at none of them
 */
export async function sampledConstant(
  market: Market<Float64Array>,
  q: Float64Array,
  step: number,
  { samples = 16, decades = 3, seed = 0, dense = 256 }: SampledOptions = {},
): Promise<SampledConstant | null> {
  const uniform = uniformSource(seed);
  const active = activeInstants(market, q);
  let [found, at, evaluated] = [-Infinity, q, 0];
  for (let k = 0; k < samples; k++) {
    const width = k === 0 ? 0 : Math.LN10 * decades * 10 ** ((-2 * (samples - 1 - k)) / samples);
    const moves = pattern(market.shape, k, uniform);
    const point = q.map((x, i) => x + width * moves[i]);
    const norm = await (active.length <= dense ? denseNorm : directionalNorm)(market, point, step, uniform);
    if (norm === null) continue;
    evaluated++;
    if (norm > found) [found, at] = [norm, point];
  }
  return evaluated === 0 ? null : { constant: found, at, samples: evaluated };
}

/** Numbers in [−1, 1): one for each entry, for each commodity, or for each instant, in turn. */
function pattern(
  [commodities, nodes]: readonly [number, number],
  turn: number,
  uniform: () => number,
): Float64Array {
  const draw = (length: number) => Float64Array.from({ length }, () => 2 * uniform() - 1);
  const drawn = draw([commodities * nodes, commodities, nodes][turn % 3]);
  const of = [(i: number) => i, (i: number) => Math.floor(i / nodes), (i: number) => i % nodes][turn % 3];
  return Float64Array.from({ length: commodities * nodes }, (_, i) => drawn[of(i)]);
}

/** The osc-norm of J_λ at q; null where it is not defined, or not finite. */
async function denseNorm(
  market: Market<Float64Array>,
  q: Float64Array,
  step: number,
): Promise<number | null> {
  const linearization = await linearize(market, q);
  return linearization && dobrushin(linearization.elasticities, step);
}

/**
 * Dobrushin's coefficient of J = I − λE, max over v of osc(Jv)/osc(v): since the rows of E sum to 0, half the largest ℓ¹
 * distance between two rows of J. 0 for one row.
 *
 * @param elasticities E, shape [n, n]
 */
export function dobrushin(elasticities: Matrix, step: number): number {
  const rows = elasticities.to2DArray().map((row, k) => {
    return Float64Array.from(row, (x, l) => (k === l ? 1 : 0) - step * x);
  });
  let largest = 0;
  rows.forEach((a, k) => {
    for (const b of rows.slice(0, k)) largest = Math.max(largest, distance(a, b));
  });
  return largest / 2;
}

/** Σ_l |a_l − b_l|. */
function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let l = 0; l < a.length; l++) sum += Math.abs(a[l] - b[l]);
  return sum;
}

/** A lower bound of it: the largest osc(Jv)/osc(v) over random directions of signs, by entry, by commodity, by instant. */
async function directionalNorm(
  market: Market<Float64Array>,
  q: Float64Array,
  step: number,
  uniform: () => number,
): Promise<number | null> {
  const { finite, afford } = await market.residual(q, market.create());
  if (!finite || !(afford > 0)) return null;
  const active = activeInstants(market, q);
  let largest = 0;
  const product = market.create();
  for (let d = 0; d < DIRECTIONS; d++) {
    const v = pattern(market.shape, d, uniform).map(Math.sign);
    const before = oscillation(v, active);
    if (before === 0) continue;
    await market.derivative(q, v, product);
    const after = oscillation(
      v.map((x, i) => x + step * product[i]),
      active,
    );
    if (!Number.isFinite(after)) return null;
    largest = Math.max(largest, after / before);
  }
  return largest;
}

/** max − min over the active instants. */
function oscillation(v: Float64Array, active: Int32Array): number {
  let [low, high] = [Infinity, -Infinity];
  for (const i of active) {
    if (!Number.isFinite(v[i])) return Number.NaN;
    low = Math.min(low, v[i]);
    high = Math.max(high, v[i]);
  }
  return high - low;
}
