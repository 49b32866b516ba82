import { logPowerMean } from "../core/power-mean.js";
import { sameNumbers } from "../core/rows.js";
import type { NestGraph, Orchestrator } from "../economy/economy.js";
import type { Preferences } from "../economy/preferences.js";
import type { Grid } from "../time/grid.js";
import { Nest } from "./nest.js";
import { nestWiseStep, type OwnResponses } from "./nest-wise.js";
import { logLeafShares, rootQuantities } from "./utility.js";

/**
 * A CES graph at every instant under an intertemporal CES over instants (model.md section 3):
 *
 *     E = (Σ_n w_n ρ_n P_root,n^{1−ε})^{1/(1−ε)} ,    Σ_n w_n ρ_n = 1 .
 *
 * Instants with ρ_n = 0 are not demanded: their shares are 0 and their prices do not enter E.
 */
export class CesPreferences implements Preferences {
  readonly leaves: Int32Array;
  readonly nodes: number;
  readonly graph: NestGraph;
  private readonly nest: Nest;
  private readonly elasticity: number;
  /** Instants with ρ_n > 0, their weights w_n ρ_n (sum 1) and log ρ_n. */
  private readonly active: Int32Array;
  private readonly weights: Float64Array;
  private readonly logIntensity: Float64Array;
  /** Share τ_n of each instant in spending, shape [N]. */
  private readonly timeShare: Float64Array;
  private readonly dIndex: Float64Array;
  private readonly dFlow: Float64Array;
  /** Where the sweeps were last made, and log E there. */
  private readonly sweptAt: Float64Array;
  private logE = Number.NaN;

  constructor(
    orchestrator: Pick<Orchestrator, "preferences" | "intensity" | "intertemporalElasticity">,
    grid: Grid,
  ) {
    const { preferences: graph, intensity } = orchestrator;
    this.graph = graph;
    this.leaves = graph.leaves;
    this.nodes = grid.nodes;
    this.elasticity = orchestrator.intertemporalElasticity;
    this.nest = new Nest(graph, grid.nodes);
    this.active = Int32Array.from(grid.t.keys()).filter((n) => intensity[n] > 0);
    this.weights = Float64Array.from(this.active, (n) => grid.weights[n] * intensity[n]);
    const total = this.weights.reduce((sum, a) => sum + a, 0);
    this.weights.forEach((a, i) => {
      this.weights[i] = a / total;
    });
    this.logIntensity = Float64Array.from(this.active, (n) => Math.log(intensity[n]));
    this.timeShare = new Float64Array(grid.nodes);
    this.dIndex = new Float64Array(this.nest.index.length);
    this.dFlow = new Float64Array(this.nest.flow.length);
    this.sweptAt = new Float64Array(graph.leaves.length * grid.nodes).fill(Number.NaN);
  }

  shares(q: Float64Array, out: Float64Array): number {
    this.sweep(q);
    out.set(this.nest.flow.subarray(0, out.length));
    return this.logE;
  }

  /** Both sweeps at q, unless they were last made just there: many derivatives are taken at one point. */
  private sweep(q: Float64Array): void {
    if (sameNumbers(q, this.sweptAt)) return;
    this.nest.priceSweep(q);
    this.logE = this.spreadOverTime();
    this.nest.demandSweep(this.timeShare);
    this.sweptAt.set(q);
  }

  /** log E from the roots' price indices; sets τ_n = w_n ρ_n (P_n/E)^{1−ε}, normalised. */
  private spreadOverTime(): number {
    const { active, weights, timeShare } = this;
    const roots = this.nest.rootRow(this.nest.index);
    const y = Float64Array.from(active, (n) => roots[n]);
    const delta = 1 - this.elasticity;
    const logE = logPowerMean(delta, weights, y);
    timeShare.fill(0);
    let total = 0;
    active.forEach((n, i) => {
      timeShare[n] = weights[i] * Math.exp(delta * (y[i] - logE));
      total += timeShare[n];
    });
    for (const n of active) timeShare[n] /= total;
    return logE;
  }

  logShares(q: Float64Array, out: Float64Array): void {
    this.sweep(q);
    out.fill(-Infinity);
    const { active, weights, nodes: N } = this;
    const roots = this.nest.rootRow(this.nest.index);
    const ofInstant = logLeafShares(this.nest);
    active.forEach((n, i) => {
      const logTimeShare = Math.log(weights[i]) + (1 - this.elasticity) * (roots[n] - this.logE);
      for (let j = n; j < out.length; j += N) out[j] = logTimeShare + ofInstant[j];
    });
  }

  sharesDerivative(q: Float64Array, dq: Float64Array, out: Float64Array): number {
    this.sweep(q);
    const { nest, dIndex, dFlow, timeShare } = this;
    nest.priceSweepDerivative(dq, dIndex);
    const dRoots = nest.rootRow(dIndex);
    let dLogE = 0;
    for (const n of this.active) dLogE += timeShare[n] * dRoots[n];
    const dTimeShare = timeShare.map((share, n) => share * (1 - this.elasticity) * (dRoots[n] - dLogE));
    nest.demandSweepDerivative(dIndex, dTimeShare, dFlow);
    out.set(dFlow.subarray(0, out.length));
    return dLogE;
  }

  nestWise(q: Float64Array, f: Float64Array, own: OwnResponses, out: Float64Array): void {
    this.sweep(q);
    nestWiseStep(this.nest, this.timeShare, this.elasticity, f, own, out);
  }

  logUtility(q: Float64Array, c: Float64Array): number {
    const logC = c.map((x) => Math.log(Math.max(0, x)));
    return this.logUtilityOfLogs(q, logC);
  }

  /** log U = log of (Σ w ρ (c/ρ)^{1−1/ε})^{ε/(ε−1)}, c the root's quantity at each instant. */
  logUtilityOfLogs(q: Float64Array, logC: Float64Array): number {
    this.sweep(q);
    const logRoot = rootQuantities(this.nest, logC);
    const y = Float64Array.from(this.active, (n, i) => logRoot[n] - this.logIntensity[i]);
    return logPowerMean(1 - 1 / this.elasticity, this.weights, y);
  }

  /** The routing policy: for each edge of `graph.routing` its share at every instant, shape [N]. */
  routing(q: Float64Array): Float64Array[] {
    this.sweep(q);
    return this.graph.routing.map(({ node, child }) => {
      if (node === null) return new Float64Array(this.nodes);
      const edge = (this.nest.firstEdge[node] + child) * this.nodes;
      return this.nest.share.slice(edge, edge + this.nodes);
    });
  }
}
