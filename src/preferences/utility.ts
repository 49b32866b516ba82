import { logPowerMean } from "../core/power-mean.js";
import type { Nest } from "./nest.js";

/**
 * Quantities bottom-up (model.md section 3, dual of the price index): for node k with weights a on children x
 *
 *     log Q_k = (σ/(σ−1)) log Σ_c a_c^{1/σ} x_c^{(σ−1)/σ} = −log A/(1−σ) + M_{(σ−1)/σ}(log(x_c/ã_c)) ,   ã = a/A, A = Σa ,
 *
 * M_β the power mean in logs with weights ã; σ = 1: Σ ã log(x/ã); σ = 0: min log(x_c/a_c).
 * What reaches a vertex with several parents is split among them in proportion to the flows of the demand sweep.
 *
 * @param nest with `share` and `flow` of the prices that decide the split
 * @param c quantities of the leaves, shape [leaves, N]
 * @returns log of the root's quantity at every instant, shape [N]; −Infinity where something essential is missing
 */
export function rootQuantities(nest: Nest, c: Float64Array): Float64Array {
  const { graph, instants: N, firstEdge, share, flow } = nest;
  const leafCount = graph.leaves.length;
  const logQuantity = new Float64Array(flow.length);
  for (let i = 0; i < c.length; i++) logQuantity[i] = Math.log(Math.max(0, c[i]));
  const inflows = countParents(nest);
  graph.nodes.forEach(({ children, elasticity }, k) => {
    const weights = nest.weights[k];
    const y = new Float64Array(children.length);
    const own = (leafCount + k) * N;
    for (let n = 0; n < N; n++) {
      for (let i = 0; i < children.length; i++) {
        const child = children[i] * N + n;
        const spent = flow[own + n] * share[(firstEdge[k] + i) * N + n];
        const fraction =
          inflows[children[i]] === 1 ? 1 : flow[child] > 0 ? spent / flow[child] : 1 / inflows[children[i]];
        y[i] = logQuantity[child] + Math.log(fraction) - Math.log(weights[i]);
      }
      logQuantity[own + n] = logPowerMean(1 - 1 / elasticity, weights, y) - nest.logScale(k);
    }
  });
  return nest.rootRow(logQuantity);
}

/** Number of parents of every vertex. */
function countParents(nest: Nest): Int32Array {
  const parents = new Int32Array(nest.graph.leaves.length + nest.graph.nodes.length);
  for (const { children } of nest.graph.nodes) for (const c of children) parents[c]++;
  return parents;
}
