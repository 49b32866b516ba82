import { gatherRows, sameNumbers } from "../core/rows.js";
import { limitPrices } from "../economy/wanted.js";
import type { Layout } from "./layout.js";

/** Decades below the least price at which the limit p → 0⁺ is evaluated: 1e-100, nothing to any sum, harmless in logs. */
const FREE_DEPTH = 230;
/** Deepest log price whose exponential and its inverse are both finite. */
const DEEPEST = -690;

/**
 * Everybody's plans at prices p = exp q (model.md sections 2-4): D, S, profits, incomes. Matrices are
 * [commodities, nodes]. One object, overwritten by each `evaluate`.
 */
export class Allocation {
  /** p, exactly 0 where there is no market and where frozen. */
  readonly price: Float64Array;
  /** log p with such instants in the limit p → 0⁺; what preferences see. */
  readonly logPrice: Float64Array;
  /** D: consumption + agents' inputs; S: endowments + agents' outputs. */
  readonly demand: Float64Array;
  readonly supply: Float64Array;
  /** η_a, each [metrics, nodes], and h_a. */
  readonly netPut: readonly Float64Array[];
  readonly profit: Float64Array;
  /** Prices of each agent's metrics. */
  readonly agentPrice: readonly Float64Array[];
  /** Budget shares and log prices of each consumer's leaves, log E_i. */
  readonly share: readonly Float64Array[];
  readonly leafPrice: readonly Float64Array[];
  readonly logE: Float64Array;
  /** M_i and M°_i = M_i − ⟨p,γ_i⟩. */
  readonly income: Float64Array;
  readonly discretionary: Float64Array;
  /** ⟨p,ω_i⟩ + Σ_a θ_ia |h_a| + ⟨p,γ_i⟩, the scale of M°_i. */
  private readonly turnover: Float64Array;
  private readonly evaluatedAt: Float64Array;
  private readonly evaluatedFrozen: Uint8Array;

  constructor(private readonly layout: Layout) {
    const { agents, consumers, nodes, demanded } = layout;
    const matrix = () => new Float64Array(demanded.length);
    [this.price, this.logPrice, this.demand, this.supply] = [matrix(), matrix(), matrix(), matrix()];
    this.netPut = agents.map(({ metrics }) => new Float64Array(metrics.length * nodes));
    this.agentPrice = agents.map(({ metrics }) => new Float64Array(metrics.length * nodes));
    this.profit = new Float64Array(agents.length);
    this.share = consumers.map(({ preferences }) => new Float64Array(preferences.leaves.length * nodes));
    this.leafPrice = consumers.map(({ preferences }) => new Float64Array(preferences.leaves.length * nodes));
    this.logE = new Float64Array(consumers.length);
    this.income = new Float64Array(consumers.length);
    this.discretionary = new Float64Array(consumers.length);
    this.turnover = new Float64Array(consumers.length);
    this.evaluatedAt = matrix().fill(Number.NaN);
    this.evaluatedFrozen = new Uint8Array(demanded.length);
  }

  evaluate(q: Float64Array, frozen: Uint8Array): void {
    this.setPrices(q, frozen);
    this.evaluatedAt.set(q);
    this.evaluatedFrozen.set(frozen);
    this.demand.fill(0);
    this.supply.set(this.layout.endowment);
    this.produce();
    this.consume();
  }

  /** Whether it was last evaluated just there: many derivatives are taken at one point. */
  isAt(q: Float64Array, frozen: Uint8Array): boolean {
    return sameNumbers(q, this.evaluatedAt) && frozen.every((x, i) => x === this.evaluatedFrozen[i]);
  }

  private setPrices(q: Float64Array, frozen: Uint8Array): void {
    const { demanded } = this.layout;
    let least = Infinity;
    for (let i = 0; i < q.length; i++) if (demanded[i] && !frozen[i] && q[i] < least) least = q[i];
    const limit = Math.max(DEEPEST, least - FREE_DEPTH);
    for (let i = 0; i < q.length; i++) {
      const active = demanded[i] === 1 && frozen[i] === 0;
      this.price[i] = active ? Math.exp(q[i]) : 0;
      this.logPrice[i] = active ? q[i] : limit;
    }
  }

  private produce(): void {
    const { agents, nodes: N, wanted } = this.layout;
    agents.forEach(({ set, commodities }, a) => {
      const p = gatherRows(this.price, commodities, N, this.agentPrice[a]);
      const y = this.netPut[a];
      this.profit[a] = set.profit(p);
      set.supply(limitPrices(p, commodities, wanted, N), y);
      for (let r = 0; r < commodities.length; r++) {
        for (let n = 0, i = commodities[r] * N, j = r * N; n < N; n++, i++, j++) {
          if (y[j] > 0) this.supply[i] += y[j];
          else this.demand[i] -= y[j];
        }
      }
    });
  }

  private consume(): void {
    const { consumers, nodes: N, weights } = this.layout;
    consumers.forEach(({ orchestrator, preferences }, i) => {
      const { leaves } = preferences;
      const q = gatherRows(this.logPrice, leaves, N, this.leafPrice[i]);
      const share = this.share[i];
      this.logE[i] = preferences.shares(q, share);
      this.earn(i);
      for (const [m, floor] of orchestrator.floors) {
        for (let n = 0; n < N; n++) this.demand[m * N + n] += floor[n];
      }
      for (let l = 0; l < leaves.length; l++) {
        for (let n = 0, k = leaves[l] * N, j = l * N; n < N; n++, k++, j++) {
          this.demand[k] += (this.discretionary[i] * share[j]) / (weights[n] * Math.exp(q[j]));
        }
      }
    });
  }

  /** M_i = ⟨p,ω_i⟩ + Σ_a θ_ia h_a(p), M°_i = M_i − ⟨p,γ_i⟩. */
  private earn(i: number): void {
    const { endowment, shares, floors } = this.layout.consumers[i].orchestrator;
    const owed = this.value(floors);
    this.income[i] = this.value(endowment);
    this.turnover[i] = this.income[i] + owed;
    for (let a = 0; a < shares.length; a++) {
      if (shares[a] === 0) continue;
      this.income[i] += shares[a] * this.profit[a];
      this.turnover[i] += shares[a] * Math.abs(this.profit[a]);
    }
    this.discretionary[i] = this.income[i] - owed;
  }

  /** ⟨p, bundle⟩. */
  private value(bundle: ReadonlyMap<number, Float64Array>): number {
    const { nodes: N, weights } = this.layout;
    let sum = 0;
    for (const [m, series] of bundle) {
      for (let n = 0; n < N; n++) sum += weights[n] * this.price[m * N + n] * series[n];
    }
    return sum;
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

  /** Time mean of S_m; of D_m where there is no supply at all, so that a ratio to it is defined. */
  meanVolume(m: number): number {
    return this.mean(this.supply, m) || this.mean(this.demand, m) || 1;
  }

  private mean(x: Float64Array, m: number): number {
    const { nodes: N, weights, horizon } = this.layout;
    let sum = 0;
    for (let n = 0; n < N; n++) sum += weights[n] * x[m * N + n];
    return sum / horizon;
  }

  /**
   * V(q) of T2 (model.md section 5), ∇V = −w p z / ΣM°: log ΣM° − log E for one orchestrator or identical preferences;
   * Σ δ_i (log M_i − log E_i), δ_i income shares, when incomes are proportional.
   */
  potential(): number | null {
    const { aggregation } = this.layout;
    if (aggregation === null) return null;
    if (aggregation !== "proportional") return Math.log(sum(this.discretionary)) - this.logE[0];
    const wealth = this.wealth();
    return this.income.reduce((sum, M, i) => sum + (M / wealth) * (Math.log(M) - this.logE[i]), 0);
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, x) => total + x, 0);
}
