import { basename } from "node:path";
import { InputError } from "../../core/errors.js";
import { buildEconomy } from "../../economy/build.js";
import { nearest } from "../../economy/near.js";
import { COMPUTE, COST } from "./compute.js";
import { readTable } from "./csv.js";
import { readDemand } from "./demand.js";
import { type AssemblyOptions, assemble, type Imported } from "./economy.js";
import { metricsOf, readLeaderboard } from "./leaderboard.js";
import { linesOf } from "./mapping.js";
import { readPrices, withPrices } from "./prices.js";
import { type Entry, remap } from "./remap.js";

/** Leaderboards that agents can be read from. */
export const LEADERBOARDS = ["bfcl", "aider"] as const;
export type Leaderboard = (typeof LEADERBOARDS)[number];

export interface ImportOptions extends Omit<AssemblyOptions, "name" | "demand" | "weights"> {
  /** Default: the source's name and the demand file's. */
  readonly name?: string | undefined;
  /** See remap.ts. */
  readonly map?: string | undefined;
  /** Rows to take; default as the mapping says. */
  readonly where?: readonly Entry[] | null;
  /** Default: quality 0.6, thrift and speed 0.2 each, other metrics 0.2. */
  readonly weights: ReadonlyMap<string, number>;
  readonly demand?: string | undefined;
  readonly demandSeries?: string | undefined;
  readonly nodes?: number | undefined;
  readonly keepZeros?: boolean;
  readonly prices?: string | undefined;
  /** Input tokens for each output token in the price of a model. */
  readonly blend: number;
}

/**
 * An economy from a leaderboard's files, and what was dropped, chosen or filled in on the way. It is valid: it has been built
 * once. Throws InputError with the place in the file of everything that cannot be read.
 */
export async function importEconomy(
  source: string,
  files: readonly string[],
  options: ImportOptions,
): Promise<Imported> {
  const lines = remap(linesOf(leaderboardNamed(source)), options.map);
  const metrics = metricsOf(lines);
  checkMetrics(metrics, options);
  const tables = await Promise.all(files.map(readTable));
  let models = tables.flatMap((table) => readLeaderboard(table, lines, options.where ?? null));
  const subject = files.join(", ");
  const notes: string[] = [];
  if (options.prices !== undefined && models.length > 0) {
    const priced = withPrices(models, await readPrices(options.prices, options.blend));
    models = priced.models;
    notes.push(...priced.notes);
  }
  const { demand: trace, demandSeries: series, nodes, keepZeros = false } = options;
  const demand = trace === undefined ? null : await readDemand(trace, { series, nodes, keepZeros });
  const weights = new Map(metrics.map((metric) => [metric, weightOf(metric, options.weights)]));
  const name = options.name ?? [source, ...(trace === undefined ? [] : [basename(trace)])].join(" under ");
  const imported = assemble(models, subject, { ...options, name, weights, demand });
  buildEconomy(imported.economy, { subject: `the economy from ${subject}` });
  return { economy: imported.economy, notes: [...notes, ...imported.notes] };
}

const DEFAULT_WEIGHTS: Readonly<Record<string, number>> = { quality: 0.6 };

function weightOf(metric: string, weights: ReadonlyMap<string, number>): number {
  return weights.get(metric) ?? DEFAULT_WEIGHTS[metric] ?? 0.2;
}

function leaderboardNamed(source: string): Leaderboard {
  const known = LEADERBOARDS.find((name) => name === source);
  if (known !== undefined) return known;
  const suggestion = nearest(source, LEADERBOARDS);
  const problem = { path: "SOURCE", found: JSON.stringify(source), expected: LEADERBOARDS.join(" or ") };
  throw new InputError("the command line", [suggestion === undefined ? problem : { ...problem, suggestion }]);
}

/** Shared compute and list prices are about the cost of a model, so there must be one. */
function checkMetrics(metrics: readonly string[], { compute, prices, weights }: ImportOptions): void {
  const refuse = (path: string, found: string, expected: string): never => {
    throw new InputError("the command line", [{ path, found, expected }]);
  };
  if (metrics.length === 0) refuse("--map", "no metric left", "at least one");
  const unknown = [...weights.keys()].find((metric) => !metrics.includes(metric));
  if (unknown !== undefined) refuse("--weights", JSON.stringify(unknown), `one of ${metrics.join(", ")}`);
  if (compute !== null && metrics.includes(COMPUTE)) {
    refuse("--map", `a metric "${COMPUTE}"`, "another name: --compute makes a capacity of that name");
  }
  const needs = compute !== null ? "--compute" : prices !== undefined ? "--prices" : null;
  if (needs !== null && !metrics.includes(COST))
    refuse(needs, `no metric "${COST}"`, "a cost of every model");
}
