import { uniformSource } from "../../src/core/rng.js";

/** Log prices drawn uniformly from [−width, width], shape [length]. */
export function randomLogPrices(seed: number, length: number, width = 1): Float64Array {
  const uniform = uniformSource(seed);
  return Float64Array.from({ length }, () => width * (2 * uniform() - 1));
}

/** osc(a − b): Hilbert's projective metric between exp a and exp b. */
export function hilbert(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [high, low] = [-Infinity, Infinity];
  for (let i = 0; i < a.length; i++) {
    high = Math.max(high, a[i] - b[i]);
    low = Math.min(low, a[i] - b[i]);
  }
  return high - low;
}

export function largest(values: Iterable<number>): number {
  let max = 0;
  for (const x of values) {
    if (Number.isNaN(x)) return Number.NaN;
    max = Math.max(max, Math.abs(x));
  }
  return max;
}
