import { indexWarning } from "../solve/equilibria/words.js";
import type { ResultFile, ResultSeries } from "../solve/result.js";
import { figure, gap, shorten } from "./figures.js";
import { paint } from "./paint.js";
import { Reading } from "./reading.js";
import { headline, type SummaryOptions, summarize } from "./summary.js";
import { table, top } from "./table.js";

/** Commodities and orchestrators that have a column. */
const COLUMNS = 4;
/** Equilibria listed, where the caller does not say. */
const ROWS = 60;
const NAME = 16;

type Said = NonNullable<ResultFile["equilibria"]>[number];

/** The summary of a result, and after it the table of all its equilibria. */
export function summarizeEquilibria(result: ResultFile, options: SummaryOptions = {}): string {
  return summarize(result, options) + equilibriaText(result, options);
}

/** The same for who has the result in a file. */
export function headlineEquilibria(result: ResultFile, options: SummaryOptions = {}): string {
  return headline(result, options) + equilibriaText(result, options);
}

/** What a person should be warned of; null where there is nothing. */
export function equilibriaWarning({ equilibria, index_sum }: ResultFile): string | null {
  if (equilibria === undefined || index_sum === undefined) return null;
  return indexWarning(
    index_sum,
    equilibria.map(({ index }) => index),
  );
}

/**
 * A line for each equilibrium, the one told in full first: the prices that differ most between them (means over time), index, stability, clearing, and
 * who is how well off.
 */
export function equilibriaText(result: ResultFile, options: SummaryOptions = {}): string {
  const { equilibria = [], index_sum } = result;
  if (equilibria.length === 0) return "";
  const ink = paint(options.color ?? false);
  const reading = new Reading(result);
  const mean = (series: ResultSeries) => reading.mean(reading.values(series));
  const goods = mostDiffering(equilibria, mean);
  const people = Object.keys(result.orchestrators).slice(0, COLUMNS);
  const { shown, more } = top(equilibria, Math.max(options.rows ?? 0, ROWS));
  const lines = shown.map(({ prices, index, stability, certificate, utility = {} }, k) => [
    String(k + 1),
    ...goods.map((name) => price(mean(prices[name]))),
    index === null ? "?" : index > 0 ? `+${index}` : String(index),
    stability ?? "?",
    gap(certificate.clearing),
    ...people.map((name) => figure(utility[name] ?? null)),
  ]);
  const head = [
    ">#",
    ...goods.map((name, g) => `>${g === 0 ? "price of " : ""}${shorten(name, NAME)}`),
    ">index",
    "stability",
    ">clearing",
    ...people.map((name, i) => `>${i === 0 ? "utility of " : ""}${shorten(name, NAME)}`),
  ];
  const sum = index_sum === null || index_sum === undefined ? "?" : `${index_sum > 0 ? "+" : ""}${index_sum}`;
  const title = `${ink.bold("Equilibria")} ${ink.dim(`(${equilibria.length}; the first is the one above; indices sum to ${sum})`)}`;
  return `\n${[title, table(head, lines), ...more].join("\n")}\n`;
}

function price(p: number): string {
  return p === 0 ? "free" : figure(p);
}

/** Commodities by the ratio of their dearest to their cheapest mean price; those first in the file where none differs. */
function mostDiffering(equilibria: readonly Said[], mean: (series: ResultSeries) => number): string[] {
  const names = Object.keys(equilibria[0].prices);
  const ratio = (name: string): number => {
    const prices = equilibria.map((equilibrium) => mean(equilibrium.prices[name]));
    const [low, high] = [prices.reduce((a, b) => Math.min(a, b)), prices.reduce((a, b) => Math.max(a, b))];
    return high === 0 ? 1 : high / low;
  };
  const ratios = new Map(names.map((name) => [name, ratio(name)]));
  const chosen = new Set(
    // Ratios that differ by rounding keep the order of the file.
    [...names]
      .sort((a, b) => Number(ratios.get(b)!.toPrecision(6)) - Number(ratios.get(a)!.toPrecision(6)) || 0)
      .slice(0, COLUMNS),
  );
  return names.filter((name) => chosen.has(name));
}
