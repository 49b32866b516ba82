import type { Grid } from "../time/grid.js";
import { HUGE } from "./bounded.js";
import type { Deviation } from "./deviation.js";
import { addScaled, euclidean, pairing } from "./pairing.js";

/**
 * The smoothed Karhunen–Loève ellipsoid (model.md section 2, **modes**), as deviations from the center:
 *
 *     V = { Σ_j u_j φ_j − (1 − v) δg : |u|² + v² ≤ 1 }
 *     a_j = ⟨p,φ_j⟩ , ν = ⟨p,g⟩ , r = √(|a|² + δ²ν²) ,   h = r − δν ,   η = Σ_j φ_j a_j/r − δg (1 − δν/r)
 *
 * The smoothing δ ≥ 0 rounds the set by disposing of at most δg. Where r = 0 the supply is 0 (u = 0, v = 1), the center.
 */
export class ModeBall implements Deviation {
  readonly count: number;
  /** (a_1 … a_J, δν) of the last price, and its derivative along the last direction. */
  readonly #values: Float64Array;
  readonly #changes: Float64Array;

  /**
   * @param modes φ, shape [J, metrics, nodes].
   * @param disposal δg ≥ 0, shape [metrics, nodes].
   */
  constructor(
    readonly modes: Float64Array,
    readonly disposal: Float64Array,
    readonly grid: Grid,
  ) {
    this.count = modes.length / disposal.length;
    this.#values = new Float64Array(this.count + 1);
    this.#changes = new Float64Array(this.count + 1);
  }

  profit(p: Float64Array): number {
    this.#project(p, this.#values);
    const { modal, r, disposed } = this.#lengths();
    // r − δν without cancellation.
    return r === 0 ? 0 : modal * (modal / (r + disposed));
  }

  addSupply(p: Float64Array, out: Float64Array): void {
    this.#project(p, this.#values);
    const { modal, r, disposed } = this.#lengths();
    if (r === 0) return;
    for (let j = 0; j < this.count; j++) addScaled(out, this.#values[j] / r, this.modes, j * out.length);
    // 1 − δν/r without cancellation.
    addScaled(out, -(modal / r) * (modal / (r + disposed)), this.disposal);
  }

  /** With α = (a, δν), e = α/r and the columns A = (φ, δg):  dη = A (dα − e ⟨e,dα⟩)/r. */
  addDerivative(p: Float64Array, dp: Float64Array, out: Float64Array): void {
    this.#project(p, this.#values);
    const { r } = this.#lengths();
    if (r === 0) return;
    this.#project(dp, this.#changes);
    let along = 0;
    for (let j = 0; j <= this.count; j++) along += (this.#values[j] / r) * (this.#changes[j] / r);
    for (let j = 0; j <= this.count; j++) {
      const change = this.#changes[j] / r - along * (this.#values[j] / r);
      if (j < this.count) addScaled(out, change, this.modes, j * out.length);
      else addScaled(out, change, this.disposal);
    }
  }

  /**
   * p_k ∂v_k/∂p_k = p_k w |A_k − e ⟨e,A_k⟩|²/r, with A_k = (φ_1k … φ_Jk, δg_k): a sum of squares, which is never
   * negative and keeps its digits where A_k is nearly along e.
   */
  addOwnResponse(p: Float64Array, out: Float64Array): void {
    this.#project(p, this.#values);
    const { r } = this.#lengths();
    if (r === 0) return;
    const { nodes, weights } = this.grid;
    for (let j = 0; j <= this.count; j++) this.#changes[j] = this.#values[j] / r;
    for (let row = 0; row < out.length; row += nodes) {
      for (let n = 0; n < nodes; n++) {
        const across = this.#across(row + n);
        // Where a_1 … a_J and δν cancel to almost nothing, p/r may overflow.
        if (across > 0) out[row + n] += Math.min(HUGE, weights[n] * across * (p[row + n] / r));
      }
    }
  }

  /** Over |u|² + v² ≤ 1 with v ≥ 0 (as ν ≥ 0): above √(Σφ_j² + (δg)²) − δg, below −√(Σφ_j²) − δg. */
  addBounds(lower: Float64Array, upper: Float64Array): void {
    const reach = this.reach();
    for (let k = 0; k < upper.length; k++) {
      upper[k] += Math.hypot(reach[k], this.disposal[k]) - this.disposal[k];
      lower[k] -= reach[k] + this.disposal[k];
    }
  }

  /** √(Σ_j φ_j²), shape [metrics, nodes]. */
  reach(): Float64Array {
    const size = this.disposal.length;
    const out = new Float64Array(size);
    for (let j = 0; j < this.count; j++) {
      for (let k = 0; k < size; k++) out[k] = Math.hypot(out[k], this.modes[j * size + k]);
    }
    return out;
  }

  /** |A_k − e ⟨e,A_k⟩|², with the unit vector e in #changes. */
  #across(k: number): number {
    const e = this.#changes;
    const size = this.disposal.length;
    const g = this.disposal[k];
    let along = e[this.count] * g;
    for (let j = 0, at = k; j < this.count; j++, at += size) along += e[j] * this.modes[at];
    const rest = g - along * e[this.count];
    let sum = rest * rest;
    for (let j = 0, at = k; j < this.count; j++, at += size) {
      const deviation = this.modes[at] - along * e[j];
      sum += deviation * deviation;
    }
    return sum;
  }

  #project(p: Float64Array, into: Float64Array): void {
    const { weights } = this.grid;
    for (let j = 0; j < this.count; j++) into[j] = pairing(weights, p, this.modes, j * p.length);
    into[this.count] = pairing(weights, p, this.disposal);
  }

  /** |a|, r and δν of the last price. */
  #lengths(): { modal: number; r: number; disposed: number } {
    const disposed = this.#values[this.count];
    const modal = euclidean(this.#values.subarray(0, this.count));
    return { modal, r: Math.hypot(modal, disposed), disposed };
  }
}
