/**
 * The largest absolute value in each metric's row over several arrays, repeated along the row: the unit in which a
 * distance in that metric is relative.
 * @param arrays each of shape [metrics, nodes]. @returns shape [metrics, nodes].
 */
export function rowScales(arrays: readonly Float64Array[], metrics: number): Float64Array {
  const scales = new Float64Array(arrays[0].length);
  const nodes = scales.length / metrics;
  for (let row = 0; row < scales.length; row += nodes) {
    let largest = 0;
    for (const array of arrays) {
      for (let k = row; k < row + nodes; k++) largest = Math.max(largest, Math.abs(array[k]));
    }
    scales.fill(largest, row, row + nodes);
  }
  return scales;
}
