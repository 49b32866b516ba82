import { beyondFloors, expenditure, incomeOf, livesOffFree, logUtilityOf } from "./consumer.js";
import type { Outcome } from "./outcome.js";
import { rowsValue } from "./value.js";
import { type Item, relative, Worst } from "./worst.js";

/** Utilities whose log is larger are no float64; nothing is said of them. Zero is: its log is −Infinity. */
const REPRESENTABLE = 700;

/**
 * Item 4 of model.md section 7, first half: |⟨p,c_i⟩ − M_i| relative to M_i, worst orchestrator; M_i is what its endowment
 * and its shares of the agents' profits bring, and the income planned is compared as well. Without income nothing is
 * bought, and that is best only if nothing wanted is free: otherwise infinite.
 */
export function budgetGap({ economy, prices, plans, consumers }: Outcome): Item {
  const profits = plans.agents.map(({ profit }) => profit);
  const worst = new Worst();
  consumers.forEach((consumer, i) => {
    const { commodities, demand, income } = plans.orchestrators[i];
    const M = incomeOf(consumer, profits, prices, economy.grid);
    const spent = rowsValue(demand, commodities, prices, economy.grid);
    worst.see(M === 0 && livesOffFree(consumer, prices) ? Infinity : relative(spent - M, M), i);
    worst.see(relative(income - M, M), i);
  });
  return worst.item((i) => ({ orchestrator: economy.orchestrators[i].name }));
}

/**
 * Item 4, second half: |⟨p,c_i⟩ − e_i(p, u_i(c_i))| relative to M_i, worst orchestrator: the same utility cannot be had for
 * less. u_i comes bottom-up from quantities; the utility planned is compared as well.
 */
export function expenditureGap({ economy, prices, plans, consumers }: Outcome): Item {
  const { grid, orchestrators } = economy;
  const worst = new Worst();
  consumers.forEach((consumer, i) => {
    const plan = plans.orchestrators[i];
    const { commodities, demand, income, utility } = plan;
    const logUtility = logUtilityOf(consumer, beyondFloors(consumer, plan, prices, grid));
    const least = expenditure(consumer, logUtility, prices, grid);
    worst.see(relative(rowsValue(demand, commodities, prices, grid) - least, income), i);
    if (Number.isFinite(logUtility) && Math.abs(logUtility) > REPRESENTABLE) return;
    worst.see(relative(expenditure(consumer, Math.log(utility), prices, grid) - least, income), i);
  });
  return worst.item((i) => ({ orchestrator: orchestrators[i].name }));
}
