import type { Reals } from "../core/reals.js";
import type { Plans } from "./free.js";
import type { Layout } from "./layout.js";

/**
 * A fictitious Cobb–Douglas trader, whose economy the convex homotopy starts from (model.md section 5, homotopy). He owns b_k, what
 * was supplied at the prices p⁰ he was anchored at, and spends the shares θ_k = w_k p⁰_k b_k / ⟨p⁰,b⟩, so that alone he is in equilibrium at p⁰
 * and, up to scale, nowhere else:
 *
 *     D⁰_k = θ_k ⟨p,b⟩/(w_k p_k) ,   S⁰_k = b_k .
 *
 * Blended with the economy, D_t = (1−t) D + t D⁰ and S_t = (1−t) S + t b obey Walras' law for every t in [0, 1], and demand explodes where a
 * price vanishes: for each t > 0 there are equilibria, all of them inside, and from (p⁰, 1) a path leads generically to t = 0.
 */
export class Trader {
  private readonly owned: Float64Array;
  private readonly share: Float64Array;

  constructor(
    private readonly layout: Layout,
    private readonly at: Pick<Plans, "price" | "demand" | "supply">,
  ) {
    this.owned = new Float64Array(layout.demanded.length);
    this.share = new Float64Array(layout.demanded.length);
  }

  /** Anchors him at the evaluated allocation. */
  anchor(): void {
    const { weights, nodes: N, demanded } = this.layout;
    const { supply, demand, price } = this.at;
    let total = 0;
    for (let k = 0; k < supply.length; k++) {
      this.owned[k] = demanded[k] ? supply[k] || demand[k] || 1 : 0;
      this.share[k] = weights[k % N] * price[k] * this.owned[k];
      total += this.share[k];
    }
    for (let k = 0; k < supply.length; k++) this.share[k] /= total;
  }

  save(): readonly ArrayLike<number>[] {
    return [this.owned.slice(), this.share.slice()];
  }

  restore([owned, share]: readonly ArrayLike<number>[]): void {
    this.owned.set(owned);
    this.share.set(share);
  }

  /** log D_t − log S_t at the evaluated allocation. */
  blend(t: number, active: (k: number) => boolean, out: Reals): void {
    const wealth = this.wealth();
    for (let k = 0; k < out.length; k++) {
      const { demand, supply } = this.blended(k, t, wealth);
      out[k] = active(k) ? Math.log(demand) - Math.log(supply) : 0;
    }
  }

  /** Its derivative along (dq, dt); `tangent` has been taken along dq. */
  blendDerivative(
    t: number,
    dq: Reals,
    dt: number,
    { dDemand, dSupply }: { readonly dDemand: Reals; readonly dSupply: Reals },
    active: (k: number) => boolean,
    out: Reals,
  ): void {
    const wealth = this.wealth();
    let dWealth = 0;
    const { weights, nodes: N } = this.layout;
    for (let k = 0; k < out.length; k++) {
      if (active(k)) dWealth += weights[k % N] * this.at.price[k] * this.owned[k] * dq[k];
    }
    for (let k = 0; k < out.length; k++) {
      if (!active(k)) {
        out[k] = 0;
        continue;
      }
      const { demand, supply, own } = this.blended(k, t, wealth);
      const dOwn = own * (dWealth / wealth - dq[k]);
      const dD = (1 - t) * dDemand[k] + t * dOwn + dt * (own - this.at.demand[k]);
      const dS = (1 - t) * dSupply[k] + dt * (this.owned[k] - this.at.supply[k]);
      out[k] = dD / demand - dS / supply;
    }
  }

  /** D_t, S_t and D⁰ at one instant. */
  private blended(k: number, t: number, wealth: number) {
    const { weights, nodes: N } = this.layout;
    const own = (this.share[k] * wealth) / (weights[k % N] * this.at.price[k]);
    return {
      own,
      demand: (1 - t) * this.at.demand[k] + t * own,
      supply: (1 - t) * this.at.supply[k] + t * this.owned[k],
    };
  }

  /** ⟨p,b⟩. */
  private wealth(): number {
    const { weights, nodes: N } = this.layout;
    return this.owned.reduce((sum, b, k) => sum + weights[k % N] * this.at.price[k] * b, 0);
  }
}
