import { ranges } from "../solve/ranges.js";
import { blocks } from "./blocks.js";
import { figure, percent, shorten } from "./figures.js";
import type { Reading } from "./reading.js";
import { table, top } from "./table.js";

export interface Space {
  /** Columns of the screen. */
  readonly width: number;
  /** Rows of a section before the rest is only counted. */
  readonly rows: number;
}

/** Columns for a row of blocks beside a table's other columns. */
export function chartColumns({ width }: Space): number {
  return Math.max(12, Math.min(48, width - 68));
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
    const peak = Math.max(...price);
    const when = peak === 0 ? "free" : reading.peakTime(price);
    const chart = blocks(reading.evenly(price), chartColumns(space));
    return [...known, figure(reading.mean(price)), figure(peak), when, chart];
  });
  const columns = ["commodity", ">spending", ">share"];
  const head =
    reading.nodes === 1
      ? [...columns, ">price"]
      : [...columns, ">mean price", ">peak", "at", "price over time"];
  return [table(head, lines), ...more].join("\n");
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
