/** The arrays beside the file of an NPZ economy (formats.md, "NPZ economies"). Methods throw InputError for arrays that are damaged. */
export interface ArraySource {
  /** In the archive's order. */
  readonly names: readonly string[];
  /** What the array says it holds; values are not read. */
  describe(name: string): ArrayFacts;
  /**
   * Called once, before any values are read, with how many values the economy refers to in each array. Throws InputError
   * where there is more than that: arrays the economy has no use for, or far too large for it.
   */
  admit(used: ReadonlyMap<string, number>): void;
  /** Values of a numeric array, the last axis fastest. */
  numbers(name: string): Float64Array;
}

export interface ArrayFacts {
  readonly shape: readonly number[];
  readonly kind: "float" | "integer" | "text";
  /** For messages: `float64`, `int32`. */
  readonly type: string;
}
