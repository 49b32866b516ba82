import type { Reals } from "../core/reals.js";
import type { Nest } from "./nest.js";
import type { TimeSpread } from "./time-spread.js";

/** Per leaf and instant, shape [leaves, N]: how the markets of the leaves respond to their own prices. */
export interface OwnResponses {
  /** e_k ≥ 0: own-price elasticity of supply. */
  readonly supply: Float64Array;
  /** φ_k ∈ [0, 1]: the part of demand that responds to prices, (D − γ)/D. */
  readonly free: Float64Array;
}

/** Denominators are at least this: Leontief nests over fixed supplies would ask for infinite steps. */
export const LEAST_RESPONSE = 0.05;

/**
 * The nest-wise step P⁻¹f (model.md section 5): one backward and one forward sweep without exponentials. Backward, every
 * node's value, supply elasticity and free part are the means of its children's by shares of spending,
 *
 *     f_n = Σ_c share_nc f_c ,   e_n = Σ_c share_nc e_c ,   φ_n = Σ_c share_nc φ_c ;
 *
 * forward, a child's price moves by what its parent's does and by its own excess over the parent's,
 *
 *     u_root = f̄ + (f_root − f̄)/(ε φ̄ + ē) ,   u_c = mean over parents, weighted by flow, of u_n + (f_c − f_n)/(σ_n φ_n + e_n) ,
 *
 * bars being means over time by spending. On a tree with fixed supply this is Newton's step for one consumer (up to the
 * constant f̄, which only sets the numeraire).
 *
 * @param nest with `share` and `flow` at the prices in question
 * @param time the shares of instants in spending there
 * @param f values of the leaves, shape [leaves, N]
 * @param out u of the leaves, shape [leaves, N]; 0 for a leaf nothing is spent on
 */
export function nestWiseStep(
  nest: Nest,
  time: TimeSpread,
  f: Float64Array,
  { supply, free }: OwnResponses,
  out: Float64Array,
): void {
  const [value, e, phi] = [f, supply, free].map((leaves) => {
    const all = new Float64Array(nest.index.length);
    nest.priceSweepDerivative(leaves, all);
    return all;
  });
  const step = new Float64Array(nest.index.length);
  const weight = new Float64Array(nest.index.length);
  const [rootValue, rootE, rootPhi] = [value, e, phi].map((rows) => nest.rootRow(rows));
  rootSteps(time, rootValue, rootE, rootPhi, nest.rootRow(step));
  const { graph, share, flow, firstEdge, instants: N } = nest;
  const leaves = graph.leaves.length;
  for (let k = graph.nodes.length - 1; k >= 0; k--) {
    const own = (leaves + k) * N;
    const { children, elasticity: sigma } = graph.nodes[k];
    for (let n = 0; n < N; n++) {
      if (k < graph.nodes.length - 1 && weight[own + n] > 0) step[own + n] /= weight[own + n];
      const response = Math.max(LEAST_RESPONSE, sigma * phi[own + n] + e[own + n]);
      for (let c = 0; c < children.length; c++) {
        const child = children[c] * N + n;
        if (!(flow[child] > 0)) continue;
        const part = (flow[own + n] * share[(firstEdge[k] + c) * N + n]) / flow[child];
        step[child] += part * (response * step[own + n] + value[child] - value[own + n]);
        weight[child] += part * response;
      }
    }
  }
  for (let j = 0; j < out.length; j++) out[j] = weight[j] > 0 ? step[j] / weight[j] : 0;
}

/** u_root = f̄ + (f_root − f̄)/(ε φ̄ + ē) at every instant; all of shape [N]. */
export function rootSteps(time: TimeSpread, value: Reals, e: Reals, phi: Reals, out: Reals): void {
  const f = time.mean(value);
  const response = Math.max(LEAST_RESPONSE, time.elasticity * time.mean(phi) + time.mean(e));
  value.forEach((x, n) => {
    out[n] = f + (x - f) / response;
  });
}
