import { quote } from "../../economy/found.js";
import { CellReader, type Row, requireColumns, type Table } from "./csv.js";
import type { Direction, MappingLine, Role } from "./mapping.js";
import type { Entry } from "./remap.js";

/** A row of a leaderboard: a model, and what is known of its metrics. */
export interface Model {
  /** As the table has it. */
  readonly label: string;
  readonly group: string;
  readonly metrics: Map<string, Level>;
}

export interface Level {
  /** Null where the table does not say, or says 0, which is no amount to produce; then `why` says which. */
  readonly center: number | null;
  /** Null where nothing is known of its spread. */
  readonly radius: number | null;
  readonly why: string;
}

/** How one metric is read: the mapping's lines for it. */
interface Reading {
  readonly metric: string;
  readonly center: MappingLine;
  readonly per: string | null;
  readonly spread: readonly string[];
  readonly deviation: string | null;
}

/** The metrics of a mapping, in its order. */
export function metricsOf(lines: readonly MappingLine[]): string[] {
  return lines.filter(({ role }) => role === "center").map(({ metric }) => metric);
}

/**
 * The models of a leaderboard (metric `+`: center x; `-`: 1/x; a percentage counts in hundredths).
 *
 * @param where rows that have this text in this column; null: those that the mapping's filter lets through
 * @throws InputError with line and column of every cell that cannot be read
 */
export function readLeaderboard(
  table: Table,
  lines: readonly MappingLine[],
  where: readonly Entry[] | null,
): Model[] {
  const readings = metricsOf(lines).map((metric) => readingOf(metric, lines));
  const agent = columnIn(lines, "agent")!;
  const group = columnIn(lines, "group");
  const filters = where ?? filtersOf(lines, table);
  const wanted = lines.filter(({ role }) => role !== "filter").map(({ column }) => column);
  requireColumns(table, [...new Set([...wanted, ...filters.map(({ key }) => key)])]);
  const cells = new CellReader(table);
  const models = table.rows
    .filter((row) => filters.every(({ key, value }) => (cells.text(row, key) ?? "") === value))
    .map((row) => readModel(row, cells, { agent, group, readings }));
  cells.throwIfAny();
  return models;
}

function filtersOf(lines: readonly MappingLine[], { columns }: Table): Entry[] {
  return lines
    .filter(({ role, column }) => role === "filter" && columns.includes(column))
    .map(({ column, unit }) => ({ key: column, value: unit }));
}

function columnIn(lines: readonly MappingLine[], role: Role): string | null {
  return lines.find((line) => line.role === role)?.column ?? null;
}

function readingOf(metric: string, lines: readonly MappingLine[]): Reading {
  const own = lines.filter((line) => line.metric === metric);
  return {
    metric,
    center: own.find(({ role }) => role === "center")!,
    per: columnIn(own, "per"),
    spread: own.filter(({ role }) => role === "spread").map(({ column }) => column),
    deviation: columnIn(own, "deviation"),
  };
}

interface Columns {
  readonly agent: string;
  readonly group: string | null;
  readonly readings: readonly Reading[];
}

function readModel(row: Row, cells: CellReader, { agent, group, readings }: Columns): Model {
  const label = cells.text(row, agent);
  if (label === null) cells.note(row, agent, "nothing", "a name");
  return {
    label: label ?? "",
    group: (group === null ? null : cells.text(row, group)) ?? "others",
    metrics: new Map(readings.map((reading) => [reading.metric, readLevel(row, cells, reading)])),
  };
}

function readLevel(row: Row, cells: CellReader, reading: Reading): Level {
  const { center: line, spread, deviation, per } = reading;
  const most = line.unit === "%" ? 100 : undefined;
  const raw = cells.number(row, line.column, most);
  const divisor = per === null ? 1 : cells.number(row, per);
  const others = spread.map((column) => cells.number(row, column, most));
  const ownDeviation = deviation === null ? null : cells.number(row, deviation);
  const absent = raw === null ? line.column : divisor === null ? per : null;
  if (absent !== null) return nothing(`no ${quote(absent)}`);
  if (raw === 0 || divisor === 0) return nothing(`${quote(raw === 0 ? line.column : per!)} is 0`);
  const center = amountOf(raw! / divisor!, line);
  const fromSpread = spreadOf(others, line);
  const radius = ownDeviation === null ? fromSpread : center * logDeviation(ownDeviation / raw!);
  return { center, radius, why: "" };
}

function nothing(why: string): Level {
  return { center: null, radius: null, why };
}

function amountOf(x: number, { unit, direction }: { unit: string; direction: Direction }): number {
  const share = unit === "%" ? x / 100 : x;
  return direction === "-" ? 1 / share : share;
}

/** Standard deviation of the values that are there; null where fewer than two are. */
function spreadOf(raw: readonly (number | null)[], line: MappingLine): number | null {
  const known = raw.filter((x) => x !== null && (x > 0 || line.direction === "+")) as number[];
  if (known.length < 2) return null;
  const values = known.map((x) => amountOf(x, line));
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
}

/** Standard deviation of log x where x is log-normal with this standard deviation in units of its mean. */
export function logDeviation(relative: number): number {
  return Math.sqrt(Math.log1p(relative * relative));
}
