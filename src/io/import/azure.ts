import { InputError } from "../../core/errors.js";
import { quote } from "../../economy/found.js";
import { CellReader, type Row, type Table } from "./csv.js";
import { columnOf, linesOf } from "./mapping.js";
import type { Trace } from "./trace.js";

/** Seconds of a cell where nobody says how many nodes there are to be. */
const MINUTE = 60;
const MOST_CELLS = 10_000_000;

/**
 * A trace of single requests (Azure's LLM inference traces): requests a second, and tokens a second, in cells of equal width from
 * the full minute before the first request to the full minute after the last.
 *
 * @param nodes cells; default one a minute
 */
export function azureTrace(table: Table, nodes: number | undefined): Trace {
  const cells = new CellReader(table);
  const time = columnOf("azure", "time");
  const weights = linesOf("azure").filter(({ role }) => role === "rate");
  const at = table.rows.map((row) => instantOf(row, cells, time));
  const tokens = weights.map(({ column }) => table.rows.map((row) => cells.number(row, column) ?? 0));
  cells.throwIfAny();
  const { from, minutes } = spanOf(at, table);
  const count = nodes ?? minutes;
  const window = (minutes * MINUTE) / count;
  const rates = (amounts: readonly number[]) => {
    const sums = new Array<number>(count).fill(0);
    at.forEach(({ second, fraction }, k) => {
      sums[Math.min(count - 1, Math.floor((second - from + fraction) / window))] += amounts[k];
    });
    return sums.map((sum) => sum / window);
  };
  const series = new Map([["requests", rates(table.rows.map(() => 1))]]);
  weights.forEach(({ column }, k) => {
    series.set(column, rates(tokens[k]));
  });
  return { window, series, main: "requests" };
}

/** Whole seconds since 1970, the trace's clock taken as UTC, and the rest: a sum would lose the last digits. */
interface Instant {
  readonly second: number;
  readonly fraction: number;
}

const STAMP = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|\+00:00)?$/u;

function instantOf(row: Row, cells: CellReader, column: string): Instant {
  const text = cells.text(row, column);
  const [, day, clock, fraction = ""] = STAMP.exec(text ?? "") ?? [];
  const second = day === undefined ? Number.NaN : Date.parse(`${day}T${clock}Z`) / 1000;
  if (Number.isFinite(second)) return { second, fraction: Number(`0${fraction}`) };
  cells.note(row, column, text === null ? "nothing" : quote(text), "a time like 2023-11-16 18:17:03.9799600");
  return { second: Number.NaN, fraction: 0 };
}

function spanOf(at: readonly Instant[], { subject, rows }: Table): { from: number; minutes: number } {
  const seconds = at.map(({ second }) => second);
  const first = seconds.reduce((a, b) => Math.min(a, b));
  const last = seconds.reduce((a, b) => Math.max(a, b));
  const from = Math.floor(first / MINUTE) * MINUTE;
  const minutes = Math.floor((last - from) / MINUTE) + 1;
  if (minutes <= MOST_CELLS) return { from, minutes };
  const path = `line ${rows[seconds.indexOf(last)].line}`;
  throw new InputError(subject, [
    { path, found: `${minutes} minutes in all`, expected: `at most ${MOST_CELLS}` },
  ]);
}
