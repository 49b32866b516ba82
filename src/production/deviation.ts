/**
 * A closed convex set V of deviations from an agent's center, one summand of Y = ȳ + V₁ + V₂ + … (model.md section 2:
 * an agent with radius and modes has the sum of both). Support functions of sums add, and so do supplies.
 *
 * Arrays have shape [metrics, nodes], node fastest. Where no price that V responds to is positive, V contributes
 * nothing: neither supply nor derivative nor response.
 */
export interface Deviation {
  /** max { ⟨p,v⟩ : v ∈ V }. */
  profit(p: Float64Array): number;
  /** out += the v that attains it. */
  addSupply(p: Float64Array, out: Float64Array): void;
  /** out += the derivative of that v along dp. */
  addDerivative(p: Float64Array, dp: Float64Array, out: Float64Array): void;
  /** out += p_k ∂v_k/∂p_k, finite and ≥ 0. */
  addOwnResponse(p: Float64Array, out: Float64Array): void;
  /** Widens [lower, upper] by what v can be over all p ≥ 0. */
  addBounds(lower: Float64Array, upper: Float64Array): void;
}
