import type { Aggregation } from "./layout.js";

/** What orchestrators earn and owe, shape [orchestrators] each. */
export class Books {
  /** M_i and M°_i = M_i − ⟨p,γ_i⟩. */
  readonly income: Float64Array;
  readonly discretionary: Float64Array;
  /** ⟨p,ω_i⟩ + Σ_a θ_ia |h_a| + ⟨p,γ_i⟩, the scale of M°_i. */
  readonly turnover: Float64Array;
  readonly logE: Float64Array;

  constructor(orchestrators: number) {
    const series = () => new Float64Array(orchestrators);
    [this.income, this.discretionary, this.turnover, this.logE] = [series(), series(), series(), series()];
  }

  /** M_i = ⟨p,ω_i⟩ + Σ_a θ_ia h_a(p), M°_i = M_i − ⟨p,γ_i⟩, from ⟨p,ω_i⟩ and ⟨p,γ_i⟩. */
  earn(i: number, owned: number, owed: number, shares: Float64Array, profit: Float64Array): void {
    this.income[i] = owned;
    this.turnover[i] = owned + owed;
    for (let a = 0; a < shares.length; a++) {
      if (shares[a] === 0) continue;
      this.income[i] += shares[a] * profit[a];
      this.turnover[i] += shares[a] * Math.abs(profit[a]);
    }
    this.discretionary[i] = this.income[i] - owed;
  }

  /** Σ M_i. */
  wealth(): number {
    return sum(this.income);
  }

  /**
   * min M°_i relative to what orchestrator i earns and owes, who attains it, and the same of the sums. Who earns and owes
   * nothing can pay.
   */
  afford(): { least: number; poorest: number; all: number } {
    const relative = (M: number, turnover: number): number => (M === 0 && turnover === 0 ? 1 : M / turnover);
    const ratios = this.discretionary.map((M, i) => relative(M, this.turnover[i]));
    const poorest = ratios.reduce((best, ratio, i) => (ratio < ratios[best] ? i : best), 0);
    return { least: ratios[poorest], poorest, all: relative(sum(this.discretionary), sum(this.turnover)) };
  }

  /**
   * V(q) of T2 (model.md section 5), ∇V = −w p z / ΣM°: log ΣM° − log E for one orchestrator or identical preferences;
   * Σ δ_i (log M_i − log E_i), δ_i income shares, when incomes are proportional.
   */
  potential(aggregation: Aggregation | null): number | null {
    if (aggregation === null) return null;
    if (aggregation !== "proportional") return Math.log(sum(this.discretionary)) - this.logE[0];
    const wealth = this.wealth();
    return this.income.reduce((sum, M, i) => sum + (M / wealth) * (Math.log(M) - this.logE[i]), 0);
  }
}

export function sum(values: Float64Array): number {
  return values.reduce((total, x) => total + x, 0);
}
