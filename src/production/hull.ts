import type { Grid } from "../time/grid.js";
import { HUGE } from "./bounded.js";
import { nearestMixture } from "./nearest-mixture.js";
import { addScaled, pairing } from "./pairing.js";
import type { ProductionSet, SupplyTheory } from "./production-set.js";
import { rowScales } from "./row-scales.js";

/**
 * Convex hull of J recorded trajectories y^j, smoothed by entropy (model.md section 2, **hull**):
 *
 *     ν = ⟨p,g⟩ , s = softmax(⟨p,y^j⟩/(εν)) , h = εν log( (1/J) Σ_j exp(⟨p,y^j⟩/(εν)) ) ,
 *     η = Σ_j s_j y^j − ε KL(s‖uniform) g
 *
 * ε = 0, and any ε where ν = 0, is the hull itself: the best trajectory, the average of those that tie exactly.
 */
export class Hull implements ProductionSet {
  readonly family = "hull";
  readonly metrics: number;
  readonly nodes: number;
  readonly theory: SupplyTheory;
  readonly count: number;
  /** ⟨p,y^j⟩, s_j and ds_j of the last call. */
  readonly #values: Float64Array;
  readonly #shares: Float64Array;
  readonly #changes: Float64Array;

  /**
   * @param trajectories y^j, shape [J, metrics, nodes], J ≥ 1.
   * @param reference g ≥ 0, shape [metrics, nodes].
   * @param smoothing ε ≥ 0.
   */
  constructor(
    readonly trajectories: Float64Array,
    readonly reference: Float64Array,
    readonly smoothing: number,
    readonly grid: Grid,
  ) {
    this.nodes = grid.nodes;
    this.metrics = reference.length / grid.nodes;
    this.count = trajectories.length / reference.length;
    this.theory = { t1: "hull", t3: "hull", elasticity: 1, jumps: smoothing === 0 && this.count > 1 };
    this.#values = new Float64Array(this.count);
    this.#shares = new Float64Array(this.count);
    this.#changes = new Float64Array(this.count);
  }

  profit(p: Float64Array): number {
    const { best, temperature, total } = this.#mix(p);
    return temperature === 0 ? best : best + temperature * Math.log(total / this.count);
  }

  supply(p: Float64Array, out: Float64Array): void {
    const { best, temperature, total } = this.#mix(p);
    out.fill(0);
    for (let j = 0; j < this.count; j++) {
      if (this.#shares[j] > 0) addScaled(out, this.#shares[j], this.trajectories, j * out.length);
    }
    if (temperature > 0)
      addScaled(out, -this.smoothing * this.#divergence(best, temperature, total), this.reference);
  }

  /**
   * With x_j = ⟨p,y^j⟩/(εν):  dx_j = (⟨dp,y^j⟩ − ε x_j ⟨dp,g⟩)/(εν) ,  ds_j = s_j (dx_j − Σ_i s_i dx_i) ,
   * dη = Σ_j ds_j y^j − ε Σ_j ds_j x_j g.  At ε = 0 supply is locally constant: 0.
   */
  supplyDerivative(p: Float64Array, dp: Float64Array, out: Float64Array): void {
    const { best, temperature } = this.#mix(p);
    out.fill(0);
    if (temperature === 0) return;
    const divergence = this.#shareChanges(dp, best, temperature);
    for (let j = 0; j < this.count; j++) {
      if (this.#changes[j] !== 0) addScaled(out, this.#changes[j], this.trajectories, j * out.length);
    }
    addScaled(out, -this.smoothing * divergence, this.reference);
  }

  /**
   * p_k ∂η_k/∂p_k = p_k w/(εν) · variance under s of y^j_k − ε x_j g_k, with x_j = ⟨p,y^j⟩/(εν). At ε = 0 supply is
   * locally constant: 0.
   */
  ownResponse(p: Float64Array, out: Float64Array): void {
    const { nodes, weights } = this.grid;
    const { best, temperature } = this.#mix(p);
    out.fill(0);
    if (temperature === 0) return;
    const leader = this.#values.indexOf(best);
    for (let j = 0; j < this.count; j++) this.#changes[j] = (best - this.#values[j]) / temperature;
    for (let row = 0; row < out.length; row += nodes) {
      for (let n = 0; n < nodes; n++) {
        const variance = this.#variance(row + n, leader);
        // A metric without reference may be infinitely dear beside εν.
        if (variance > 0) out[row + n] = Math.min(HUGE, weights[n] * variance * (p[row + n] / temperature));
      }
    }
  }

  /**
   * The largest distance of an entry of y from the nearest point of { Σλ_j y^j − d·g : λ in the simplex, d ≥ 0 } (for
   * ε = 0 without disposal), in units of that metric's largest recorded value. Free disposal in other directions than
   * g is not credited: y below a member counts as outside.
   */
  gap(y: Float64Array): number {
    const members = Array.from({ length: this.count }, (_, j) =>
      this.trajectories.subarray(j * y.length, (j + 1) * y.length),
    );
    const disposal = this.smoothing > 0 ? this.reference : null;
    const units = this.#units(members);
    const { weights, disposed } = nearestMixture(members, disposal, units, y);
    const rest = Float64Array.from(y);
    members.forEach((member, j) => {
      addScaled(rest, -weights[j], member);
    });
    addScaled(rest, disposed, this.reference);
    const distance = (v: number, k: number) => (v === 0 ? 0 : units[k] === 0 ? 1 : Math.abs(v) / units[k]);
    return rest.reduce((worst, v, k) => Math.max(worst, distance(v, k)), 0);
  }

  /** Least and largest trajectory; below, also what smoothing disposes of, at most ε log J · g. */
  bounds(): { readonly lower: Float64Array; readonly upper: Float64Array } {
    const size = this.reference.length;
    const lower = this.trajectories.slice(0, size);
    const upper = this.trajectories.slice(0, size);
    for (let k = 0; k < this.trajectories.length; k++) {
      const value = this.trajectories[k];
      lower[k % size] = Math.min(lower[k % size], value);
      upper[k % size] = Math.max(upper[k % size], value);
    }
    addScaled(lower, -this.smoothing * Math.log(this.count), this.reference);
    return { lower, upper };
  }

  /** Fills #values and #shares; best = max_j ⟨p,y^j⟩, temperature = εν, total = Σ_j exp((⟨p,y^j⟩ − best)/εν). */
  #mix(p: Float64Array): { best: number; temperature: number; total: number } {
    const { weights } = this.grid;
    let best = -Infinity;
    for (let j = 0; j < this.count; j++) {
      this.#values[j] = pairing(weights, p, this.trajectories, j * p.length);
      if (this.#values[j] > best) best = this.#values[j];
    }
    const temperature = this.smoothing === 0 ? 0 : this.smoothing * pairing(weights, p, this.reference);
    let total = 0;
    for (let j = 0; j < this.count; j++) {
      const behind = this.#values[j] - best;
      this.#shares[j] = temperature > 0 ? Math.exp(behind / temperature) : behind === 0 ? 1 : 0;
      total += this.#shares[j];
    }
    for (let j = 0; j < this.count; j++) this.#shares[j] /= total;
    return { best, temperature, total };
  }

  /** KL(s‖uniform) = Σ_j s_j log(J s_j). */
  #divergence(best: number, temperature: number, total: number): number {
    let sum = 0;
    for (let j = 0; j < this.count; j++) {
      if (this.#shares[j] > 0) sum += this.#shares[j] * ((this.#values[j] - best) / temperature);
    }
    return Math.max(0, sum + Math.log(this.count / total));
  }

  /**
   * Variance under s of y^j_k − ε x_j g_k, with max x − x_j in #changes. Counted from the leader, whose share is at
   * least 1/J, in one pass: that loses no more than a factor J of the digits, and where all agree it is exactly 0.
   */
  #variance(k: number, leader: number): number {
    const size = this.reference.length;
    const drop = this.smoothing * this.reference[k];
    const origin = this.trajectories[leader * size + k];
    let mean = 0;
    let square = 0;
    for (let j = 0, at = k; j < this.count; j++, at += size) {
      const share = this.#shares[j];
      if (share === 0) continue;
      const deviation = this.trajectories[at] - origin + drop * this.#changes[j];
      mean += share * deviation;
      square += share * deviation * deviation;
    }
    return square - mean * mean;
  }

  /** Fills #changes with ds and returns d KL = Σ_j ds_j x_j, x counted from its largest (Σ ds = 0). */
  #shareChanges(dp: Float64Array, best: number, temperature: number): number {
    const { weights } = this.grid;
    const warming = (this.smoothing * pairing(weights, dp, this.reference)) / temperature;
    let mean = 0;
    for (let j = 0; j < this.count; j++) {
      const x = (this.#values[j] - best) / temperature;
      this.#changes[j] = pairing(weights, dp, this.trajectories, j * dp.length) / temperature - x * warming;
      mean += this.#shares[j] * this.#changes[j];
    }
    let divergence = 0;
    for (let j = 0; j < this.count; j++) {
      this.#changes[j] = this.#shares[j] === 0 ? 0 : this.#shares[j] * (this.#changes[j] - mean);
      divergence += this.#changes[j] * ((this.#values[j] - best) / temperature);
    }
    return divergence;
  }

  /** Each metric's largest recorded value or, for one that no trajectory touches, what can be disposed of. */
  #units(members: readonly Float64Array[]): Float64Array {
    const recorded = rowScales(members, this.metrics);
    const fallback = rowScales([this.reference], this.metrics);
    return recorded.map((unit, k) => unit || fallback[k]);
  }
}
