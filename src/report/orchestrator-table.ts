import { figure, percent, shorten } from "./figures.js";
import type { Space } from "./market-table.js";
import type { Reading } from "./reading.js";
import { table, top } from "./table.js";

/** What orchestrators have and how well off they are. */
export function orchestratorTable(reading: Reading, space: Space): string {
  const rows = Object.entries(reading.result.orchestrators);
  const { shown, more } = top(
    rows.sort(([, a], [, b]) => (b.income ?? 0) - (a.income ?? 0)),
    space.rows,
  );
  const lines = shown.map(([name, { income, utility, demand }]) => [
    shorten(name, 28),
    figure(income),
    figure(utility),
    String(Object.keys(demand).length),
  ]);
  return [table(["orchestrator", ">income", ">utility", ">commodities wanted"], lines), ...more].join("\n");
}

/** The routing policy in the mean over time, a line for each agent that delegates: `planner → coder 80 %, critic 20 %`. */
export function routingLines(reading: Reading, space: Space): string[] {
  const orchestrators = Object.entries(reading.result.orchestrators);
  const lines = orchestrators.flatMap(([name, { routing }]) => {
    const prefix = orchestrators.length === 1 ? "" : `${name}: `;
    return Object.entries(routing)
      .filter(([, shares]) => Object.keys(shares).length > 1)
      .map(([from, shares]) => `  ${prefix}${from} → ${shareList(reading, shares)}`);
  });
  const { shown, more } = top(lines, space.rows);
  return [...shown, ...more];
}

type Shares = Reading["result"]["orchestrators"][string]["routing"][string];

function shareList(reading: Reading, shares: Shares): string {
  const means = Object.entries(shares).map(([to, series]) => ({
    to,
    mean: reading.mean(reading.values(series)),
  }));
  means.sort((a, b) => b.mean - a.mean);
  const shown = means.slice(0, 5).map(({ to, mean }) => `${shorten(to, 24)} ${percent(mean)}`);
  return [...shown, ...(means.length > 5 ? [`… ${means.length - 5} more`] : [])].join(", ");
}
