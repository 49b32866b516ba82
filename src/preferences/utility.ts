import { logPowerMean } from "../core/power-mean.js";
import type { Nest } from "./nest.js";

/**
 * Quantities bottom-up (model.md section 3, dual of the price index): for node k with weights a on children x
 *
 *     log Q_k = (σ/(σ−1)) log Σ_c a_c^{1/σ} x_c^{(σ−1)/σ} = −log A/(1−σ) + M_{(σ−1)/σ}(log(x_c/ã_c)) ,   ã = a/A, A = Σa ,
 *
 * M_β the power mean in logs with weights ã; σ = 1: Σ ã log(x/ã); σ = 0: min log(x_c/a_c).
 * What reaches a vertex with several parents is split among them in proportion to the flows of the demand sweep, in logs: a
 * parent may be essential and yet spend less than any number of float64 on it.
 *
 * @param nest with `index` of the prices that decide the split
 * @param logC log quantities of the leaves, shape [leaves, N]; −Infinity for none
 * @returns log of the root's quantity at every instant, shape [N]; −Infinity where something essential is missing
 */
export function rootQuantities(nest: Nest, logC: Float64Array): Float64Array {
  const { graph, instants: N, index } = nest;
  const leafCount = graph.leaves.length;
  const logQuantity = new Float64Array(index.length);
  logQuantity.set(logC);
  const split = new Split(nest);
  graph.nodes.forEach(({ children, elasticity }, k) => {
    const weights = nest.weights[k];
    const y = new Float64Array(children.length);
    const own = (leafCount + k) * N;
    for (let n = 0; n < N; n++) {
      for (let i = 0; i < children.length; i++) {
        y[i] = logQuantity[children[i] * N + n] + split.logFraction(k, i, n) - Math.log(weights[i]);
      }
      logQuantity[own + n] = logPowerMean(1 - 1 / elasticity, weights, y) - nest.logScale(k);
    }
  });
  return nest.rootRow(logQuantity);
}

/** log s of the leaves' shares in an instant's spending, shape [leaves, N]: `flow` of the demand sweep in logs, spending 1 at every instant. */
export function logLeafShares(nest: Nest): Float64Array {
  return new Split(nest).logFlow.slice(0, nest.graph.leaves.length * nest.instants);
}

/** How the demand sweep at the prices of `nest.index` divides every vertex among its parents, in logs. */
class Split {
  /** log spending on every vertex at every instant, of 1 at the root, shape [leaves + nodes, N]. */
  readonly logFlow: Float64Array;
  private readonly parents: Int32Array;
  private readonly logWeights: readonly Float64Array[];

  constructor(private readonly nest: Nest) {
    const { graph, instants: N, index } = nest;
    this.parents = countParents(nest);
    this.logWeights = nest.weights.map((weights) => weights.map(Math.log));
    this.logFlow = new Float64Array(index.length).fill(-Infinity);
    nest.rootRow(this.logFlow).fill(0);
    for (let k = graph.nodes.length - 1; k >= 0; k--) {
      graph.nodes[k].children.forEach((child, i) => {
        for (let n = 0; n < N; n++) {
          const at = child * N + n;
          this.logFlow[at] = logSum(this.logFlow[at], this.logSpent(k, i, n));
        }
      });
    }
  }

  /** log of what node k spends on its child number i: its flow times a_i P_i^{1−σ} / Σ a P^{1−σ}. */
  private logSpent(k: number, i: number, n: number): number {
    const { graph, instants: N, index } = this.nest;
    const { children, elasticity } = graph.nodes[k];
    const own = (graph.leaves.length + k) * N + n;
    const delta = 1 - elasticity;
    const relative = index[children[i] * N + n] - (index[own] - this.nest.logScale(k));
    return this.logFlow[own] + this.logWeights[k][i] + (delta === 0 ? 0 : delta * relative);
  }

  /** log of the fraction of child number i of node k that is node k's; evenly where spending is beyond even logs. */
  logFraction(k: number, i: number, n: number): number {
    const child = this.nest.graph.nodes[k].children[i];
    if (this.parents[child] === 1) return 0;
    const fraction = this.logSpent(k, i, n) - this.logFlow[child * this.nest.instants + n];
    return Number.isNaN(fraction) ? -Math.log(this.parents[child]) : Math.min(0, fraction);
  }
}

/** log(e^a + e^b). */
function logSum(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === -Infinity ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
}

/** Number of parents of every vertex. */
function countParents(nest: Nest): Int32Array {
  const parents = new Int32Array(nest.graph.leaves.length + nest.graph.nodes.length);
  for (const { children } of nest.graph.nodes) for (const c of children) parents[c]++;
  return parents;
}
