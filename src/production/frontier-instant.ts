import { logPowerMean } from "../core/power-mean.js";
import { bounded, HUGE } from "./bounded.js";
import { type FrontierData, type Term, weightTotal } from "./frontier-data.js";

/**
 * Prices at one instant turned into the quantities of a frontier (see Frontier). Each side's prices are taken relative to its
 * dearest, so that nothing overflows before the result does, and scaling all prices changes no quantity.
 */
export class FrontierInstant {
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

  /** b_o = c_o p_o/R̂, at R̂ > 0. */
  outputShare(o: number, price: number): number {
    return Math.min(1, this.perVolume[o] * (price / this.revenue));
  }

  /** b_i = k_i p_i/Ĉ. At Ĉ = 0 what is free has all the cost: the limit where one input is free. */
  inputShare(i: number, price: number): number {
    if (this.cost === 0) return price === 0 ? 1 : 0;
    return Math.min(1, this.perActivity[i] * bounded(price / this.cost));
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
