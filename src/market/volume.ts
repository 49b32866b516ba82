import type { Reals } from "../core/reals.js";
import type { Layout } from "./layout.js";

/**
 * Time mean of S_m, Σ w S/T; of D_m where there is no supply at all, so that a ratio to it is defined, and 1 where there is neither.
 *
 * @param supply @param demand shape [commodities, nodes]
 */
export function meanVolume(layout: Layout, supply: Reals, demand: Reals, m: number): number {
  return timeMean(layout, supply, m) || timeMean(layout, demand, m) || 1;
}

function timeMean({ nodes: N, weights, horizon }: Layout, x: Reals, m: number): number {
  let sum = 0;
  for (let n = 0; n < N; n++) sum += weights[n] * x[m * N + n];
  return sum / horizon;
}
