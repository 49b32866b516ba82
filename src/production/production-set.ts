/**
 * A firm's production set Y_a ⊂ H, closed and convex (model.md section 2).
 *
 * Every array has shape [metrics, nodes], node fastest, in the agent's own order of metrics. Prices p are densities:
 * the value of y is ⟨p,y⟩ = Σ_r Σ_n w_n p_rn y_rn, with the quadrature weights w known to the set. Prices are ≥ 0 and
 * may be exactly 0 (free commodities); quantities there are the limits p → 0⁺, and an agent whose prices are all 0
 * supplies its center. No method may return NaN for finite p ≥ 0 with at least one positive price.
 */
export interface ProductionSet {
  /** Name of the family, e.g. "ellipsoid". */
  readonly family: string;
  readonly metrics: number;
  readonly nodes: number;
  /** h(p) = max { ⟨p,y⟩ : y ∈ Y }: convex, homogeneous of degree 1. */
  profit(p: Float64Array): number;
  /** η(p) = ∇h(p), the net puts: outputs positive, inputs negative; homogeneous of degree 0. Writes `out`. */
  supply(p: Float64Array, out: Float64Array): void;
  /** dη = η'(p)·dp. Writes `out`. */
  supplyDerivative(p: Float64Array, dp: Float64Array, out: Float64Array): void;
  /**
   * Own-price response p_k ∂η_k/∂p_k ≥ 0 of every metric at every instant (h is convex), shape [metrics, nodes], in
   * units of supply: p_k times entry k of supplyDerivative along the unit vector e_k. Finite also where prices are 0
   * (the limit p → 0⁺, 0 where it depends on the path, and 1e300 at most). Absent: taken as 0. A preconditioner's
   * ingredient (model.md section 5, nest-wise step). Writes `out`.
   */
  ownResponse?(p: Float64Array, out: Float64Array): void;
  /** Relative distance of y outside Y (0 inside), decided from the set's definition, never from h or η. */
  gap(y: Float64Array): number;
  /** lower ≤ η(p) ≤ upper at every p ≥ 0, per metric and node; ±Infinity where there is no bound. */
  bounds(): { readonly lower: Float64Array; readonly upper: Float64Array };
  /** What the contraction theorems (model.md section 6) may assume of this set; absent means nothing. */
  readonly theory?: SupplyTheory;
}

export interface SupplyTheory {
  /** null where T1's hypothesis on agents holds (net puts ≥ 0; ellipsoid with center ≥ 0, point, or input-free frontier); else why not. */
  readonly t1: string | null;
  /** null where T3's hypothesis holds (ellipsoid or point with center ≥ 0); else why not. */
  readonly t3: string | null;
  /** Bound e on the supply's own-price elasticity, used in the default step λ = 1/(σ_max + e_S). */
  readonly elasticity: number;
  /** The supply jumps at ties, so that an equilibrium may need a mixture that no price iteration reaches. */
  readonly jumps?: boolean;
}
