import type { Precision } from "../../core/reals.js";
import { DEEPEST, FREE_DEPTH } from "../../market/allocation.js";

/** How far the numbers of a precision reach. */
export interface Range {
  /** Log prices in the limit p → 0⁺ are so far below the least, but not below the deepest. */
  readonly depth: number;
  readonly deepest: number;
  /** Sums of squares of prices below which they have lost their digits. */
  readonly vanishing: number;
  /** f is reported within ± this: SAFE_EXPONENT of kernels/real.h. */
  readonly limit: number;
  /** MarketHints.resolution. */
  readonly resolution: number;
}

export const RANGES: Readonly<Record<Precision, Range>> = {
  float64: { depth: FREE_DEPTH, deepest: DEEPEST, vanishing: 1e-280, limit: 700, resolution: 1e-12 },
  float32: { depth: 40, deepest: -80, vanishing: 1e-30, limit: 86, resolution: 1e-6 },
};
