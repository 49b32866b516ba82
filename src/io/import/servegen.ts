import { InputError } from "../../core/errors.js";
import { quote } from "../../economy/found.js";
import { CellReader, type Row, type Table } from "./csv.js";
import { columnOf } from "./mapping.js";
import type { Trace } from "./trace.js";

/** ServeGen's rates of several models, a row a window and model: every model is a series. */
export function servegenRates(table: Table): Trace {
  const name = columnOf("servegen", "series");
  const rate = columnOf("servegen", "rate");
  const cells = new CellReader(table);
  const rows = new Map<string, Row[]>();
  for (const row of table.rows) {
    const model = cells.text(row, name) ?? "";
    const own = rows.get(model);
    if (own === undefined) rows.set(model, [row]);
    else own.push(row);
  }
  const entries = [...rows].map(([model, own]) => {
    const series = windowsOf(own, [rate], "servegen", cells, table);
    return { model, ...series, rates: series.rates[0] };
  });
  cells.throwIfAny();
  return mergeWindows(entries, table);
}

/** ServeGen's rates of the clients of one model, a row a window: every client is a series. */
export function servegenClients(table: Table): Trace {
  const suffix = columnOf("servegen-clients", "rate").slice(1);
  const columns = table.columns.filter((column) => column.endsWith(suffix));
  const cells = new CellReader(table);
  const { window, rates } = windowsOf(table.rows, columns, "servegen-clients", cells, table);
  cells.throwIfAny();
  return { window, series: new Map(columns.map((column, k) => [column.slice(0, -suffix.length), rates[k]])) };
}

interface Windows {
  readonly window: number;
  /** By column, one value a window; null where there is no row. */
  readonly rates: (number | null)[][];
}

/** Rows at multiples of one window's length; windows without a row are missing. */
function windowsOf(
  rows: readonly Row[],
  columns: readonly string[],
  source: "servegen" | "servegen-clients",
  cells: CellReader,
  table: Table,
): Windows {
  const time = columnOf(source, "time");
  const starts = rows.map((row) => {
    const start = cells.number(row, time);
    if (start === null) cells.note(row, time, "nothing", "the second at which the window begins");
    return start ?? Number.NaN;
  });
  const values = columns.map((column) => rows.map((row) => cells.number(row, column)));
  cells.throwIfAny();
  const window = windowLength(starts, rows, time, table);
  const count = Math.round((starts[starts.length - 1] - starts[0]) / window) + 1;
  const rates = columns.map(() => new Array<number | null>(count).fill(null));
  starts.forEach((start, k) => {
    const at = Math.round((start - starts[0]) / window);
    for (let c = 0; c < columns.length; c++) rates[c][at] = values[c][k];
  });
  return { window, rates };
}

/** The least distance of two windows, of which all others are multiples. Throws InputError where they are not. */
function windowLength(starts: readonly number[], rows: readonly Row[], time: string, table: Table): number {
  const refuse = (k: number, expected: string): never => {
    const path = `line ${rows[k].line}, column ${quote(time)}`;
    throw new InputError(table.subject, [{ path, found: String(starts[k]), expected }]);
  };
  if (starts.length < 2) refuse(0, "at least two windows in a series");
  let window = Number.POSITIVE_INFINITY;
  for (let k = 1; k < starts.length; k++) {
    if (!(starts[k] > starts[k - 1])) refuse(k, `a window after ${starts[k - 1]}`);
    window = Math.min(window, starts[k] - starts[k - 1]);
  }
  const odd = starts.findIndex((start) => !isWhole((start - starts[0]) / window));
  if (odd > 0) refuse(odd, `a multiple of ${window} s after ${starts[0]}`);
  if ((starts[starts.length - 1] - starts[0]) / window > MOST_WINDOWS) {
    refuse(starts.length - 1, `at most ${MOST_WINDOWS} windows of ${window} s`);
  }
  return window;
}

const MOST_WINDOWS = 10_000_000;

function isWhole(ratio: number): boolean {
  return Math.abs(ratio - Math.round(ratio)) < 1e-6;
}

/** Series of one length of window; those of another would be another trace. */
function mergeWindows(
  entries: readonly { model: string; window: number; rates: (number | null)[] }[],
  table: Table,
): Trace {
  const [{ window }] = entries;
  const other = entries.find((entry) => entry.window !== window);
  if (other !== undefined) {
    const found = `windows of ${other.window} s for ${quote(other.model)}`;
    throw new InputError(table.subject, [{ path: "", found, expected: `windows of ${window} s, as before` }]);
  }
  return { window, series: new Map(entries.map(({ model, rates }) => [model, rates])) };
}
