import { InputError } from "../../core/errors.js";
import { brief, listed, quote } from "../../economy/found.js";
import { CellReader, readTable, requireColumns } from "./csv.js";
import type { Model } from "./leaderboard.js";
import { columnOf, linesOf } from "./mapping.js";

/** How names are matched, in words. */
export const MATCHING =
  "Names match when they are equal without case, provider (vertex_ai/, us.anthropic.), what stands in parentheses " +
  "(FC), version suffix (-v1:0) and with . _ @ and blanks read as -; failing that, without their dates too. " +
  "Where several providers list a model, its price is the median.";

/** Prices of a million tokens, by a model's canonical name. */
export interface PriceList {
  readonly subject: string;
  readonly exact: ReadonlyMap<string, number>;
  readonly dateless: ReadonlyMap<string, number>;
  /** Rows left out since their unit is in doubt. */
  readonly suspect: number;
}

/**
 * Reads a LiteLLM price list. A price is USD per million tokens of which `blend` are input for each output token; rows
 * without a price, or with one of 0, say nothing. Throws InputError.
 */
export async function readPrices(path: string, blend: number): Promise<PriceList> {
  const table = await readTable(path);
  const [name, suspectUnit] = [columnOf("litellm", "agent"), columnOf("litellm", "exclude")];
  const [input, output] = linesOf("litellm").flatMap(({ role, column }) =>
    role === "price" ? [column] : [],
  );
  requireColumns(table, [name, input, output]);
  const isMarked = table.columns.includes(suspectUnit);
  const cells = new CellReader(table);
  const exact = new Map<string, number[]>();
  const dateless = new Map<string, number[]>();
  let suspect = 0;
  for (const row of table.rows) {
    const [model, a, b] = [cells.text(row, name), cells.number(row, input), cells.number(row, output)];
    const isSuspect = isMarked ? cells.number(row, suspectUnit) === 1 : tooDear(a ?? 0, b ?? 0);
    if (isSuspect) suspect++;
    const price = (1e6 * (blend * (a ?? 0) + (b ?? 0))) / (blend + 1);
    if (isSuspect || model === null || !(price > 0)) continue;
    add(exact, canonical(model), price);
    add(dateless, withoutDate(canonical(model)), price);
  }
  cells.throwIfAny();
  return { subject: table.subject, exact: medians(exact), dateless: medians(dateless), suspect };
}

/** No model costs so much: the price is not of one token. */
function tooDear(input: number, output: number): boolean {
  return input > 2e-4 || output > 1e-3;
}

function add(prices: Map<string, number[]>, name: string, price: number): void {
  const known = prices.get(name);
  if (known === undefined) prices.set(name, [price]);
  else known.push(price);
}

function medians(prices: ReadonlyMap<string, number[]>): Map<string, number> {
  return new Map([...prices].map(([name, values]) => [name, median(values)]));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** See MATCHING. */
export function canonical(name: string): string {
  return name
    .toLowerCase()
    .replace(/\([^)]*\)/gu, " ")
    .trim()
    .replace(/^.*\//u, "")
    .replace(/^([a-z]+\.)+(?=[a-z])/u, "")
    .replace(/(-v\d+)?:\d+$/u, "")
    .replace(/[\s._@]+/gu, "-")
    .replace(/^(amazon|databricks|moonshotai)-(?=[a-z])/u, "");
}

/** Without a date at its end: `-20250514` or `-2025-05-14`. */
export function withoutDate(name: string): string {
  return name.replace(/-20\d\d-?\d\d-?\d\d$/u, "");
}

/** The metric that prices replace: in million tokens a USD. */
const METRIC = columnMetric();

function columnMetric(): string {
  return linesOf("litellm").find(({ role }) => role === "price")!.metric;
}

/**
 * The models with list prices: thrift is million tokens per USD. A model without a list price keeps the table's cost, at the
 * median number of tokens by which the other models' costs and prices differ.
 */
export function withPrices(models: readonly Model[], list: PriceList): { models: Model[]; notes: string[] } {
  const found = models.map((model) => priceOf(model.label, list));
  const priced = found.filter((price) => price !== null);
  if (priced.length === 0) {
    const expected = `a name of ${quote(models[0].label)} or another of the table's models`;
    throw new InputError(list.subject, [{ path: "", found: "no price for any model", expected }]);
  }
  const tokens = models.flatMap((model, k) => {
    const center = model.metrics.get(METRIC)?.center ?? null;
    const price = found[k];
    return center === null || price === null ? [] : [1 / center / price.price];
  });
  const perRun = tokens.length > 0 ? median(tokens) : null;
  const out = models.map((model, k) => ({
    ...model,
    metrics: new Map([...model.metrics, [METRIC, thrift(model, found[k], perRun)]]),
  }));
  return { models: out, notes: describe(models, found, perRun, list) };
}

function thrift(model: Model, found: Found | null, perRun: number | null) {
  const level = model.metrics.get(METRIC);
  const radius = null;
  if (found !== null) return { center: 1 / found.price, radius, why: "" };
  if (level === undefined || level.center === null || perRun === null) {
    return { center: null, radius, why: "no list price, nor a cost that can be compared" };
  }
  return { center: level.center * perRun, radius, why: "" };
}

interface Found {
  readonly price: number;
  readonly exact: boolean;
}

function priceOf(label: string, { exact, dateless }: PriceList): Found | null {
  const name = canonical(label);
  const price = exact.get(name);
  if (price !== undefined) return { price, exact: true };
  const other = dateless.get(withoutDate(name));
  return other === undefined ? null : { price: other, exact: false };
}

function describe(
  models: readonly Model[],
  found: readonly (Found | null)[],
  perRun: number | null,
  { suspect }: PriceList,
): string[] {
  const exact = found.filter((price) => price?.exact === true).length;
  const dateless = found.filter((price) => price?.exact === false).length;
  const unmatched = models.filter((_, k) => found[k] === null).map(({ label }) => label);
  const matched = `prices: ${exact + dateless} of ${models.length} models have a list price`;
  const notes = [`${matched} (${exact} by name, ${dateless} without the date in it)`];
  if (suspect > 0) notes.push(`prices: ${suspect} rows left out, since the unit of their price is in doubt`);
  if (unmatched.length === 0) return notes;
  const names = listed(unmatched, "and");
  const unit =
    perRun === null
      ? ""
      : `, a unit of which is taken for ${brief(perRun)} million tokens (the others' median)`;
  notes.push(`prices: ${unmatched.length} not matched keep the table's cost, if it has one${unit}: ${names}`);
  return notes;
}
