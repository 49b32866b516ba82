import { logPowerMean } from "../core/power-mean.js";
import { sameNumbers } from "../core/rows.js";
import type { NestGraph, Orchestrator } from "../economy/economy.js";
import type { Preferences } from "../economy/preferences.js";
import type { Grid } from "../time/grid.js";
import { Nest } from "./nest.js";
import { nestWiseStep, type OwnResponses } from "./nest-wise.js";
import { TimeSpread } from "./time-spread.js";
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
  private readonly time: TimeSpread;
  private readonly dIndex: Float64Array;
  private readonly dFlow: Float64Array;
  /** Where the sweeps were last made, and log E there. */
  private readonly sweptAt: Float64Array;
  private logE = Number.NaN;

  constructor(
    orchestrator: Pick<Orchestrator, "preferences" | "intensity" | "intertemporalElasticity">,
    grid: Grid,
  ) {
    const { preferences: graph } = orchestrator;
    this.graph = graph;
    this.leaves = graph.leaves;
    this.nodes = grid.nodes;
    this.time = new TimeSpread(orchestrator, grid);
    this.nest = new Nest(graph, grid.nodes);
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
    this.logE = this.time.spread(this.nest.rootRow(this.nest.index));
    this.nest.demandSweep(this.time.share);
    this.sweptAt.set(q);
  }

  logShares(q: Float64Array, out: Float64Array): void {
    this.sweep(q);
    out.fill(-Infinity);
    const { nodes: N } = this;
    const { active, weights, elasticity } = this.time;
    const roots = this.nest.rootRow(this.nest.index);
    const ofInstant = logLeafShares(this.nest);
    active.forEach((n, i) => {
      const logTimeShare = Math.log(weights[i]) + (1 - elasticity) * (roots[n] - this.logE);
      for (let j = n; j < out.length; j += N) out[j] = logTimeShare + ofInstant[j];
    });
  }

  sharesDerivative(q: Float64Array, dq: Float64Array, out: Float64Array): number {
    this.sweep(q);
    const { nest, dIndex, dFlow } = this;
    nest.priceSweepDerivative(dq, dIndex);
    const dTimeShare = new Float64Array(this.nodes);
    const dLogE = this.time.spreadDerivative(nest.rootRow(dIndex), dTimeShare);
    nest.demandSweepDerivative(dIndex, dTimeShare, dFlow);
    out.set(dFlow.subarray(0, out.length));
    return dLogE;
  }

  nestWise(q: Float64Array, f: Float64Array, own: OwnResponses, out: Float64Array): void {
    this.sweep(q);
    nestWiseStep(this.nest, this.time, f, own, out);
  }

  logUtility(q: Float64Array, c: Float64Array): number {
    const logC = c.map((x) => Math.log(Math.max(0, x)));
    return this.logUtilityOfLogs(q, logC);
  }

  /** log U = log of (Σ w ρ (c/ρ)^{1−1/ε})^{ε/(ε−1)}, c the root's quantity at each instant. */
  logUtilityOfLogs(q: Float64Array, logC: Float64Array): number {
    this.sweep(q);
    const logRoot = rootQuantities(this.nest, logC);
    const { active, logIntensity, elasticity, weights } = this.time;
    const y = Float64Array.from(active, (n, i) => logRoot[n] - logIntensity[i]);
    return logPowerMean(1 - 1 / elasticity, weights, y);
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
