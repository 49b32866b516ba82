import { logPowerMean } from "../core/power-mean.js";
import type { Grid } from "../time/grid.js";
import { type FrontierData, type Term, weightTotal } from "./frontier-data.js";
import { frontierGap } from "./frontier-membership.js";
import type { ProductionSet, SupplyTheory } from "./production-set.js";

/** Stands for an infinite quantity or slope: large, and finite also after summing. */
const HUGE = 1e300;

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
  readonly #instant: Instant;

  constructor(
    readonly data: FrontierData,
    readonly metrics: number,
    readonly grid: Grid,
  ) {
    this.nodes = grid.nodes;
    this.theory = frontierTheory(data);
    this.#instant = new Instant(data, grid.nodes);
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

/**
 * Prices at one instant turned into the quantities of the class comment. Each side's prices are taken relative to its
 * dearest, so that nothing overflows before the result does, and scaling all prices changes no quantity.
 */
class Instant {
  /** R̂ and Ĉ. */
  revenue = 0;
  cost = 0;
  /** F and φ F^ν. */
  activity = 0;
  volume = 0;
  /** c_o and k_i. */
  readonly perVolume: Float64Array;
  readonly perActivity: Float64Array;
  readonly #logRatios: Float64Array;
  readonly #normalised: Float64Array;
  /** log(Σa)/(1−σ), what unnormalised weights add to log Ĉ. */
  readonly #logLevel: number;

  constructor(
    readonly data: FrontierData,
    readonly nodes: number,
  ) {
    const { inputs, outputs, substitution } = data;
    this.perVolume = new Float64Array(outputs.length);
    this.perActivity = new Float64Array(inputs.length);
    this.#logRatios = new Float64Array(inputs.length);
    const total = weightTotal(inputs);
    this.#normalised = Float64Array.from(inputs, ({ weight }) => weight / total);
    this.#logLevel = substitution === 1 || total === 1 ? 0 : Math.log(total) / (1 - substitution);
  }

  visit(p: Float64Array, n: number): void {
    this.#visitOutputs(p, n);
    if (this.data.inputs.length === 0) {
      this.volume = this.data.scale[n];
      return;
    }
    this.#visitInputs(p, n);
    const { returns, scale } = this.data;
    const worth = this.revenue === 0 ? 0 : returns * scale[n];
    const ratio = worth === 0 ? 0 : worth * (this.revenue / this.cost);
    this.activity = bounded(ratio ** (1 / (1 - returns)));
    this.volume = bounded(scale[n] * ratio ** (returns / (1 - returns)));
  }

  /** ∂c_o/∂p_o at constant R̂: τ c_o/p_o. */
  outputSlope(o: number, price: number): number {
    const { outputs, transformation } = this.data;
    if (transformation === 0) return 0;
    const ratio = price / this.revenue;
    return bounded((transformation * outputs[o].weight * ratio ** (transformation - 1)) / this.revenue);
  }

  /** −∂k_i/∂p_i at constant Ĉ: σ k_i/p_i. */
  inputSlope(i: number, price: number): number {
    return this.data.substitution === 0 ? 0 : bounded((this.data.substitution * this.perActivity[i]) / price);
  }

  #visitOutputs(p: Float64Array, n: number): void {
    const { outputs, transformation } = this.data;
    const dearest = this.#dearest(outputs, p, n);
    let sum = 0;
    for (let o = 0; o < outputs.length; o++) {
      const ratio = dearest === 0 ? 1 : p[outputs[o].row * this.nodes + n] / dearest;
      this.perVolume[o] = ratio;
      sum += outputs[o].weight * ratio ** (1 + transformation);
    }
    const index = sum ** (1 / (1 + transformation));
    this.revenue = dearest * index;
    for (let o = 0; o < outputs.length; o++) {
      // 0^0 = 1 is the limit wanted at τ = 0.
      this.perVolume[o] = outputs[o].weight * (this.perVolume[o] / index) ** transformation;
    }
  }

  #visitInputs(p: Float64Array, n: number): void {
    const { inputs, substitution } = this.data;
    const dearest = this.#dearest(inputs, p, n);
    for (let i = 0; i < inputs.length; i++) {
      this.#logRatios[i] = dearest === 0 ? 0 : Math.log(p[inputs[i].row * this.nodes + n] / dearest);
    }
    const logIndex = logPowerMean(1 - substitution, this.#normalised, this.#logRatios) + this.#logLevel;
    this.cost = dearest * Math.exp(logIndex);
    for (let i = 0; i < inputs.length; i++) {
      const weight = substitution === 1 ? this.#normalised[i] : inputs[i].weight;
      const free = dearest === 0 || this.#logRatios[i] === -Infinity;
      if (substitution === 0) this.perActivity[i] = weight;
      else if (free) this.perActivity[i] = HUGE;
      else this.perActivity[i] = bounded(weight * Math.exp(substitution * (logIndex - this.#logRatios[i])));
    }
  }

  #dearest(terms: readonly Term[], p: Float64Array, n: number): number {
    let dearest = 0;
    for (let k = 0; k < terms.length; k++) {
      const price = p[terms[k].row * this.nodes + n];
      if (price > dearest) dearest = price;
    }
    return dearest;
  }
}

function bounded(value: number): number {
  return Math.min(HUGE, Math.max(-HUGE, value));
}

/** Own-price elasticity: τ along the frontier; with inputs also ν/(1−ν) by scale, and σ + 1/(1−ν) for an input. */
function frontierTheory({ inputs, transformation, substitution, returns }: FrontierData): SupplyTheory {
  if (inputs.length === 0) return { t1: null, t3: "frontier", elasticity: Math.max(1, transformation) };
  const why = "frontier with inputs";
  const elasticity = Math.max(1, transformation + returns / (1 - returns), substitution + 1 / (1 - returns));
  return { t1: why, t3: why, elasticity };
}
