import ndarray, { type NdArray } from "ndarray";

/**
 * The public form of an array in host memory: float64, row-major, sharing `data`.
 * @param shape lengths of the axes; their product is data.length.
 */
export function hostArray(data: Float64Array, shape: readonly number[]): NdArray<Float64Array> {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length)
    throw new RangeError(`${data.length} values do not fill shape [${shape.join(", ")}]`);
  return ndarray(data, [...shape]);
}
