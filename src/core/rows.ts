import type { Reals } from "./reals.js";

/** The same numbers in the same places; NaN equals nothing. */
export function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}

/** Copies rows `rows[i]` of `matrix` [*, width] into row i of `out`. */
export function gatherRows(matrix: Reals, rows: Int32Array, width: number, out: Float64Array): Float64Array {
  for (let i = 0; i < rows.length; i++) {
    out.set(matrix.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  }
  return out;
}
