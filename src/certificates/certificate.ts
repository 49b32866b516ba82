/** The result of verifying prices against an economy (model.md section 7); field names are formats.md's. Unknown is null. */
export interface Certificate {
  /** Item 1: max over commodity-instants of |z|/(time mean of S_m); free instants count only z > 0. */
  readonly clearing: number;
  /** Item 2: |⟨p,z⟩| / Σ M_i. */
  readonly walras: number;
  /** Item 3: (h_a(p) − ⟨p,y_a⟩) relative, and membership gap of y_a, worst agents. */
  readonly profit_gap: number;
  readonly membership_gap: number;
  /** Item 4: |⟨p,c_i⟩ − M_i|/M_i and |⟨p,c_i⟩ − e_i(p,u_i(c_i))|/M_i, worst orchestrators. */
  readonly budget_gap: number;
  readonly expenditure_gap: number;
  /** Item 5: Debreu's coefficient of resource utilisation, ≤ 1; null where the rationed allocation does not cover the floors. */
  readonly utilization: number | null;
  /** Commodity-instants with price 0. */
  readonly free: readonly { readonly commodity: string; readonly nodes: readonly number[] }[];
  /** Item 7. */
  readonly contraction: ContractionReport;
  /** Bound (where T1 holds) or estimate of osc(log p − log p*); null when neither is known. */
  readonly error_bound: number | null;
  /** Which of the two `error_bound` is; null when it is. */
  readonly error_kind: "bound" | "estimate" | null;
}

export interface ContractionReport {
  /** A-priori constant κ of T_λ in Hilbert's metric; null when no theorem applies. */
  readonly bound: number | null;
  /** The theorem used, or which hypothesis fails and where. */
  readonly why: string;
  /** Spectral radius of J_λ on the quotient at these prices; null when not computed. */
  readonly local: number | null;
  /**
   * Largest norm of J_λ in Hilbert's metric over a few prices around these: a lower bound of the factor anywhere. Null where
   * there are too many prices to compute it, or none that it is defined at.
   */
  readonly sampled: number | null;
  /** The λ that makes `local` least, and that least; null where no λ contracts, or when not computed. */
  readonly best_step: number | null;
  readonly best_local: number | null;
  /** Geometric mean rate seen in the trace; null when there is none. */
  readonly observed: number | null;
  /** The λ of T_λ these constants are for. */
  readonly step: number;
}

/** Everybody's plans at the certified prices. Matrices are [rows, nodes], node fastest. */
export interface Plans {
  readonly agents: readonly { readonly supply: Float64Array; readonly profit: number }[];
  readonly orchestrators: readonly {
    readonly income: number;
    /** Utility beyond the floors, M° = u·E(p). */
    readonly utility: number;
    /** Commodities demanded (preferences' leaves and floors), and c_i including floors, one row each. */
    readonly commodities: Int32Array;
    readonly demand: Float64Array;
    /** One row for each of the graph's routing edges. */
    readonly routing: readonly Float64Array[];
  }[];
}
