import { firstNegative, type Series, SeriesError, sampleSeries } from "../time/series.js";
import type { Context } from "./context.js";
import { brief, quote } from "./found.js";
import { nearest } from "./near.js";
import type { Path } from "./path.js";

/**
 * A series ≥ 0 on the context's grid, shape [N]; null, and a problem, where it cannot be put there or is negative
 * anywhere (at its own values, not only at the nodes).
 */
export function readNonNegative(series: Series, context: Context, at: Path): Float64Array | null {
  const negative = firstNegative(series);
  if (negative !== null) {
    context.problems.add([...at, ...negative.path], brief(negative.value), "a number ≥ 0");
    return null;
  }
  const values = sample(series, context, at);
  const below = values?.findIndex((value) => value < 0) ?? -1;
  if (values === null || below < 0) return values;
  context.problems.add(at, `${brief(values[below])} at t = ${brief(context.grid.t[below])}`, "a series ≥ 0");
  return null;
}

/** Series ≥ 0 by commodity index, from a map by commodity name; those that are 0 throughout are left out. */
export function readByCommodity(
  series: Readonly<Record<string, Series>>,
  context: Context,
  at: Path,
): Map<number, Float64Array> {
  const { names, problems } = context;
  const byIndex = new Map<number, Float64Array>();
  for (const [name, one] of Object.entries(series)) {
    const values = readNonNegative(one, context, [...at, name]);
    const index = names.commodity(name);
    if (index === undefined) {
      const found = `an unknown commodity ${quote(name)}`;
      const declare = name.includes("/") ? "" : ` (declare ${quote(name)} under "commodities")`;
      const suggest = () => nearest(name, names.commodityNames());
      problems.add([...at, name], found, `${EXPECTED_COMMODITY}${declare}`, suggest);
    } else if (values?.some((value) => value > 0)) byIndex.set(index, values);
  }
  return byIndex;
}

const EXPECTED_COMMODITY = "a declared commodity, or an agent's metric as agent/metric";

function sample(series: Series, { grid, source, problems }: Context, at: Path): Float64Array | null {
  try {
    return sampleSeries(series, grid, source);
  } catch (error) {
    if (!(error instanceof SeriesError)) throw error;
    problems.add([...at, ...error.path], error.found, error.expected);
    return null;
  }
}
