import { blocks } from "./blocks.js";
import { figure, shorten } from "./figures.js";
import { chartColumns, type Space } from "./market-table.js";
import type { Reading } from "./reading.js";
import { table, top } from "./table.js";

/** The agents that sell most: what they earn, what they pay for, and when they are used. */
export function agentTable(reading: Reading, space: Space): string {
  const rows = Object.entries(reading.result.agents).map(([name, { profit }]) => {
    const { revenue, cost } = reading.business(name);
    return { name, profit, revenue, income: reading.integral(revenue), cost: reading.integral(cost) };
  });
  const { shown, more } = top(
    rows.sort((a, b) => b.income - a.income),
    space.rows,
  );
  const lines = shown.map(({ name, profit, revenue, income, cost }) => {
    const known = [shorten(name, 28), figure(income), figure(cost), figure(profit)];
    if (reading.nodes === 1) return known;
    const when = income > 0 ? reading.peakTime(revenue) : "";
    return [...known, when, blocks(reading.evenly(revenue), chartColumns(space))];
  });
  const columns = ["agent", ">sells", ">buys", ">profit"];
  return [
    table(reading.nodes === 1 ? columns : [...columns, "busiest", "sales over time"], lines),
    ...more,
  ].join("\n");
}
