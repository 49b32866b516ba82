/** Numbers of one precision or the other. */
export type Reals = Float64Array | Float32Array;

/** Of vectors; sums and single numbers are float64 always. */
export type Precision = "float64" | "float32";
