import { logPowerMean } from "../core/power-mean.js";
import type { Reals } from "../core/reals.js";
import type { Orchestrator } from "../economy/economy.js";
import type { Grid } from "../time/grid.js";

/**
 * The intertemporal CES over instants (model.md section 3):
 *
 *     E = (Σ_n w_n ρ_n P_n^{1−ε})^{1/(1−ε)} ,   τ_n = w_n ρ_n (P_n/E)^{1−ε} ,   Σ_n w_n ρ_n = 1 .
 *
 * Instants with ρ_n = 0 are not demanded: their shares are 0 and their prices do not enter E.
 */
export class TimeSpread {
  readonly elasticity: number;
  /** Instants with ρ_n > 0, their weights w_n ρ_n (sum 1) and log ρ_n. */
  readonly active: Int32Array;
  readonly weights: Float64Array;
  readonly logIntensity: Float64Array;
  /** Share τ_n of each instant in spending, shape [N]. */
  readonly share: Float64Array;

  constructor(
    { intensity, intertemporalElasticity }: Pick<Orchestrator, "intensity" | "intertemporalElasticity">,
    grid: Pick<Grid, "nodes" | "weights">,
  ) {
    this.elasticity = intertemporalElasticity;
    this.active = Int32Array.from({ length: grid.nodes }, (_, n) => n).filter((n) => intensity[n] > 0);
    this.weights = Float64Array.from(this.active, (n) => grid.weights[n] * intensity[n]);
    const total = this.weights.reduce((sum, a) => sum + a, 0);
    this.weights.forEach((a, i) => {
      this.weights[i] = a / total;
    });
    this.logIntensity = Float64Array.from(this.active, (n) => Math.log(intensity[n]));
    this.share = new Float64Array(grid.nodes);
  }

  /** log E from the roots' log price indices, shape [N]; sets τ, normalised. */
  spread(roots: Reals): number {
    const { active, weights, share } = this;
    const y = Float64Array.from(active, (n) => roots[n]);
    const delta = 1 - this.elasticity;
    const logE = logPowerMean(delta, weights, y);
    share.fill(0);
    let total = 0;
    active.forEach((n, i) => {
      share[n] = weights[i] * Math.exp(delta * (y[i] - logE));
      total += share[n];
    });
    for (const n of active) share[n] /= total;
    return logE;
  }

  /** Changes of τ along changes of the roots' indices, written to `out`; and of log E. */
  spreadDerivative(dRoots: Reals, out: Reals): number {
    let dLogE = 0;
    for (const n of this.active) dLogE += this.share[n] * dRoots[n];
    for (let n = 0; n < out.length; n++)
      out[n] = this.share[n] === 0 ? 0 : this.share[n] * (1 - this.elasticity) * (dRoots[n] - dLogE);
    return dLogE;
  }

  /** Σ τ x over instants. */
  mean(x: Reals): number {
    return this.share.reduce((sum, share, n) => sum + (share > 0 ? share * x[n] : 0), 0);
  }
}
