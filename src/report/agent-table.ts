import { figure, shorten } from "./figures.js";
import { type Space, withChart } from "./market-table.js";
import type { Reading } from "./reading.js";
import { top } from "./table.js";

/** Metrics of an agent whose output is told. */
const METRICS = 2;

/** The agents that sell most: what they earn and pay for, how much they make of what, and when they are used. */
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
    const known = [shorten(name, 28), figure(income), figure(cost), figure(profit), output(reading, name)];
    return reading.nodes === 1 ? known : [...known, income > 0 ? reading.peakTime(revenue) : ""];
  });
  const head = ["agent", ">sells", ">buys", ">profit", reading.nodes === 1 ? "output" : "mean output"];
  const sales = shown.map(({ revenue }) => revenue);
  return [
    withChart(
      reading,
      reading.nodes === 1 ? head : [...head, "busiest"],
      lines,
      sales,
      "sales over time",
      space,
    ),
    ...more,
  ].join("\n");
}

/** `quality 1.2, speed 0.4`: the time mean of the metrics that bring most. */
function output(reading: Reading, agent: string): string {
  const metrics = Object.entries(reading.result.agents[agent].supply).map(([metric, series]) => {
    const price = reading.price(reading.commodityOf(agent, metric));
    const made = reading.values(series).map((y) => Math.max(0, y));
    return { metric, mean: reading.mean(made), worth: reading.integral(made.map((y, n) => y * price[n])) };
  });
  return metrics
    .filter(({ mean }) => mean > 0)
    .sort((a, b) => b.worth - a.worth)
    .slice(0, METRICS)
    .map(({ metric, mean }) => `${shorten(metric, 12)} ${figure(mean)}`)
    .join(", ");
}
