import type { Grid } from "../time/grid.js";

/**
 * A consumer's homothetic preferences over commodity-instants (model.md section 3), in the variables the market uses.
 * Every array over leaves has shape [leaves, nodes], node fastest. Floors, incomes and endowments are the consumer's, not
 * the preferences'.
 */
export interface Preferences {
  /** Commodity index of each leaf, distinct. */
  readonly leaves: Int32Array;
  readonly nodes: number;
  /**
   * The price sweep and the demand sweep. Writes the budget shares s_ln ≥ 0, Σ s = 1 (Shephard: s = ∂log E/∂log p) at
   * log prices q and returns log E(p), E the price of one unit of utility, homogeneous of degree 1.
   */
  shares(q: Float64Array, out: Float64Array): number;
  /** Directional derivative of `shares` along dq: writes ds and returns dlog E. */
  sharesDerivative(q: Float64Array, dq: Float64Array, out: Float64Array): number;
  /**
   * log U of quantities c ≥ 0 beyond the floors, bottom-up from quantities. What reaches a node or commodity with several
   * parents is split among them as the demand sweep at q splits it: feasible, so a lower bound on utility.
   */
  logUtility(q: Float64Array, c: Float64Array): number;
}

/**
 * Preferences that the user wrote, for a grid and demand intensity ρ [N] (Σ w ρ = 1); leaves are numbered as the commodities
 * were named. `leaves` of what it returns is not used.
 */
export type WritePreferences = (grid: Grid, intensity: Float64Array) => Omit<Preferences, "leaves">;
