/**
 * ⟨p,y⟩ = Σ_r Σ_n w_n p_rn y_rn (model.md section 1).
 *
 * @param weights quadrature weights w, shape [N].
 * @param p shape [R, N]. @param y shape [R, N], beginning at `offset` of the array.
 */
export function pairing(weights: Float64Array, p: Float64Array, y: Float64Array, offset = 0): number {
  const nodes = weights.length;
  let sum = 0;
  for (let row = 0; row < p.length; row += nodes) {
    for (let n = 0; n < nodes; n++) sum += weights[n] * p[row + n] * y[offset + row + n];
  }
  return sum;
}

/** target += factor · (the slice of source that begins at `offset`). */
export function addScaled(target: Float64Array, factor: number, source: Float64Array, offset = 0): void {
  for (let k = 0; k < target.length; k++) target[k] += factor * source[offset + k];
}

/** Euclidean length of v, without overflow or underflow of the squares. */
export function euclidean(v: Float64Array): number {
  let largest = 0;
  for (let j = 0; j < v.length; j++) largest = Math.max(largest, Math.abs(v[j]));
  if (largest === 0) return 0;
  let sum = 0;
  for (let j = 0; j < v.length; j++) sum += (v[j] / largest) ** 2;
  return largest * Math.sqrt(sum);
}
