import { InputError } from "../../core/errors.js";
import { quote } from "../../economy/found.js";
import { nearest } from "../../economy/near.js";
import { projectCells } from "../../time/projection.js";
import { azureTrace } from "./azure.js";
import { readTable, type Table } from "./csv.js";
import { linesOf, type SourceName } from "./mapping.js";
import { servegenClients, servegenRates } from "./servegen.js";
import type { Trace } from "./trace.js";

/** A demand intensity for an economy. */
export interface Demand {
  readonly time: { readonly horizon: number; readonly unit: string; readonly nodes: number };
  /** ρ at each node: the traffic's mean over the node's cell. */
  readonly discount: Float64Array;
  /** What a person should know of it. */
  readonly notes: readonly string[];
}

export interface DemandOptions {
  /** Default: the series with most traffic. */
  readonly series?: string | undefined;
  /** Default: one a window of the trace. */
  readonly nodes?: number | undefined;
  /** Zeros are what was measured, and not missing data. */
  readonly keepZeros?: boolean;
}

type Kind = (table: Table, nodes: number | undefined) => Trace;

/** How each kind of trace is read; where a header fits several, the first. */
const KINDS: Partial<Record<SourceName, Kind>> = {
  azure: azureTrace,
  servegen: servegenRates,
  "servegen-clients": servegenClients,
};

/** More instants than this are a slip. */
const MOST_NODES = 10_000_000;

/** Reads a trace of any kind that the mapping knows, recognised by its header. Throws InputError. */
export async function readDemand(path: string, options: DemandOptions): Promise<Demand> {
  if (options.nodes !== undefined && options.nodes > MOST_NODES) {
    const problem = { path: "--nodes", found: String(options.nodes), expected: `at most ${MOST_NODES}` };
    throw new InputError("the command line", [problem]);
  }
  const table = await readTable(path);
  const kind = kindOf(table);
  const trace = KINDS[kind]!(table, options.nodes);
  return demandOf(trace, table.subject, kind, options);
}

function kindOf(table: Table): SourceName {
  const known = (Object.keys(KINDS) as SourceName[]).find((kind) => hasHeaderOf(kind, table));
  if (known !== undefined) return known;
  const headers = (Object.keys(KINDS) as SourceName[]).map((kind) => `${headerOf(kind).join(",")} (${kind})`);
  const found = `the header ${quote(table.columns.join(","))}`;
  throw new InputError(table.subject, [{ path: "line 1", found, expected: headers.join(" or ") }]);
}

function headerOf(kind: SourceName): string[] {
  return linesOf(kind).map(({ column }) => column);
}

function hasHeaderOf(kind: SourceName, { columns }: Table): boolean {
  return headerOf(kind).every((wanted) =>
    wanted.startsWith("*")
      ? columns.some((name) => name.endsWith(wanted.slice(1)))
      : columns.includes(wanted),
  );
}

/** One series of a trace, put on nodes. */
export function demandOf(trace: Trace, subject: string, kind: string, options: DemandOptions): Demand {
  const name = seriesOf(trace, options.series, subject);
  const windows = trace.series.get(name)!;
  const { values, notes } = filled(windows, options.keepZeros === true, subject);
  const nodes = options.nodes ?? values.length;
  const { horizon, unit } = timeOf(trace.window * values.length);
  const others = trace.series.size - 1;
  const chosen = options.series === undefined && trace.main === undefined ? ", which has most traffic" : "";
  const among = others === 0 ? "" : ` of ${others + 1}${chosen}`;
  const span = `${values.length} windows of ${trace.window} s, ${brief(horizon)} ${unit}`;
  return {
    time: { horizon, unit, nodes },
    discount: projectCells(values, nodes),
    notes: [`demand: series ${quote(name)}${among} (${kind}; ${span}, ${nodes} nodes)`, ...notes],
  };
}

function seriesOf({ series, main }: Trace, asked: string | undefined, subject: string): string {
  const names = [...series.keys()];
  if (asked === undefined) return main ?? busiest(series);
  if (series.has(asked)) return asked;
  const expected = `one of ${names.map(quote).join(", ")}`;
  const problem = { path: "--demand-series", found: quote(asked), expected };
  const suggestion = nearest(asked, names);
  throw new InputError(subject, [suggestion === undefined ? problem : { ...problem, suggestion }]);
}

function busiest(series: Trace["series"]): string {
  const total = (name: string) => series.get(name)!.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
  return [...series.keys()].reduce((best, name) => (total(name) > total(best) ? name : best));
}

/** Missing windows, and zeros unless they are kept, are interpolated between their neighbours; constant at the ends. */
function filled(
  windows: readonly (number | null)[],
  keepZeros: boolean,
  subject: string,
): { values: number[]; notes: string[] } {
  const missing = windows.map((rate) => rate === null || (rate === 0 && !keepZeros));
  const known = windows.flatMap((_, k) => (missing[k] ? [] : [k]));
  if (known.length === 0 || windows.every((rate) => rate === null || rate === 0)) {
    throw new InputError(subject, [
      { path: "", found: "no traffic at all", expected: "a rate > 0 somewhere" },
    ]);
  }
  const values = windows.map((rate) => rate ?? 0);
  let after = 0;
  missing.forEach((isMissing, k) => {
    if (known[after] < k && after < known.length) after++;
    if (!isMissing) return;
    const [left, right] = [known[after - 1] ?? known[after], known[after] ?? known[after - 1]];
    const share = right === left ? 0 : (k - left) / (right - left);
    values[k] = (1 - share) * windows[left]! + share * windows[right]!;
  });
  return { values, notes: describeMissing(missing, windows) };
}

function describeMissing(missing: readonly boolean[], windows: readonly (number | null)[]): string[] {
  const count = missing.filter((isMissing) => isMissing).length;
  if (count === 0) return [];
  const runs = missing.filter((isMissing, k) => isMissing && !missing[k - 1]).length;
  const zeros = missing.filter((isMissing, k) => isMissing && windows[k] === 0).length;
  const what = zeros === count ? "are 0" : zeros === 0 ? "are missing" : "are 0 or missing";
  const runsOf = `in ${runs} ${runs === 1 ? "run" : "runs"}`;
  const kept = zeros > 0 ? " (--keep-zeros takes zeros as measured)" : "";
  return [
    `demand: ${count} of ${windows.length} windows ${what}, ${runsOf}: missing data, interpolated${kept}`,
  ];
}

/** Hours, or minutes where there are few hours. */
function timeOf(seconds: number): { horizon: number; unit: string } {
  return seconds >= 6 * 3600
    ? { horizon: seconds / 3600, unit: "h" }
    : { horizon: seconds / 60, unit: "min" };
}

function brief(value: number): string {
  return String(Number(value.toPrecision(6)));
}
