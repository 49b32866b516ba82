import type { ResultFile } from "../solve/result.js";
import { convergencePlot } from "./convergence-plot.js";
import { figure, largest, percent } from "./figures.js";
import { freeLines, type Space } from "./market-table.js";
import { paint } from "./paint.js";
import { policyTable } from "./policy-table.js";
import { Reading } from "./reading.js";
import { certificateSection, effort, outcome, type SummaryOptions } from "./summary.js";
import { type TimetableRow, timetable } from "./timetable.js";

/** A result over time told on one page: who is used when, what is scarce when, where work goes, and why to believe it. */
export function dayPage(result: ResultFile, options: SummaryOptions = {}): string {
  const space: Space = { width: options.width ?? 100, rows: options.rows ?? 16 };
  const ink = paint(options.color ?? false);
  const reading = new Reading(result);
  const columns = Math.max(16, Math.min(48, space.width - 50));
  const { unit } = result.time;
  const per = unit === null ? "" : ` per ${unit}`;
  const sections: [title: string, body: string[]][] = [
    [`Who works when ${ink.dim("(output at mean prices)")}`, timetable(reading, workRows(reading), columns)],
    [
      `What is scarce when ${ink.dim(`(price${per}; the mean price of everything is 1; · is free)`)}`,
      scarcity(reading, columns, space),
    ],
    ["Where work is sent", [policyTable(reading, space)]],
    certificateSection(result, ink),
    ["How it converged", [convergencePlot(result.trace, Math.min(60, space.width - 14))]],
  ];
  return [
    outcome(result, ink),
    ...sections.map(([title, body]) => `${ink.bold(title)}\n${body.join("\n")}`),
    `${effort(result)}\n`,
  ].join("\n\n");
}

/** Each agent's outputs, valued at their mean prices so that only quantities move. */
function workRows(reading: Reading): TimetableRow[] {
  const rows = Object.entries(reading.result.agents).map(([name, { supply, profit }]) => {
    const work = new Array<number>(reading.nodes).fill(0);
    for (const [metric, series] of Object.entries(supply)) {
      const price = reading.mean(reading.price(reading.commodityOf(name, metric)));
      reading.values(series).forEach((y, n) => {
        work[n] += price * Math.max(0, y);
      });
    }
    const sales = reading.integral(reading.business(name).revenue);
    return { name, values: work, sales, profit };
  });
  const total = rows.reduce((sum, { sales }) => sum + sales, 0);
  return rows.map(({ name, values, sales, profit }) => ({
    name,
    values,
    note: `${percent(sales / total).padStart(4)} of sales, profit ${figure(profit)}`,
  }));
}

/** Shared commodities, which no agent owns, and the dearest of the others. */
function scarcity(reading: Reading, columns: number, space: Space): string[] {
  const prices = Object.keys(reading.result.prices).map((name) => ({ name, values: reading.price(name) }));
  const shared = prices.filter(({ name }) => !name.includes("/"));
  const own = prices.filter(({ name }) => name.includes("/"));
  own.sort((a, b) => reading.mean(b.values) - reading.mean(a.values));
  const rows = [...shared, ...own.slice(0, Math.max(0, 5 - shared.length))].map(({ name, values }) => {
    const peak = largest(values);
    const over = `mean ${figure(reading.mean(values))}, peak ${figure(peak)} at ${reading.peakTime(values)}`;
    const note = peak === 0 ? "free" : reading.nodes === 1 ? figure(peak) : over;
    return { name, values, note };
  });
  return [...timetable(reading, rows, columns), ...freeLines(reading, space)];
}
