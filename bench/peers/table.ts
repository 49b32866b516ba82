import { markdownTable } from "../markdown.js";
import { type Provenance, provenanceLine } from "../provenance.js";
import type { BatchRow, BatchSolveRow } from "./batch.js";
import { type Row, TARGET } from "./measurement.js";
import type { Missing } from "./peers.js";
import type { Spin } from "./spin.js";

/** Everything that one run measured. */
export interface Comparison {
  readonly from: Provenance;
  readonly versions: Readonly<Record<string, string>>;
  readonly spin: { readonly before: Spin; readonly after: Spin };
  readonly rows: readonly Row[];
  readonly batch: readonly BatchRow[];
  readonly batchSolves: readonly BatchSolveRow[];
  readonly missing: readonly Missing[];
}

const HEAD = [
  "system",
  "code path",
  ">threads",
  "precision",
  ">evaluation, ns per price",
  ">fastest",
  ">Anderson(5) step, ns per price",
  ">steps",
  ">solve, s",
  ">evaluation / walras (fastest)",
  ">solve / walras",
  ">max error of f",
  ">log prices apart",
];

export function comparisonPage(comparison: Comparison): string {
  const { from, versions, spin, rows, batch, batchSolves, missing } = comparison;
  const sizes = [...new Set(rows.map(({ prices }) => prices))];
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    "# The same market in other systems",
    `${provenanceLine(from)} ${named.length > 0 ? `Peers: ${named.join(", ")}.` : ""}`.trim(),
    spinLine(spin),
    `Evaluations of f(q) = log D − log S at one random q, checked against the reference backend: medians, and the fastest, which other work on the machine cannot lengthen. Solves by Anderson(5) on tâtonnement from p = 1 with the same λ until osc f ≤ ${TARGET.float64} (float32: ${TARGET.float32}), without compilation. walras guards every step, and weighs its least squares by spending; the peers do neither. Ratios are to walras in the same precision and on as many threads, or else its fastest; above 1 walras is faster.`,
    ...sizes.map((size) => sizeSection(rows.filter(({ prices }) => prices === size))),
    ...(batch.length === 0 ? [] : [batchSection(batch)]),
    ...(batchSolves.length === 0 ? [] : [batchSolveSection(batchSolves)]),
    ...(missing.length === 0 ? [] : [missingSection(missing)]),
  ].join("\n\n");
}

function sizeSection(rows: readonly Row[]): string {
  return `## ${rows[0].prices} prices\n\n${markdownTable(
    HEAD,
    rows.map((row) => cells(row, baselineOf(row, rows))),
  )}`;
}

/** The line of walras that a peer is compared with. */
export function baselineOf(row: Row, rows: readonly Row[]): Row | null {
  const own = rows
    .filter(({ system }) => system === "walras")
    .sort((a, b) => a.evaluation.least - b.evaluation.least);
  const alike = own.filter(({ precision }) => precision === row.precision);
  return alike.find(({ threads }) => threads === row.threads) ?? alike[0] ?? own[0] ?? null;
}

function cells(row: Row, base: Row | null): string[] {
  const { system, path, threads, precision, prices, evaluation, solve, error, apart } = row;
  const perPrice = (seconds: number) => ((1e9 * seconds) / prices).toFixed(1);
  const ratio = (mine: number | undefined, walras: number | undefined) =>
    mine === undefined || walras === undefined ? "" : (mine / walras).toFixed(2);
  return [
    system,
    path,
    String(threads),
    precision,
    perPrice(evaluation.median),
    perPrice(evaluation.least),
    solve === null ? "" : perPrice(solve.step),
    solve === null ? "" : String(solve.steps),
    solve === null ? "" : solve.seconds.toFixed(2),
    ratio(evaluation.least, base?.evaluation.least),
    // A float32 solve stops far short of a float64 one.
    base?.precision === precision ? ratio(solve?.seconds, base.solve?.seconds) : "",
    error.toExponential(0),
    apart === null ? "" : apart.toExponential(0),
  ];
}

function spinLine({ before, after }: Comparison["spin"]): string {
  const said = ({ speedup }: Spin) => speedup.toFixed(2);
  return `Spin test: two threads did ${said(before)} times the work of one before the measurements, ${said(after)} times after them (2 with both cores free).`;
}

function batchSection(batch: readonly BatchRow[]): string {
  const head = [
    "system",
    "code path",
    ">threads",
    "precision",
    ">economies",
    ">ns per price",
    ">fastest",
    ">max error of f",
  ];
  const rows = batch.map(({ system, path, threads, precision, economies, prices, median, least, error }) => [
    system,
    path,
    String(threads),
    precision,
    String(economies),
    ((1e9 * median) / prices).toFixed(1),
    ((1e9 * least) / prices).toFixed(1),
    error === null ? "" : error.toExponential(0),
  ]);
  return `## Many small economies: one evaluation of each\n\n${markdownTable(head, rows)}`;
}

function batchSolveSection(batch: readonly BatchSolveRow[]): string {
  const head = [
    "system",
    "code path",
    ">threads",
    ">economies",
    ">solved",
    ">steps of one",
    ">ms each",
    ">fastest",
    ">ns per price",
  ];
  const rows = batch.map(({ system, path, threads, economies, solved, steps, prices, median, least }) => [
    system,
    path,
    String(threads),
    String(economies),
    String(solved),
    (steps / economies).toFixed(1),
    ((1e3 * median) / economies).toFixed(2),
    ((1e3 * least) / economies).toFixed(2),
    ((1e9 * median) / prices).toFixed(0),
  ]);
  return `## Many small economies: a solve of each to clearing 1e-8, with its certificate\n\n${markdownTable(head, rows)}`;
}

function missingSection(missing: readonly Missing[]): string {
  return `## Not measured\n\n${missing.map(({ system, why }) => `- ${system}: ${why}`).join("\n")}`;
}
