import { CsvError, type Options, parse } from "csv-parse/sync";
import { InputError } from "../../core/errors.js";
import { describeFound, listed, quote } from "../../economy/found.js";
import { nearest } from "../../economy/near.js";
import { Problems } from "../../economy/problems.js";
import { decodeText } from "../decode.js";
import { nameOf, readBytes } from "../read-bytes.js";
import { unreadable } from "../syntax.js";

/** A CSV file with a header: what it is called in messages, its columns, its rows. */
export interface Table {
  readonly subject: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export interface Row {
  /** Where the row begins in the file, from 1. */
  readonly line: number;
  /** One text for each column. */
  readonly cells: readonly string[];
}

const EXPECTED = "a table in CSV with a header, every row as long as it";

/** A cell longer than this is no cell but a quote that was never closed. */
const LONGEST_RECORD = 2 ** 20;

/** Reads a CSV file (RFC 4180: commas, double quotes, UTF-8). Throws InputError with line and column. */
export async function readTable(source: string): Promise<Table> {
  const subject = nameOf(source);
  return parseTable(decodeText(await readBytes(source), subject), subject);
}

/** A table from the text of its file; blank lines and blanks around a column's name do not count. */
export function parseTable(text: string, subject: string): Table {
  const [header, ...rows] = parseRows(text, subject);
  if (header === undefined) throw unreadable(subject, "", "an empty file", EXPECTED);
  const columns = header.cells.map((name) => name.trim());
  checkColumns(columns, subject);
  if (rows.length === 0) throw unreadable(subject, "", "a header without rows", EXPECTED);
  return { subject, columns, rows };
}

const OPTIONS: Options = { bom: true, info: true, skip_empty_lines: true, max_record_size: LONGEST_RECORD };

function parseRows(text: string, subject: string): Row[] {
  try {
    const records = parse(text, OPTIONS) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ line: info.lines - lineBreaks(record), cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw unreadable(subject, placeOf(error), error.message.replace(/\s+/gu, " "), EXPECTED);
  }
}

/** The parser counts lines to a record's end. */
function lineBreaks(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/gu)?.length ?? 0), 0);
}

function placeOf(error: CsvError): string {
  const line = error.lines;
  return typeof line === "number" ? `line ${line}` : "";
}

function checkColumns(columns: readonly string[], subject: string): void {
  const twice = columns.find((name, k) => columns.indexOf(name) !== k);
  if (twice === undefined) return;
  throw unreadable(subject, "line 1", `the column ${quote(twice)} a second time`, "every column once");
}

/** Refuses a table without one of these columns, naming what may have been meant. */
export function requireColumns({ columns, subject }: Table, wanted: readonly string[]): void {
  const problems = wanted
    .filter((name) => !columns.includes(name))
    .map((name) => {
      const suggestion = nearest(name, columns);
      const expected = `one of the file's columns: ${listed(columns.map(quote))}`;
      const problem = { path: "line 1", found: `no column ${quote(name)}`, expected };
      return suggestion === undefined ? problem : { ...problem, suggestion };
    });
  if (problems.length > 0) throw new InputError(subject, problems);
}

/** What stands for a value that is not there. */
const MISSING = /^(|-|–|n\/?a|nan|null|none|unknown)$/iu;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu;

/** Cells of one table as values. What cannot be read is noted with line and column, and reads as missing. */
export class CellReader {
  readonly #index: ReadonlyMap<string, number>;
  readonly #problems = new Problems();

  constructor(private readonly table: Table) {
    this.#index = new Map(table.columns.map((name, k) => [name, k]));
  }

  /** Null where the cell is empty or says that nothing is known. */
  text(row: Row, column: string): string | null {
    const cell = row.cells[this.#index.get(column)!].trim();
    return MISSING.test(cell) ? null : cell;
  }

  /** A number ≥ 0, also with a % or $ sign; at most `most`. */
  number(row: Row, column: string, most = Number.MAX_VALUE): number | null {
    const cell = this.text(row, column);
    if (cell === null) return null;
    const bare = cell.replace(/^\$|\s*%$/gu, "");
    const value = DECIMAL.test(bare) ? Number(bare) : Number.NaN;
    if (value >= 0 && value <= most) return value;
    const range = most < Number.MAX_VALUE ? `a number from 0 to ${most}` : "a number ≥ 0";
    this.note(row, column, describeFound(cell), `${range}, or nothing where it is not known`);
    return null;
  }

  note(row: Row, column: string, found: string, expected: string): void {
    const path = `line ${row.line}, column ${quote(column)}`;
    this.#problems.addLazily(() => ({ path, found, expected }));
  }

  /** Throws InputError with everything noted so far. */
  throwIfAny(): void {
    this.#problems.throwIfAny(this.table.subject);
  }
}
