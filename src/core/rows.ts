/** Copies rows `rows[i]` of `matrix` [*, width] into row i of `out`. */
export function gatherRows(
  matrix: Float64Array,
  rows: Int32Array,
  width: number,
  out: Float64Array,
): Float64Array {
  for (let i = 0; i < rows.length; i++) {
    out.set(matrix.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  }
  return out;
}
