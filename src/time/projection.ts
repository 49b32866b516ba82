import { type Grid, sameNodes } from "./grid.js";

/**
 * ∫ f dt ≈ Σ_n w_n f_n over [0, T].
 * @param values f at the grid's nodes, shape [N].
 */
export function integrate(values: ArrayLike<number>, grid: Grid): number {
  let sum = 0;
  for (let n = 0; n < grid.nodes; n++) sum += grid.weights[n] * values[n];
  return sum;
}

/**
 * L² projection of a function constant on `values.length` equal cells onto `nodes` equal cells: the average over each
 * new cell (model.md section 1). Exact, also when neither number divides the other; keeps the integral.
 *
 * In units of 1/(old·new) of the interval both kinds of cell have integer ends, so the overlaps are exact integers.
 *
 * @param values cell values, shape [old]. @returns shape [nodes].
 */
export function projectCells(values: ArrayLike<number>, nodes: number): Float64Array {
  const old = values.length;
  const out = new Float64Array(nodes);
  for (let i = 0; i < nodes; i++) {
    const begin = i * old;
    const end = begin + old;
    let sum = 0;
    for (let j = Math.floor(begin / nodes); j * nodes < end; j++) {
      sum += (Math.min(end, (j + 1) * nodes) - Math.max(begin, j * nodes)) * values[j];
    }
    out[i] = sum / old;
  }
  return out;
}

/** Above this many nodes polynomial interpolation costs more than a warm start is worth. */
const SPECTRAL_LIMIT = 64;

/**
 * Log prices on one grid as a warm start on another of the same horizon (nested iteration, model.md section 1).
 *
 * Coinciding nodes: a copy. From gauss-legendre with at most 64 nodes: the interpolating polynomial, where the row is
 * finite. Otherwise linear between nodes and constant beyond the first and last; between a finite value and an
 * infinite one (log price −∞ is a free commodity) the nearer of the two is taken, the finite one half way.
 *
 * @param values shape [rows, from.nodes], without NaN. @returns shape [rows, to.nodes], without NaN.
 */
export function prolong(values: Float64Array, rows: number, from: Grid, to: Grid): Float64Array {
  if (values.length !== rows * from.nodes) {
    throw new RangeError(`prolong got ${values.length} values for ${rows} rows of ${from.nodes} nodes`);
  }
  if (sameNodes(from, to)) return Float64Array.from(values);
  const spectral = from.rule === "gauss-legendre" && from.nodes <= SPECTRAL_LIMIT;
  const linear = linearStencil(from.t, to.t);
  const polynomial = spectral ? interpolationMatrix(from, to.t) : null;
  const out = new Float64Array(rows * to.nodes);
  for (let row = 0; row < rows; row++) {
    const source = values.subarray(row * from.nodes, (row + 1) * from.nodes);
    const target = out.subarray(row * to.nodes, (row + 1) * to.nodes);
    if (polynomial !== null && source.every(Number.isFinite)) applyMatrix(polynomial, source, target);
    else applyStencil(linear, source, target);
  }
  return out;
}

/** Value at point n: (1 − fraction)·left + fraction·right, left = values[index], right = values[index + 1]. */
interface Stencil {
  readonly index: Int32Array;
  readonly fraction: Float64Array;
}

function linearStencil(nodes: Float64Array, points: Float64Array): Stencil {
  const index = new Int32Array(points.length);
  const fraction = new Float64Array(points.length);
  let k = 0;
  for (let n = 0; n < points.length; n++) {
    while (k < nodes.length - 2 && nodes[k + 1] <= points[n]) k++;
    index[n] = k;
    const along = nodes.length === 1 ? 0 : (points[n] - nodes[k]) / (nodes[k + 1] - nodes[k]);
    fraction[n] = Math.min(1, Math.max(0, along));
  }
  return { index, fraction };
}

function applyStencil({ index, fraction }: Stencil, source: Float64Array, target: Float64Array): void {
  for (let n = 0; n < target.length; n++) {
    const left = source[index[n]];
    const right = source[Math.min(index[n] + 1, source.length - 1)];
    target[n] = blend(left, right, fraction[n]);
  }
}

function blend(left: number, right: number, fraction: number): number {
  if (Number.isFinite(left) && Number.isFinite(right)) return left + fraction * (right - left);
  if (fraction === 0.5) return Number.isFinite(left) ? left : right;
  return fraction < 0.5 ? left : right;
}

/**
 * Barycentric Lagrange interpolation from a Gauss–Legendre grid, shape [points, N]: row n holds the values at point n
 * of the Lagrange polynomials, whose barycentric weights are (−1)^k √((1 − x_k²) w_k).
 */
function interpolationMatrix(from: Grid, points: Float64Array): Float64Array {
  const barycentric = from.t.map((t, k) => (-1) ** k * Math.sqrt(t * (from.horizon - t) * from.weights[k]));
  const matrix = new Float64Array(points.length * from.nodes);
  for (let n = 0; n < points.length; n++) {
    const row = matrix.subarray(n * from.nodes, (n + 1) * from.nodes);
    const hit = from.t.indexOf(points[n]);
    if (hit >= 0) {
      row[hit] = 1;
      continue;
    }
    let sum = 0;
    for (let k = 0; k < row.length; k++) sum += row[k] = barycentric[k] / (points[n] - from.t[k]);
    for (let k = 0; k < row.length; k++) row[k] /= sum;
  }
  return matrix;
}

function applyMatrix(matrix: Float64Array, source: Float64Array, target: Float64Array): void {
  for (let n = 0; n < target.length; n++) {
    let sum = 0;
    for (let k = 0; k < source.length; k++) sum += matrix[n * source.length + k] * source[k];
    target[n] = sum;
  }
}
