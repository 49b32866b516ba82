import { type Grid, sameNodes } from "./grid.js";
import { projectCells } from "./projection.js";

/** Values at instants t (strictly increasing), constant before the first and after the last. */
export interface Samples {
  readonly t: readonly number[];
  readonly values: readonly number[];
  /** "linear" (the default) between the instants, or "step": the last value at or before t. */
  readonly interpolation?: "linear" | "step";
}

/**
 * A function of time as a file or code gives it: a constant, one value per node of the declared grid, samples, or, in
 * code, any function of t.
 */
export type Series = number | readonly number[] | Float64Array | Samples | ((t: number) => number);

/** A series that has no values on the grid asked for: what was found and what was expected, for a Problem. */
export class SeriesError extends Error {
  override readonly name = "SeriesError";
  constructor(
    readonly found: string,
    readonly expected: string,
    /** Path below the series, e.g. ["values", 3]; empty for the series itself. */
    readonly path: readonly (string | number)[] = [],
  ) {
    super(`series: found ${found}, expected ${expected}`);
  }

  /** The path as text: `values[3]`. */
  get at(): string {
    return this.path.map((key) => (typeof key === "number" ? `[${key}]` : key)).join("");
  }
}

/**
 * The series at the nodes of `grid`, shape [N], newly allocated and finite.
 *
 * Constants, samples and functions are evaluated at the nodes. An array holds one value per node of `source`, the grid
 * that the file declares; on another midpoint grid it becomes its averages over the new cells (L² projection, model.md
 * section 1); a single value is constant on every grid.
 *
 * @throws SeriesError on a wrong length, times that do not increase, values that are not finite, or an array between
 *   different node sets of which one is gauss-legendre.
 */
export function sampleSeries(series: Series, grid: Grid, source: Grid): Float64Array {
  if (typeof series === "number") return constant(series, grid);
  if (typeof series === "function") return evaluate(series, grid);
  if ("t" in series) return interpolate(series, grid);
  return fromNodes(series, grid, source);
}

/** The first negative value that a series states, and its path below the series; null also for every function. */
export function firstNegative(
  series: Series,
): { readonly value: number; readonly path: readonly (string | number)[] } | null {
  if (typeof series === "function") return null;
  if (typeof series === "number") return series < 0 ? { value: series, path: [] } : null;
  const samples = "t" in series;
  const values: ArrayLike<number> = samples ? series.values : series;
  for (let k = 0; k < values.length; k++) {
    if (values[k] < 0) return { value: values[k], path: samples ? ["values", k] : [k] };
  }
  return null;
}

function constant(value: number, grid: Grid): Float64Array {
  if (!Number.isFinite(value)) throw new SeriesError(String(value), "a finite number");
  return new Float64Array(grid.nodes).fill(value);
}

function evaluate(series: (t: number) => number, grid: Grid): Float64Array {
  const out = new Float64Array(grid.nodes);
  for (let n = 0; n < grid.nodes; n++) {
    const value: unknown = series(grid.t[n]);
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new SeriesError(`${String(value)} at t = ${grid.t[n]}`, "a function with finite values");
    }
    out[n] = value;
  }
  return out;
}

function fromNodes(values: ArrayLike<number>, grid: Grid, source: Grid): Float64Array {
  if (values.length !== source.nodes) {
    throw new SeriesError(
      `an array of ${count(values.length)}`,
      `one value per node, ${count(source.nodes)}`,
    );
  }
  requireFinite(values, []);
  if (sameNodes(source, grid)) return Float64Array.from(values);
  if (source.nodes === 1) return constant(values[0], grid);
  if (source.rule !== "midpoint" || grid.rule !== "midpoint") {
    throw new SeriesError(
      `an array on ${source.nodes} ${source.rule} nodes`,
      `a number, or "t" and "values", to have it on ${grid.nodes} ${grid.rule} nodes`,
    );
  }
  return projectCells(values, grid.nodes);
}

function interpolate({ t, values, interpolation = "linear" }: Samples, grid: Grid): Float64Array {
  checkSamples(t, values);
  const out = new Float64Array(grid.nodes);
  const last = t.length - 1;
  // k is the last sample at or before the node, −1 before the first; nodes increase, so one pass finds them all.
  let k = -1;
  for (let n = 0; n < grid.nodes; n++) {
    while (k < last && t[k + 1] <= grid.t[n]) k++;
    if (k < 0) out[n] = values[0];
    else if (k === last || interpolation === "step") out[n] = values[k];
    else {
      const fraction = (grid.t[n] - t[k]) / (t[k + 1] - t[k]);
      out[n] = (1 - fraction) * values[k] + fraction * values[k + 1];
    }
  }
  return out;
}

function checkSamples(t: readonly number[], values: readonly number[]): void {
  if (t.length === 0) throw new SeriesError("no samples", "at least one", ["t"]);
  if (t.length !== values.length) {
    throw new SeriesError(count(values.length), `as many as there are times, ${t.length}`, ["values"]);
  }
  requireFinite(t, ["t"]);
  requireFinite(values, ["values"]);
  for (let k = 1; k < t.length; k++) {
    if (t[k] <= t[k - 1]) throw new SeriesError(`${t[k]} after ${t[k - 1]}`, "increasing times", ["t", k]);
  }
}

function requireFinite(values: ArrayLike<number>, at: readonly string[]): void {
  for (let k = 0; k < values.length; k++) {
    if (!Number.isFinite(values[k])) throw new SeriesError(String(values[k]), "a finite number", [...at, k]);
  }
}

function count(values: number): string {
  return values === 1 ? "1 value" : `${values} values`;
}
