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
 * @param nest with `index`, `share` and `flow` at the prices that decide the split
 * @param logC log quantities of the leaves, shape [leaves, N]; −Infinity for none
 * @returns log of the root's quantity at every instant, shape [N]; −Infinity where something essential is missing
 */
export function rootQuantities(nest: Nest, logC: Float64Array): Float64Array {
  const { graph, instants: N } = nest;
  const leafCount = graph.leaves.length;
  const logQuantity = new Float64Array(graph.nodes.length * N);
  const split = new Split(nest);
  const widest = graph.nodes.reduce((most, { children }) => Math.max(most, children.length), 0);
  /** log(x_c/ã_c) of one node's children, shape [children, N]. */
  const rows = new Float64Array(widest * N);
  graph.nodes.forEach(({ children, elasticity }, k) => {
    const weights = nest.weights[k];
    children.forEach((child, i) => {
      const [logs, from] = child < leafCount ? [logC, child * N] : [logQuantity, (child - leafCount) * N];
      const logFraction = split.logFractions(k, i);
      const logWeight = Math.log(weights[i]);
      for (let n = 0, j = i * N; n < N; n++, j++) rows[j] = logs[from + n] + logFraction[n] - logWeight;
    });
    const beta = 1 - 1 / elasticity;
    const scale = nest.logScale(k);
    const y = new Float64Array(children.length);
    for (let n = 0; n < N; n++) {
      for (let i = 0, j = n; i < y.length; i++, j += N) y[i] = rows[j];
      logQuantity[k * N + n] = logPowerMean(beta, weights, y) - scale;
    }
  });
  return logQuantity.subarray(logQuantity.length - N);
}

/** log s of the leaves' shares in an instant's spending, shape [leaves, N]: `flow` of the demand sweep in logs, spending 1 at every instant. */
export function logLeafShares(nest: Nest): Float64Array {
  return new LogFlow(nest).ofVertices.slice(0, nest.graph.leaves.length * nest.instants);
}

/** Spending above this is a float64 with all its digits, and so is every flow and share it is a product or a sum of. */
const RESOLVED = 1e-290;

/** How the demand sweep at the prices of `nest.index` divides every vertex among its parents, in logs. */
class Split {
  private readonly parents: Int32Array;
  private readonly undivided: Float64Array;
  private readonly fractions: Float64Array;
  /** Made when some spending is below what `nest.flow` resolves, which is rare. */
  private logFlow: LogFlow | null = null;

  constructor(private readonly nest: Nest) {
    this.parents = countParents(nest);
    this.undivided = new Float64Array(nest.instants);
    this.fractions = new Float64Array(nest.instants);
  }

  /** log of the fraction of child number i of node k that is node k's, shape [N], written over by the next. */
  logFractions(k: number, i: number): Float64Array {
    const { graph, instants: N, flow, share, firstEdge } = this.nest;
    const child = graph.nodes[k].children[i];
    if (this.parents[child] === 1) return this.undivided;
    const { fractions } = this;
    const own = (graph.leaves.length + k) * N;
    const edge = (firstEdge[k] + i) * N;
    for (let n = 0; n < N; n++) {
      const spent = flow[own + n] * share[edge + n];
      fractions[n] =
        spent > RESOLVED ? Math.min(0, Math.log(spent / flow[child * N + n])) : this.tinyFraction(k, i, n);
    }
    return fractions;
  }

  /** From spending in logs; evenly where spending is beyond even those. */
  private tinyFraction(k: number, i: number, n: number): number {
    const { graph, instants: N } = this.nest;
    const child = graph.nodes[k].children[i];
    this.logFlow ??= new LogFlow(this.nest);
    const fraction = this.logFlow.spent(k, i, n) - this.logFlow.ofVertices[child * N + n];
    return Number.isNaN(fraction) ? -Math.log(this.parents[child]) : Math.min(0, fraction);
  }
}

/** The demand sweep at the prices of `nest.index` in logs, with spending 1 at every instant. */
class LogFlow {
  /** log spending on every vertex at every instant, shape [leaves + nodes, N]. */
  readonly ofVertices: Float64Array;
  private readonly logWeights: readonly Float64Array[];

  constructor(private readonly nest: Nest) {
    const { graph, instants: N, index } = nest;
    this.logWeights = nest.weights.map((weights) => weights.map(Math.log));
    this.ofVertices = new Float64Array(index.length).fill(-Infinity);
    nest.rootRow(this.ofVertices).fill(0);
    for (let k = graph.nodes.length - 1; k >= 0; k--) {
      graph.nodes[k].children.forEach((child, i) => {
        for (let n = 0; n < N; n++) {
          const at = child * N + n;
          this.ofVertices[at] = logSum(this.ofVertices[at], this.spent(k, i, n));
        }
      });
    }
  }

  /** log of what node k spends on its child number i: its flow times a_i P_i^{1−σ} / Σ a P^{1−σ}. */
  spent(k: number, i: number, n: number): number {
    const { graph, instants: N, index } = this.nest;
    const { children, elasticity } = graph.nodes[k];
    const own = (graph.leaves.length + k) * N + n;
    const delta = 1 - elasticity;
    const relative = index[children[i] * N + n] - (index[own] - this.nest.logScale(k));
    return this.ofVertices[own] + this.logWeights[k][i] + (delta === 0 ? 0 : delta * relative);
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
