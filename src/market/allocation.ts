import { gatherRows, sameNumbers } from "../core/rows.js";
import { limitPrices } from "../economy/wanted.js";
import { Books } from "./books.js";
import type { Layout } from "./layout.js";
import { meanVolume } from "./volume.js";

/** Decades below the least price at which the limit p → 0⁺ is evaluated: 1e-100, nothing to any sum, harmless in logs. */
export const FREE_DEPTH = 230;
/** Deepest log price whose exponential and its inverse are both finite. */
export const DEEPEST = -690;

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
  /** Budget shares and log prices of each consumer's leaves. */
  readonly share: readonly Float64Array[];
  readonly leafPrice: readonly Float64Array[];
  readonly books: Books;
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
    this.books = new Books(consumers.length);
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
      this.books.logE[i] = preferences.shares(q, share);
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

  private earn(i: number): void {
    const { endowment, shares, floors } = this.layout.consumers[i].orchestrator;
    this.books.earn(i, this.value(endowment), this.value(floors), shares, this.profit);
  }

  get discretionary(): Float64Array {
    return this.books.discretionary;
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
    return this.books.wealth();
  }

  meanVolume(m: number): number {
    return meanVolume(this.layout, this.supply, this.demand, m);
  }
}
