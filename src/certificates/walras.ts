import type { Outcome } from "./outcome.js";
import { worth } from "./value.js";
import type { Item } from "./worst.js";

/**
 * Item 2 of model.md section 7, Walras' law: |⟨p,z⟩| / Σ M_i. It holds at any prices, because every orchestrator spends
 * exactly its income; nothing in the computation imposes it.
 */
export function walras({ economy, prices, plans, volumes }: Outcome): Item {
  const { nodes: N, weights } = economy.grid;
  let value = 0;
  for (let i = 0; i < prices.length; i++) {
    value += weights[i % N] * worth(prices[i], volumes.demand[i] - volumes.supply[i]);
  }
  const wealth = plans.orchestrators.reduce((sum, { income }) => sum + income, 0);
  return { value: Math.abs(value) / wealth, place: {} };
}
