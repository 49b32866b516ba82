import { figure, percent, shorten } from "./figures.js";
import type { Space } from "./market-table.js";
import type { Reading } from "./reading.js";
import { table, top } from "./table.js";

/** Shared commodities in quantities: how much there is, how much is used, also when it is dearest. Empty without an economy. */
export function sharedTable(reading: Reading, space: Space): string {
  const { economy } = reading;
  if (economy === null) return "";
  const [demands, outputs] = [reading.demands(), reading.outputs()];
  const rows = economy.commodities.flatMap(({ name, unit, agent }, m) => {
    if (agent !== null) return [];
    const used = demands.get(name) ?? [];
    const supply = [...(outputs.get(name) ?? [])];
    for (const { endowment } of economy.orchestrators) {
      endowment.get(m)?.forEach((x, n) => {
        supply[n] += x;
      });
    }
    const price = reading.price(name);
    return [
      { name, unit, used, supply, price, spending: reading.integral(price.map((p, n) => p * used[n])) },
    ];
  });
  if (rows.length === 0) return "";
  const { shown, more } = top(
    rows.sort((a, b) => b.spending - a.spending),
    Math.min(5, space.rows),
  );
  const lines = shown.map(({ name, unit, used, supply, price }) => {
    const amounts = [figure(reading.mean(used)), figure(reading.mean(supply)), unit ?? ""];
    if (reading.nodes === 1) return [shorten(name, 28), ...amounts];
    const n = reading.peak(price);
    const dearest =
      price[n] === 0 ? "never scarce" : `${figure(used[n])} of ${figure(supply[n])} at ${reading.clock(n)}`;
    return [shorten(name, 28), ...amounts, dearest];
  });
  const means = reading.nodes === 1 ? [">used", ">there is"] : [">mean use", ">mean supply"];
  const units = shown.some(({ unit }) => unit !== null);
  const head = ["commodity", ...means, "unit", ...(reading.nodes === 1 ? [] : ["used when dearest"])];
  const without = <T>(row: readonly T[]) => (units ? row : row.filter((_, c) => c !== 3));
  return [table(without(head), lines.map(without)), ...more].join("\n");
}

/** What an orchestrator's floors cost it in all, per horizon; 0 without any, null without an economy. */
export function floorsCost(reading: Reading, orchestrator: string): number | null {
  if (reading.economy === null) return null;
  return floorsOf(reading, orchestrator).reduce((sum, { cost }) => sum + cost, 0);
}

interface Floor {
  readonly commodity: string;
  readonly quantity: number;
  readonly cost: number;
}

function floorsOf(reading: Reading, orchestrator: string): Floor[] {
  const { economy } = reading;
  const found = economy?.orchestrators.find(({ name }) => name === orchestrator);
  return Array.from(found?.floors ?? [], ([m, series]) => {
    const commodity = economy!.commodities[m].name;
    const price = reading.price(commodity);
    const floor = Array.from(series);
    return {
      commodity,
      quantity: reading.mean(floor),
      cost: reading.integral(floor.map((x, n) => x * price[n])),
    };
  });
}

/** What each floor costs, and what share of its orchestrator's income that is; empty where there are none. */
export function floorTable(reading: Reading, space: Space): string {
  const rows = Object.entries(reading.result.orchestrators).flatMap(([orchestrator, { income }]) =>
    floorsOf(reading, orchestrator).map((floor) => ({ orchestrator, income, ...floor })),
  );
  if (rows.length === 0) return "";
  const { shown, more } = top(
    rows.sort((a, b) => b.cost - a.cost),
    space.rows,
  );
  const lines = shown.map(({ orchestrator, commodity, quantity, cost, income }) => [
    shorten(orchestrator, 28),
    shorten(commodity, 28),
    figure(quantity),
    figure(cost),
    percent(income === null || income <= 0 ? null : cost / income),
  ]);
  const quantity = reading.nodes === 1 ? ">at least" : ">at least (mean)";
  return [table(["orchestrator", "floor", quantity, ">costs", ">of income"], lines), ...more].join("\n");
}
