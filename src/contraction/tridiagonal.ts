/** Eigenvalues of a symmetric tridiagonal matrix, least first, and |last entry| of the unit vector of each. */
export interface TridiagonalPairs {
  readonly values: Float64Array;
  readonly lastEntries: Float64Array;
}

/** A matrix of smaller entries than this is 0. */
const LEAST = 1e-300;

/**
 * The implicit QL algorithm (Wilkinson's shift, with which it always ends) on a symmetric tridiagonal matrix, its rotations applied
 * to the last row of the vectors only: O(n²). What is below the rounding of the largest entry counts as 0. NaN where the matrix is not finite.
 *
 * @param diagonal shape [n]
 * @param below the entries below it, shape [n−1] or longer
 */
export function tridiagonalPairs(diagonal: ArrayLike<number>, below: ArrayLike<number>): TridiagonalPairs {
  const n = diagonal.length;
  const d = Float64Array.from(diagonal);
  const e = Float64Array.from({ length: n }, (_, j) => (j + 1 < n ? below[j] : 0));
  const last = new Float64Array(n);
  if (n > 0) last[n - 1] = 1;
  const scale = Math.max(largest(d), largest(e), LEAST);
  if (!Number.isFinite(scale)) return { values: d.fill(Number.NaN), lastEntries: last.fill(Number.NaN) };
  for (let j = 0; j < n; j++) [d[j], e[j]] = [d[j] / scale, e[j] / scale];
  for (let first = 0; first < n; first++) {
    for (let end = blockEnd(e, first); end > first; end = blockEnd(e, first)) sweep(d, e, last, first, end);
  }
  const order = [...d.keys()].sort((a, b) => d[a] - d[b]);
  return {
    values: Float64Array.from(order, (j) => scale * d[j]),
    lastEntries: Float64Array.from(order, (j) => Math.abs(last[j])),
  };
}

/** Where the block that begins at `first` ends: the entry below its diagonal there is rounding. */
function blockEnd(e: Float64Array, first: number): number {
  let end = first;
  while (end < e.length - 1 && Math.abs(e[end]) > Number.EPSILON) end++;
  return end;
}

/** One QL sweep over the block from `first` to `end` of entries up to 1; `row` is a row of the vectors. */
function sweep(d: Float64Array, e: Float64Array, row: Float64Array, first: number, end: number): void {
  const half = (d[first + 1] - d[first]) / (2 * e[first]);
  let g = d[end] - d[first] + e[first] / (half + Math.sign(half || 1) * Math.sqrt(half * half + 1));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = end - 1; i >= first; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= shift;
      e[end] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1] - shift;
    const t = (d[i] - g) * sine + 2 * cosine * b;
    shift = sine * t;
    d[i + 1] = g + shift;
    g = cosine * t - b;
    const below = row[i + 1];
    row[i + 1] = sine * row[i] + cosine * below;
    row[i] = cosine * row[i] - sine * below;
  }
  d[first] -= shift;
  e[first] = g;
  e[end] = 0;
}

function largest(values: Float64Array): number {
  return values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}
