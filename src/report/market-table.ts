import { ranges } from "../solve/ranges.js";
import { blocks } from "./blocks.js";
import { figure, largest, percent, shorten } from "./figures.js";
import type { Reading } from "./reading.js";
import { columnsLeft, table, top } from "./table.js";

export interface Space {
  /** Columns of the screen. */
  readonly width: number;
  /** Rows of a section before the rest is only counted. */
  readonly rows: number;
}

/** The commodities on which most is spent: their prices, and when they are dear. */
export function marketTable(reading: Reading, space: Space): string {
  const demands = reading.demands();
  const rows = Object.keys(reading.result.prices).map((name) => {
    const price = reading.price(name);
    const spending = reading.integral(price.map((p, n) => p * (demands.get(name)?.[n] ?? 0)));
    return { name, price, spending };
  });
  const total = rows.reduce((sum, { spending }) => sum + spending, 0);
  const { shown, more } = top(
    rows.sort((a, b) => b.spending - a.spending),
    space.rows,
  );
  const lines = shown.map(({ name, price, spending }) => {
    const known = [shorten(name, 28), figure(spending), percent(total > 0 ? spending / total : null)];
    if (reading.nodes === 1) return [...known, price[0] === 0 ? "free" : figure(price[0])];
    const peak = largest(price);
    const when = peak === 0 ? "free" : reading.peakTime(price);
    return [...known, figure(reading.mean(price)), figure(peak), when];
  });
  const columns = ["commodity", ">spending", ">share"];
  const head = [...columns, ...(reading.nodes === 1 ? [">price"] : [">mean price", ">peak", "at"])];
  const prices = shown.map(({ price }) => price);
  return [withChart(reading, head, lines, prices, "price over time", space), ...more].join("\n");
}

/** A table with a row of blocks at the end of each line, where the result is over time and there is room. */
export function withChart(
  reading: Reading,
  head: readonly string[],
  lines: readonly (readonly string[])[],
  series: readonly (readonly number[])[],
  title: string,
  { width }: Space,
): string {
  const columns = reading.nodes === 1 ? 0 : columnsLeft(head, lines, width);
  if (columns === 0) return table(head, lines);
  return table(
    [...head, title.slice(0, Math.max(columns, 4))],
    lines.map((line, r) => [...line, blocks(reading.evenly(series[r]), columns)]),
  );
}

/** Which commodities are free (price 0), and when; empty where none is. */
export function freeLines({ result, nodes }: Reading, space: Space): string[] {
  const { shown, more } = top(result.certificate.free, Math.min(6, space.rows));
  const lines = shown.map(({ commodity, nodes: free }) => {
    if (free.length === nodes) return `  ${commodity}: nobody needs all of it, at any time`;
    const of = nodes === 1 ? "" : ` at ${free.length} of ${nodes} instants (nodes ${ranges(free)})`;
    return `  ${commodity}: nobody needs all of it${of}`;
  });
  return [...lines, ...more];
}
