import type { Grid } from "../time/grid.js";
import type { Deviation } from "./deviation.js";

/**
 * The ball of root-mean-square deviation 1 in units of the radius s (model.md section 2, **ellipsoid**):
 *
 *     V = { v : (1/(R·T)) Σ_r ∫ (v_r/s_r)² dt ≤ 1 } ,   h = √(R·T) ‖p‖_s ,   ‖p‖_s² = Σ_r Σ_n w_n s_rn² p_rn² ,
 *     η = √(R·T) s² p / ‖p‖_s
 *
 * with R the number of metrics that have a radius. Where s = 0 there is no deviation.
 */
export class RadiusBall implements Deviation {
  readonly #weights: Float64Array;
  /** √(R·T). */
  readonly #reach: number;

  /**
   * @param radius s ≥ 0, shape [metrics, nodes].
   * @param rows the metrics that have a radius; R is their number.
   */
  constructor(
    readonly radius: Float64Array,
    readonly rows: readonly number[],
    readonly grid: Grid,
  ) {
    this.#weights = grid.weights;
    this.#reach = Math.sqrt(rows.length * grid.horizon);
  }

  profit(p: Float64Array): number {
    return this.#reach * this.#norm(p);
  }

  addSupply(p: Float64Array, out: Float64Array): void {
    const norm = this.#norm(p);
    if (norm === 0) return;
    for (const row of this.rows) {
      const end = (row + 1) * this.grid.nodes;
      for (let k = row * this.grid.nodes; k < end; k++) {
        const s = this.radius[k];
        out[k] += this.#reach * s * ((s * p[k]) / norm);
      }
    }
  }

  /** With unit vector e = s p/‖p‖_s and c = ⟨e, s dp⟩/‖p‖_s:  dη = √(R·T) s (s dp/‖p‖_s − c e). */
  addDerivative(p: Float64Array, dp: Float64Array, out: Float64Array): void {
    const norm = this.#norm(p);
    if (norm === 0) return;
    const along = this.#along(p, dp, norm);
    for (const row of this.rows) {
      const end = (row + 1) * this.grid.nodes;
      for (let k = row * this.grid.nodes; k < end; k++) {
        const s = this.radius[k];
        out[k] += this.#reach * s * ((s * dp[k]) / norm - along * ((s * p[k]) / norm));
      }
    }
  }

  /** p_k ∂v_k/∂p_k = v_k (1 − share_k), with share_k = w s_k² p_k²/‖p‖_s² the part of ‖p‖_s² at this instant. */
  addOwnResponse(p: Float64Array, out: Float64Array): void {
    const { nodes } = this.grid;
    const norm = this.#norm(p);
    if (norm === 0) return;
    for (const row of this.rows) {
      const offset = row * nodes;
      for (let n = 0; n < nodes; n++) {
        const s = this.radius[offset + n];
        const along = (s * p[offset + n]) / norm;
        out[offset + n] += this.#reach * s * along * Math.max(0, 1 - this.#weights[n] * along * along);
      }
    }
  }

  /** v is largest where p is concentrated on one instant: s √(R·T/w_n). */
  addBounds(_lower: Float64Array, upper: Float64Array): void {
    for (const row of this.rows) {
      for (let n = 0; n < this.grid.nodes; n++) {
        const k = row * this.grid.nodes + n;
        upper[k] += (this.#reach * this.radius[k]) / Math.sqrt(this.#weights[n]);
      }
    }
  }

  /** Root-mean-square of v in units of s, over the entries with s > 0. */
  deviation(v: Float64Array): number {
    const { nodes } = this.grid;
    let sum = 0;
    for (const row of this.rows) {
      for (let n = 0; n < nodes; n++) {
        const k = row * nodes + n;
        if (this.radius[k] === 0) continue;
        const relative = v[k] / this.radius[k];
        sum += this.#weights[n] * relative * relative;
      }
    }
    return Math.sqrt(sum) / this.#reach;
  }

  /** ‖p‖_s, scaled by its largest entry so that no square overflows or vanishes. */
  #norm(p: Float64Array): number {
    const { nodes } = this.grid;
    let largest = 0;
    for (const row of this.rows) {
      const end = (row + 1) * nodes;
      for (let k = row * nodes; k < end; k++) {
        const size = this.radius[k] * p[k];
        if (size > largest) largest = size;
      }
    }
    if (largest === 0) return 0;
    let sum = 0;
    for (const row of this.rows) {
      const offset = row * nodes;
      for (let n = 0; n < nodes; n++) {
        const relative = (this.radius[offset + n] * p[offset + n]) / largest;
        sum += this.#weights[n] * relative * relative;
      }
    }
    return largest * Math.sqrt(sum);
  }

  #along(p: Float64Array, dp: Float64Array, norm: number): number {
    const { nodes } = this.grid;
    let sum = 0;
    for (const row of this.rows) {
      const offset = row * nodes;
      for (let n = 0; n < nodes; n++) {
        const k = offset + n;
        const s = this.radius[k];
        sum += this.#weights[n] * ((s * p[k]) / norm) * ((s * dp[k]) / norm);
      }
    }
    return sum;
  }
}
