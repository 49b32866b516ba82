import { gatherRows } from "../core/rows.js";
import type { Allocation } from "./allocation.js";
import type { Layout } from "./layout.js";

/**
 * The analytic Jacobian-vector product f'(q)·dq of f = log D − log S at an evaluated allocation: supply through each
 * set's derivative, incomes through Hotelling's lemma, demand through the derivative of the sweeps.
 */
export class Tangent {
  private readonly dPrice: Float64Array;
  /** dD and dS of the last derivative taken. */
  readonly dDemand: Float64Array;
  readonly dSupply: Float64Array;

  constructor(
    private readonly layout: Layout,
    private readonly at: Allocation,
  ) {
    const size = layout.demanded.length;
    [this.dPrice, this.dDemand, this.dSupply] = [size, size, size].map((length) => new Float64Array(length));
  }

  /** Writes df; `active` tells which instants have a moving price. */
  derivative(dq: Float64Array, active: (i: number) => boolean, out: Float64Array): void {
    const { demand, supply, price } = this.at;
    for (let i = 0; i < dq.length; i++) this.dPrice[i] = active(i) ? price[i] * dq[i] : 0;
    this.dDemand.fill(0);
    this.dSupply.fill(0);
    this.produce();
    this.consume(dq, active);
    for (let i = 0; i < dq.length; i++) {
      out[i] = active(i) ? ratio(this.dDemand[i], demand[i]) - ratio(this.dSupply[i], supply[i]) : 0;
    }
  }

  private produce(): void {
    const { agents, nodes: N } = this.layout;
    agents.forEach(({ set, commodities }, a) => {
      const y = this.at.netPut[a];
      const dy = new Float64Array(y.length);
      set.supplyDerivative(
        this.at.agentPrice[a],
        gatherRows(this.dPrice, commodities, N, new Float64Array(y.length)),
        dy,
      );
      for (let r = 0; r < commodities.length; r++) {
        for (let n = 0, i = commodities[r] * N, j = r * N; n < N; n++, i++, j++) {
          // f is only Lipschitz where a net put changes sign; there the derivative is one-sided, along dq.
          if (y[j] > 0 || (y[j] === 0 && dy[j] > 0)) this.dSupply[i] += dy[j];
          else this.dDemand[i] -= dy[j];
        }
      }
    });
  }

  private consume(dq: Float64Array, active: (i: number) => boolean): void {
    const { consumers, nodes: N, weights } = this.layout;
    const moving = dq.map((x, i) => (active(i) ? x : 0));
    consumers.forEach(({ preferences }, i) => {
      const { leaves } = preferences;
      const dLeaf = gatherRows(moving, leaves, N, new Float64Array(leaves.length * N));
      const share = this.at.share[i];
      const dShare = new Float64Array(share.length);
      preferences.sharesDerivative(this.at.leafPrice[i], dLeaf, dShare);
      const M = this.at.discretionary[i];
      const dM = this.discretionaryDerivative(i);
      for (let l = 0; l < leaves.length; l++) {
        for (let n = 0, k = leaves[l] * N, j = l * N; n < N; n++, k++, j++) {
          const spending = dM * share[j] + M * (dShare[j] - share[j] * dLeaf[j]);
          this.dDemand[k] += spending / (weights[n] * Math.exp(this.at.leafPrice[i][j]));
        }
      }
    });
  }

  /** dM°_i = ⟨dp, ω_i + Σ_a θ_ia η_a − γ_i⟩. */
  private discretionaryDerivative(i: number): number {
    const { agents, consumers, nodes: N, weights } = this.layout;
    const { endowment, floors, shares } = consumers[i].orchestrator;
    const { dPrice } = this;
    const along = (m: number, series: Float64Array, offset: number): number => {
      let sum = 0;
      for (let n = 0; n < N; n++) sum += weights[n] * dPrice[m * N + n] * series[offset + n];
      return sum;
    };
    let dM = 0;
    for (const [m, series] of endowment) dM += along(m, series, 0);
    for (const [m, series] of floors) dM -= along(m, series, 0);
    agents.forEach(({ commodities }, a) => {
      if (shares[a] > 0)
        commodities.forEach((m, r) => {
          dM += shares[a] * along(m, this.at.netPut[a], r * N);
        });
    });
    return dM;
  }
}

/** dx/x, and 0 where nothing is there and nothing moves. */
function ratio(dx: number, x: number): number {
  return dx === 0 ? 0 : dx / x;
}
