import { figure, percent, shorten } from "./figures.js";
import type { Space } from "./market-table.js";
import { floorsCost } from "./quantity-table.js";
import type { Reading } from "./reading.js";
import { table, top } from "./table.js";

/** Shared commodities whose consumption is told. */
const SHARED = 3;

/** What orchestrators have, what their floors leave of it, how well off they are, and what they take of what is shared. */
export function orchestratorTable(reading: Reading, space: Space): string {
  const rows = Object.entries(reading.result.orchestrators);
  const { shown, more } = top(
    rows.sort(([, a], [, b]) => (b.income ?? 0) - (a.income ?? 0)),
    space.rows,
  );
  const floors = new Map(shown.map(([name]) => [name, floorsCost(reading, name)]));
  const someFloors = [...floors.values()].some((cost) => cost !== null && cost > 0);
  const shared = sharedWanted(reading);
  const lines = shown.map(([name, { income, utility, demand }]) => [
    shorten(name, 28),
    figure(income),
    ...(someFloors ? [figure(income === null ? null : income - (floors.get(name) ?? 0))] : []),
    figure(utility),
    String(Object.keys(demand).length),
    ...shared.map((commodity) =>
      Object.hasOwn(demand, commodity) ? figure(reading.mean(reading.values(demand[commodity]))) : "–",
    ),
  ]);
  const mean = reading.nodes === 1 ? "" : "mean ";
  const head = [
    "orchestrator",
    ">income",
    ...(someFloors ? [">beyond floors"] : []),
    ">utility",
    ">commodities wanted",
    ...shared.map((commodity) => `>${mean}${shorten(commodity, 12)}`),
  ];
  return [table(head, lines), ...more].join("\n");
}

/** The shared commodities that orchestrators themselves consume, those on which most is spent. */
function sharedWanted(reading: Reading): string[] {
  const spending = new Map<string, number>();
  for (const { demand } of Object.values(reading.result.orchestrators)) {
    for (const [name, series] of Object.entries(demand)) {
      if (name.includes("/")) continue;
      const price = reading.price(name);
      const value = reading.integral(reading.values(series).map((c, n) => c * price[n]));
      spending.set(name, (spending.get(name) ?? 0) + value);
    }
  }
  return [...spending.keys()]
    .sort((a, b) => (spending.get(b) ?? 0) - (spending.get(a) ?? 0))
    .slice(0, SHARED);
}

/** The routing policy in the mean over time, a line for each agent that delegates: `planner → coder 80 %, critic 20 %`. */
export function routingLines(reading: Reading, space: Space): string[] {
  const orchestrators = Object.entries(reading.result.orchestrators);
  const policies = orchestrators.flatMap(([name, { routing }]) => {
    const prefix = orchestrators.length === 1 ? "" : `${name}: `;
    return Object.entries(routing)
      .filter(([, shares]) => Object.keys(shares).length > 1)
      .map(([from, shares]) => ({ from: prefix + from, shares }));
  });
  const { shown, more } = top(policies, space.rows);
  return [...shown.map(({ from, shares }) => `  ${from} → ${shareList(reading, shares)}`), ...more];
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
