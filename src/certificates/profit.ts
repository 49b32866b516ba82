import { gatherRows } from "../core/rows.js";
import type { Outcome } from "./outcome.js";
import { rowsValue } from "./value.js";
import { type Item, relative, Worst } from "./worst.js";

/**
 * Item 3 of model.md section 7, first half: h_a(p) − ⟨p,y_a⟩ relative to the value ⟨p,|y_a|⟩ that moves, worst agent. In
 * Y_a nothing is worth more than h_a(p), so 0 says that y_a maximises profit; the profit planned is compared as well.
 */
export function profitGap({ economy, prices, plans }: Outcome): Item {
  const { agents, grid } = economy;
  const worst = new Worst();
  agents.forEach(({ set, commodities }, a) => {
    const { supply, profit } = plans.agents[a];
    const best = set.profit(gatherRows(prices, commodities, grid.nodes, new Float64Array(supply.length)));
    const moved = Math.max(Math.abs(best), rowsValue(supply.map(Math.abs), commodities, prices, grid));
    worst.see(relative(best - rowsValue(supply, commodities, prices, grid), moved), a);
    worst.see(relative(best - profit, moved), a);
  });
  return worst.item((a) => ({ agent: agents[a].name }));
}

/** Item 3, second half: relative distance of y_a outside Y_a, decided from the set's definition, worst agent. */
export function membershipGap({ economy, plans }: Outcome): Item {
  const worst = new Worst();
  economy.agents.forEach(({ set }, a) => {
    worst.see(set.gap(plans.agents[a].supply), a);
  });
  return worst.item((a) => ({ agent: economy.agents[a].name }));
}
