import { agentPrices } from "./agent-prices.js";
import type { Outcome } from "./outcome.js";
import { tradedValue } from "./value.js";
import { type Item, relative, Worst } from "./worst.js";

/**
 * Item 3 of model.md section 7, first half: h_a(p) − ⟨p,y_a⟩ relative to the value ⟨p,|y_a|⟩ that moves, worst agent. In
 * Y_a nothing is worth more than h_a(p), so 0 says that y_a maximises profit; the profit planned is compared as well.
 */
export function profitGap({ economy, prices, plans }: Outcome): Item {
  const { agents, grid } = economy;
  const worst = new Worst();
  const pricesOf = agentPrices(economy, prices);
  agents.forEach((agent, a) => {
    const { supply, profit } = plans.agents[a];
    const best = agent.set.profit(pricesOf(agent));
    const { value, moved } = tradedValue(supply, agent.commodities, prices, grid);
    const scale = Math.max(Math.abs(best), moved);
    worst.see(relative(best - value, scale), a);
    worst.see(relative(best - profit, scale), a);
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
