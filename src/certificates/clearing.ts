import type { Outcome } from "./outcome.js";
import { type Item, instantAt, Worst } from "./worst.js";

/** Reported where a ratio is beyond float64: wants of 1e300 over a supply of 1e-27, or wants without bound. */
const BEYOND = 1e300;

/**
 * Item 1 of model.md section 7: max over commodity-instants of |z|/(time mean of S_m), z = D − S; free instants (p = 0)
 * count only z > 0. A number ≥ 0, at most 1e300, and NaN where a quantity is.
 */
export function clearing(outcome: Outcome): Item {
  const { economy, prices, volumes } = outcome;
  const { demand, supply } = volumes;
  const N = economy.grid.nodes;
  const worst = new Worst();
  for (let m = 0; m < economy.commodities.length; m++) {
    const scale = meanVolume(outcome, m);
    for (let i = m * N; i < (m + 1) * N; i++) {
      const z = demand[i] - supply[i];
      const gap = prices[i] === 0 ? Math.max(0, z) : Math.abs(z);
      const relative = Math.min(BEYOND, gap / scale);
      // Not every one is told of: the call takes longer than the rest.
      if (!(relative <= worst.value)) worst.see(relative, i);
    }
  }
  return worst.item((i) => instantAt(economy, i));
}

/** Time mean of S_m; of D_m where nothing is ever supplied, so that a ratio to it is defined. */
export function meanVolume({ economy, volumes }: Outcome, m: number): number {
  const { nodes: N, weights, horizon } = economy.grid;
  const mean = (x: Float64Array): number => {
    let sum = 0;
    for (let n = 0; n < N; n++) sum += weights[n] * x[m * N + n];
    return sum / horizon;
  };
  return mean(volumes.supply) || mean(volumes.demand) || 1;
}
