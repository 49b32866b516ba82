import type { Grid } from "../time/grid.js";
import { bounded } from "./bounded.js";
import type { FrontierData, Term } from "./frontier-data.js";
import { FrontierInstant } from "./frontier-instant.js";
import { frontierGap } from "./frontier-membership.js";
import type { ProductionSet, SupplyTheory } from "./production-set.js";

/**
 * CET frontier of outputs over a CES aggregate of inputs, at each instant separately (model.md section 2, **frontier**):
 *
 *     R̂ = (Σ_o α_o p_o^{1+τ})^{1/(1+τ)} ,   Ĉ = (Σ_i a_i p_i^{1−σ})^{1/(1−σ)} ,   F = (ν φ R̂/Ĉ)^{1/(1−ν)} ,
 *     y_o = φ F^ν c_o , c_o = α_o (p_o/R̂)^τ ,   x_i = F k_i , k_i = a_i (Ĉ/p_i)^σ ,   profit density (1−ν) φ F^ν R̂
 *
 * Without inputs F = 1 and the profit density is φ R̂. At σ = 1 the a_i are normalised to sum 1.
 *
 * At the edge: all outputs free and inputs present, F = 0; all outputs free and no inputs, outputs as at equal prices;
 * a free input with σ > 0 is demanded without bound, which is written 1e300. Derivatives that do not exist there are
 * written 0 or ±1e300, never NaN.
 */
export class Frontier implements ProductionSet {
  readonly family = "frontier";
  readonly nodes: number;
  readonly theory: SupplyTheory;
  readonly #instant: FrontierInstant;

  constructor(
    readonly data: FrontierData,
    readonly metrics: number,
    readonly grid: Grid,
  ) {
    this.nodes = grid.nodes;
    this.theory = frontierTheory(data);
    this.#instant = new FrontierInstant(data, grid.nodes);
  }

  profit(p: Float64Array): number {
    const share = this.data.inputs.length > 0 ? 1 - this.data.returns : 1;
    let profit = 0;
    for (let n = 0; n < this.nodes; n++) {
      this.#instant.visit(p, n);
      profit += bounded(this.grid.weights[n] * share * this.#instant.volume * this.#instant.revenue);
    }
    return bounded(profit);
  }

  supply(p: Float64Array, out: Float64Array): void {
    const { inputs, outputs } = this.data;
    const instant = this.#instant;
    out.fill(0);
    for (let n = 0; n < this.nodes; n++) {
      instant.visit(p, n);
      for (let o = 0; o < outputs.length; o++) {
        out[outputs[o].row * this.nodes + n] = bounded(instant.volume * instant.perVolume[o]);
      }
      for (let i = 0; i < inputs.length; i++) {
        out[inputs[i].row * this.nodes + n] = -bounded(instant.activity * instant.perActivity[i]);
      }
    }
  }

  /**
   * With dR̂/R̂ = Σ c_o dp_o/R̂ and dĈ/Ĉ = Σ k_i dp_i/Ĉ:  dF/F = (dR̂/R̂ − dĈ/Ĉ)/(1−ν) ,
   * dy_o = φF^ν (c_o ν dF/F + dc_o) , dc_o = τ (c_o/p_o dp_o − c_o dR̂/R̂) ,
   * dx_i = F (k_i dF/F + dk_i) , dk_i = σ (k_i dĈ/Ĉ − k_i/p_i dp_i).
   */
  supplyDerivative(p: Float64Array, dp: Float64Array, out: Float64Array): void {
    out.fill(0);
    for (let n = 0; n < this.nodes; n++) {
      this.#instant.visit(p, n);
      if (this.#instant.revenue > 0) this.#derivativeAt(n, p, dp, out);
    }
  }

  /**
   * With shares of revenue b_o = c_o p_o/R̂ and of cost b_i = k_i p_i/Ĉ:  p_o ∂y_o/∂p_o = y_o (τ (1−b_o) + ν/(1−ν) b_o),
   * without inputs y_o τ (1−b_o);  −p_i ∂x_i/∂p_i = x_i (σ (1−b_i) + b_i/(1−ν)).
   */
  ownResponse(p: Float64Array, out: Float64Array): void {
    const { inputs, outputs, returns, substitution, transformation } = this.data;
    const instant = this.#instant;
    const scaling = inputs.length > 0 ? returns / (1 - returns) : 0;
    out.fill(0);
    for (let n = 0; n < this.nodes; n++) {
      instant.visit(p, n);
      if (instant.revenue === 0) continue;
      for (let o = 0; o < outputs.length; o++) {
        const k = outputs[o].row * this.nodes + n;
        const elasticity = mix(transformation, scaling, instant.outputShare(o, p[k]));
        out[k] = bounded(bounded(instant.volume * instant.perVolume[o]) * elasticity);
      }
      for (let i = 0; i < inputs.length; i++) {
        const k = inputs[i].row * this.nodes + n;
        const elasticity = mix(substitution, 1 / (1 - returns), instant.inputShare(i, p[k]));
        out[k] = bounded(bounded(instant.activity * instant.perActivity[i]) * elasticity);
      }
    }
  }

  /** See frontierGap. */
  gap(y: Float64Array): number {
    return frontierGap(this.data, y, this.nodes);
  }

  /** Outputs in [0, ∞), or without inputs up to φ α_o^{1/(1+τ)}, where the whole capacity goes to one; inputs in (−∞, 0]. */
  bounds(): { readonly lower: Float64Array; readonly upper: Float64Array } {
    const { inputs, outputs, scale, transformation } = this.data;
    const lower = new Float64Array(this.metrics * this.nodes);
    const upper = new Float64Array(this.metrics * this.nodes);
    for (const { row, weight } of outputs) {
      const capacity = inputs.length > 0 ? Infinity : weight ** (1 / (1 + transformation));
      for (let n = 0; n < this.nodes; n++)
        upper[row * this.nodes + n] = scale[n] === 0 ? 0 : scale[n] * capacity;
    }
    for (const { row } of inputs) {
      for (let n = 0; n < this.nodes; n++) lower[row * this.nodes + n] = scale[n] === 0 ? 0 : -Infinity;
    }
    return { lower, upper };
  }

  #derivativeAt(n: number, p: Float64Array, dp: Float64Array, out: Float64Array): void {
    const { inputs, outputs, returns, substitution, transformation } = this.data;
    const { activity, volume, perVolume, perActivity, revenue, cost } = this.#instant;
    const revenueChange = this.#indexChange(outputs, perVolume, revenue, dp, n);
    const costChange = this.#indexChange(inputs, perActivity, cost, dp, n);
    const activityChange = inputs.length > 0 ? (revenueChange - costChange) / (1 - returns) : 0;
    for (let o = 0; o < outputs.length; o++) {
      const k = outputs[o].row * this.nodes + n;
      const along = bounded(perVolume[o] * (returns * activityChange - transformation * revenueChange));
      out[k] = bounded(volume * (along + bounded(this.#instant.outputSlope(o, p[k]) * dp[k])));
    }
    for (let i = 0; i < inputs.length; i++) {
      const k = inputs[i].row * this.nodes + n;
      const along = bounded(perActivity[i] * (activityChange + substitution * costChange));
      out[k] = -bounded(activity * (along - bounded(this.#instant.inputSlope(i, p[k]) * dp[k])));
    }
  }

  /** Relative change of a price index: Σ_k c_k dp_k / index. At index 0 demand is infinite already and has no slope. */
  #indexChange(
    terms: readonly Term[],
    per: Float64Array,
    index: number,
    dp: Float64Array,
    n: number,
  ): number {
    let sum = 0;
    for (let k = 0; k < terms.length; k++) {
      if (index > 0) sum += bounded(per[k] * bounded(dp[terms[k].row * this.nodes + n] / index));
    }
    return sum;
  }
}

/** (1 − share) · rest + share · own. */
function mix(rest: number, own: number, share: number): number {
  return (1 - share) * rest + share * own;
}

/** Own-price elasticity: τ along the frontier; with inputs also ν/(1−ν) by scale, and σ + 1/(1−ν) for an input. */
function frontierTheory({ inputs, transformation, substitution, returns }: FrontierData): SupplyTheory {
  if (inputs.length === 0) return { t1: null, t3: "frontier", elasticity: Math.max(1, transformation) };
  const why = "frontier with inputs";
  const elasticity = Math.max(1, transformation + returns / (1 - returns), substitution + 1 / (1 - returns));
  return { t1: why, t3: why, elasticity };
}
