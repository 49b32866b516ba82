/**
 * Logarithm of a weighted power mean, the index of every CES and CET aggregate (model.md sections 2 and 3):
 *
 *     M_δ = (1/δ) log Σ_i a_i e^{δ y_i} ,   M_0 = Σ_i a_i y_i ,   M_{±∞} = max / min of the y_i with a_i > 0
 *
 * A price index of elasticity σ over log prices y is M_{1−σ}.
 *
 * @param delta δ, any real number or ±Infinity. The mean is continuous in δ, also through 0.
 * @param weights a_i ≥ 0, shape [n], normalised: Σ a_i = 1. Unnormalised weights add log(Σa)/δ, which is the caller's.
 * @param y log values, shape [n], |y_i| < 1e300 or ±Infinity. At δ = 0 an entry of −Infinity outweighs one of +Infinity.
 * @returns a number between min y and max y, to about 1e-15·max|y|; never NaN unless an argument is.
 */
export function logPowerMean(delta: number, weights: ArrayLike<number>, y: ArrayLike<number>): number {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < y.length; i++) {
    if (weights[i] === 0) continue;
    if (y[i] < low) low = y[i];
    if (y[i] > high) high = y[i];
  }
  if (low === high || delta === Infinity) return high;
  if (delta === -Infinity) return low;
  if (low === -Infinity && delta <= 0) return -Infinity;
  if (high === Infinity && delta >= 0) return Infinity;
  const spread = Math.abs(delta) * (high - low);
  if (spread <= 1) return centredMean(spread > 1e-17 ? delta : 0, weights, y, high);
  return shiftedMean(delta, weights, y, delta > 0 ? high : low);
}

/**
 * For |δ|(max y − min y) ≤ 1. Around the arithmetic mean m the first-order terms cancel, so that
 * M = m + (1/δ) log(1 + Σ a_i (e^{δ(y_i − m)} − 1)) keeps its digits however small δ is; and a rounding error in Σ a_i,
 * which the plain formula divides by δ, does not enter.
 */
function centredMean(
  delta: number,
  weights: ArrayLike<number>,
  y: ArrayLike<number>,
  origin: number,
): number {
  let mean = 0;
  for (let i = 0; i < y.length; i++) {
    if (weights[i] !== 0) mean += weights[i] * (y[i] - origin);
  }
  mean += origin;
  if (delta === 0) return mean;
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    if (weights[i] !== 0) sum += weights[i] * Math.expm1(delta * (y[i] - mean));
  }
  return mean + Math.log1p(sum) / delta;
}

/** Elsewhere: shifted by the entry that dominates, so that no exponential overflows. */
function shiftedMean(delta: number, weights: ArrayLike<number>, y: ArrayLike<number>, shift: number): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    if (weights[i] !== 0) sum += weights[i] * Math.exp(delta * (y[i] - shift));
  }
  return shift + Math.log(sum) / delta;
}
