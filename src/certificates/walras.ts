import type { Outcome } from "./outcome.js";
import { worth } from "./value.js";
import type { Item } from "./worst.js";

/**
 * Item 2 of model.md section 7, Walras' law: |⟨p,z⟩| / Σ M_i. It holds at any prices, because every orchestrator spends
 * exactly its income; nothing in the computation imposes it.
 */
export function walras({ economy, prices, plans, volumes }: Outcome): Item {
  const { nodes: N, weights } = economy.grid;
  const { demand, supply } = volumes;
  let value = 0;
  for (let row = 0; row < prices.length; row += N) {
    for (let n = 0, i = row; n < N; n++, i++) value += weights[n] * worth(prices[i], demand[i] - supply[i]);
  }
  const wealth = plans.orchestrators.reduce((sum, { income }) => sum + income, 0);
  return { value: Math.abs(value) / wealth, place: {} };
}
