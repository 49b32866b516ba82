import { gatherRows } from "../core/rows.js";
import type { Allocation } from "./allocation.js";
import type { Layout } from "./layout.js";

/**
 * An instant that only agents use moves by f over its own response. That vanishes with the price, so it is taken to be at least
 * FIRM·|f|, by which one step along f moves no such price by more than 1/FIRM, and at least LEAST_OWN.
 */
const FIRM = 8;
const LEAST_OWN = 1e-4;

/**
 * The nest-wise step as a preconditioner of the whole market (model.md section 5): every consumer's own step for f, averaged by
 * what each buys of a commodity at an instant. What agents use as inputs responds to its price like supply; what nobody consumes
 * moves by f over that response alone.
 */
export class NestWise {
  /** e_k: own response of supply and inputs over volume; and Σ_i c_ik. */
  private readonly supply: Float64Array;
  private readonly consumption: Float64Array;
  private readonly free: Float64Array;

  constructor(
    private readonly layout: Layout,
    private readonly at: Allocation,
  ) {
    const size = layout.demanded.length;
    [this.supply, this.consumption, this.free] = [size, size, size].map((length) => new Float64Array(length));
  }

  /** Reads the responses off the allocation; to be called when that has moved. */
  prepare(): void {
    const { demand, supply } = this.at;
    this.respond();
    this.consumption.fill(0);
    this.eachLeaf((_i, k, c) => {
      this.consumption[k] += c;
    });
    for (let k = 0; k < demand.length; k++) {
      this.free[k] = demand[k] > 0 ? this.consumption[k] / demand[k] : 0;
      if (this.consumption[k] > 0) continue;
      const excess = Math.abs(Math.log(demand[k]) - Math.log(supply[k]));
      this.supply[k] = Math.max(LEAST_OWN, this.supply[k], excess < Infinity ? FIRM * excess : 1);
    }
  }

  /** Writes P⁻¹v; 0 where `active` says that no price moves. */
  apply(v: Float64Array, active: (k: number) => boolean, out: Float64Array): void {
    const { consumers, nodes: N } = this.layout;
    const value = v.map((x, k) => (active(k) ? x : 0));
    out.fill(0);
    const steps = consumers.map(({ preferences }, i) => {
      const gather = (rows: Float64Array) =>
        gatherRows(rows, preferences.leaves, N, new Float64Array(preferences.leaves.length * N));
      const step = new Float64Array(preferences.leaves.length * N);
      const own = { supply: gather(this.supply), free: gather(this.free) };
      preferences.nestWise(this.at.leafPrice[i], gather(value), own, step);
      return step;
    });
    this.eachLeaf((i, k, c, j) => {
      if (c > 0) out[k] += (c / this.consumption[k]) * steps[i][j];
    });
    for (let k = 0; k < out.length; k++) {
      if (!active(k)) out[k] = 0;
      else if (!(this.consumption[k] > 0)) out[k] = value[k] / this.supply[k];
    }
  }

  /** Calls back with each consumer's purchase c beyond floors of leaf entry j, which is commodity-instant k. */
  private eachLeaf(see: (consumer: number, k: number, c: number, j: number) => void): void {
    const { consumers, nodes: N, weights } = this.layout;
    consumers.forEach(({ preferences: { leaves } }, i) => {
      const [share, q, M] = [this.at.share[i], this.at.leafPrice[i], this.at.discretionary[i]];
      for (let l = 0; l < leaves.length; l++) {
        for (let n = 0, k = leaves[l] * N, j = l * N; n < N; n++, k++, j++) {
          see(i, k, (M * share[j]) / (weights[n] * Math.exp(q[j])), j);
        }
      }
    });
  }

  /** e_k = Σ_a p_k ∂η_ak/∂p_k over the volume it is part of: S_k of outputs, D_k of inputs. */
  private respond(): void {
    const { agents, nodes: N } = this.layout;
    const { netPut, agentPrice, demand, supply } = this.at;
    this.supply.fill(0);
    agents.forEach(({ set, commodities }, a) => {
      if (set.ownResponse === undefined) return;
      const own = new Float64Array(netPut[a].length);
      set.ownResponse(agentPrice[a], own);
      for (let r = 0; r < commodities.length; r++) {
        for (let n = 0, k = commodities[r] * N, j = r * N; n < N; n++, k++, j++) {
          const volume = netPut[a][j] > 0 ? supply[k] : demand[k];
          if (own[j] > 0 && volume > 0) this.supply[k] += own[j] / volume;
        }
      }
    });
  }
}
