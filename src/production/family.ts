import type * as z from "zod";
import type { Grid } from "../time/grid.js";
import { firstNegative, type Series, SeriesError, sampleSeries } from "../time/series.js";
import type { ProductionSet } from "./production-set.js";

export type SeriesMap = Readonly<Record<string, Series>>;

/**
 * A family of production sets: how its `production` object in a file looks, and how a set is built from it. Adding a
 * family is one such descriptor and its line in families.ts.
 */
export interface Family<Schema extends z.ZodType = z.ZodType> {
  /** Value of `"set"` in the file. */
  readonly name: string;
  readonly schema: Schema;
  /** Arrays that define a set, name → axes, for layouts and kernels. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** All metrics that the object names, in order of first appearance. */
  metricsOf(spec: z.output<Schema>): string[];
  /** The set, its rows in the order of `context.metrics`; null once anything was reported to the context. */
  build(spec: z.output<Schema>, context: BuildContext): ProductionSet | null;
}

/** Keys and array indexes below a `production` object; empty for the object itself. */
export type SpecPath = readonly (string | number)[];

export interface BuildOptions {
  /** The agent's metrics in the order of the set's rows; what `metricsOf` returned, in any order. */
  readonly metrics: readonly string[];
  /** The grid the set is for, and the grid that the file's arrays are on (see sampleSeries). */
  readonly grid: Grid;
  readonly source: Grid;
  /** Takes note of what is wrong, e.g. at ["trajectories", 0, "gpu"]. */
  readonly report: (at: SpecPath, found: string, expected: string) => void;
}

/** What a family needs to build one set, and where it says what is wrong. */
export class BuildContext {
  readonly metrics: readonly string[];
  readonly grid: Grid;
  readonly #options: BuildOptions;
  #reported = 0;

  constructor(options: BuildOptions) {
    this.metrics = options.metrics;
    this.grid = options.grid;
    this.#options = options;
  }

  /** Nothing was reported so far. */
  get sound(): boolean {
    return this.#reported === 0;
  }

  report(at: SpecPath, found: string, expected: string): void {
    this.#options.report(at, found, expected);
    this.#reported++;
  }

  /** The series on the grid, shape [nodes]; NaN, which no later check objects to, where it has no values there. */
  sample(series: Series, at: SpecPath): Float64Array {
    try {
      return sampleSeries(series, this.grid, this.#options.source);
    } catch (error) {
      if (!(error instanceof SeriesError)) throw error;
      this.report([...at, ...error.path], error.found, error.expected);
      return new Float64Array(this.grid.nodes).fill(NaN);
    }
  }

  /** Series by metric as one array, shape [metrics, nodes], from `out[offset]` on; 0 for metrics that are missing. */
  sampleMap(
    map: SeriesMap,
    at: SpecPath,
    out = new Float64Array(this.metrics.length * this.grid.nodes),
    offset = 0,
  ): Float64Array {
    for (const [metric, series] of Object.entries(map)) {
      const values = this.sample(series, [...at, metric]);
      const row = this.metrics.indexOf(metric);
      if (row >= 0) out.set(values, offset + row * this.grid.nodes);
      else if (this.metrics.length > 0)
        this.report(at, `a metric "${metric}"`, `one of the set's own: ${this.metrics.join(", ")}`);
    }
    return out;
  }

  requireAllNonNegative(map: SeriesMap, at: SpecPath): void {
    for (const [metric, series] of Object.entries(map)) this.requireNonNegative(series, [...at, metric]);
  }

  /** Reports the first negative value of a series: one that it states, though no node may meet it, or one at a node. */
  requireNonNegative(series: Series, at: SpecPath): void {
    const stated = firstNegative(series);
    if (stated !== null) this.report([...at, ...stated.path], String(stated.value), "a number ≥ 0");
    else if (typeof series === "function") {
      const t = this.grid.t.find((instant) => series(instant) < 0);
      if (t !== undefined) this.report(at, `${series(t)} at t = ${t}`, "a function with values ≥ 0");
    }
  }

  /** A value and, unless the economy is static, when. */
  describe(value: number, n: number): string {
    return this.grid.nodes === 1 ? String(value) : `${value} at t = ${this.grid.t[n]}`;
  }

  require(condition: boolean, at: SpecPath, value: number, expected: string): void {
    if (!condition) this.report(at, String(value), expected);
  }
}

/** The keys of all maps in order of first appearance. */
export function keysOf(...maps: readonly Readonly<Record<string, unknown>>[]): string[] {
  return [...new Set(maps.flatMap((map) => Object.keys(map)))];
}
