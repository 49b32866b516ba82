import fc from "fast-check";
import { FAMILIES, type ProductionInput } from "../../src/production/families.js";
import { BuildContext } from "../../src/production/family.js";
import type { ProductionSet } from "../../src/production/production-set.js";
import { createGrid, type Grid } from "../../src/time/grid.js";
import type { Series } from "../../src/time/series.js";

/** A set beside what it was made of, and its definition written a second time. */
export interface Sample {
  readonly kind: Kind;
  readonly spec: ProductionInput;
  readonly grid: Grid;
  readonly metrics: readonly string[];
  readonly set: ProductionSet;
}

export const KINDS = ["point", "ball", "modes", "sum", "hull", "frontier", "factory"] as const;
export type Kind = (typeof KINDS)[number];

/** Builds a set from what a file would hold; throws where it is refused. */
export function build(spec: ProductionInput, grid: Grid = createGrid()): Sample {
  const family = FAMILIES.find(({ name }) => name === spec.set);
  if (family === undefined) throw new Error(`no family ${spec.set}`);
  const parsed = family.schema.parse(spec) as never;
  const metrics = family.metricsOf(parsed);
  const refused: string[] = [];
  const report = (at: readonly (string | number)[], found: string) =>
    refused.push(`${at.join(".")}: ${found}`);
  const set = family.build(parsed, new BuildContext({ metrics, grid, source: grid, report }));
  if (set === null) throw new Error(`refused: ${refused.join("; ")}`);
  return { kind: "point", spec, grid, metrics, set };
}

/** Numbers on a lattice: shrinks well and has no denormals. */
export const real = (min: number, max: number) =>
  fc.integer({ min: 0, max: 1000 }).map((k) => min + ((max - min) * k) / 1000);

export const grids = fc
  .record({
    nodes: fc.integer({ min: 1, max: 5 }),
    horizon: real(0.5, 3),
    rule: fc.constantFrom("midpoint" as const, "gauss-legendre" as const),
  })
  .map(createGrid);

const METRICS = ["a", "b", "c"];

function series(grid: Grid, min: number, max: number): fc.Arbitrary<Series> {
  return fc.array(real(min, max), { minLength: grid.nodes, maxLength: grid.nodes });
}

function maps(grid: Grid, min: number, max: number, metrics = METRICS) {
  return fc.record(Object.fromEntries(metrics.map((metric) => [metric, series(grid, min, max)])));
}

function weights(metrics: readonly string[]) {
  return fc.record(Object.fromEntries(metrics.map((metric) => [metric, real(0.1, 2)])));
}

/** Between 0 and 4, not nearer to 1 than 1e-3 unless 1 itself, where plain formulas lose their digits. */
const elasticity = fc.oneof(fc.constantFrom(0, 1), real(0.05, 4));

function specs(kind: Kind, grid: Grid): fc.Arbitrary<ProductionInput> {
  const center = maps(grid, -2, 2);
  const radius = fc.oneof(
    maps(grid, 0.1, 2),
    maps(grid, 0.1, 2, ["b", "d"]),
    maps(grid, -1, 1, ["a"]).map(clip),
  );
  const modes = fc.array(maps(grid, -1, 1, ["a", "c"]), { minLength: 1, maxLength: 3 });
  const rounded = {
    smoothing: fc.constantFrom(0.02, 0.2, 1),
    reference: fc.option(maps(grid, 0.1, 1), { nil: undefined }),
  };
  const set = fc.constant("ellipsoid" as const);
  if (kind === "point") return fc.record({ set, center });
  if (kind === "ball") return fc.record({ set, center, radius });
  if (kind === "modes") return fc.record({ set, center, modes, ...rounded });
  if (kind === "sum") return fc.record({ set, center, radius, modes, ...rounded });
  const trajectories = fc.array(maps(grid, -2, 2), { minLength: 1, maxLength: 4 });
  if (kind === "hull") return fc.record({ set: fc.constant("hull" as const), trajectories, ...rounded });
  return fc.record({
    set: fc.constant("frontier" as const),
    outputs: weights(["a", "b"]),
    transformation: elasticity,
    scale: series(grid, 0.2, 2),
    ...(kind === "frontier"
      ? {}
      : { inputs: weights(["c", "d"]), substitution: elasticity, returns: fc.constantFrom(0.2, 0.5, 0.8) }),
  });
}

/** Radii that vanish at some nodes. */
function clip(map: Record<string, Series>): Record<string, Series> {
  return Object.fromEntries(
    Object.entries(map).map(([k, v]) => [k, (v as number[]).map((s) => Math.max(0, s))]),
  );
}

/** Near σ = 1 weights that do not sum to 1 make levels like e^{1000}: legal, and no use in a test of accuracy. */
function tame(spec: ProductionInput): ProductionInput {
  if (spec.set !== "frontier" || spec.inputs === undefined) return spec;
  if (Math.abs((spec.substitution ?? 1) - 1) > 0.1) return spec;
  const total = Object.values(spec.inputs).reduce((sum, weight) => sum + weight, 0);
  return {
    ...spec,
    inputs: Object.fromEntries(Object.entries(spec.inputs).map(([m, weight]) => [m, weight / total])),
  };
}

export function samples(kind: Kind): fc.Arbitrary<Sample> {
  return grids.chain((grid) => specs(kind, grid).map((spec) => ({ ...build(tame(spec), grid), kind })));
}

/** Prices of the sample's shape, log-uniform over two decades. */
export function pricesFor({ metrics, grid }: Sample): fc.Arbitrary<Float64Array> {
  const length = metrics.length * grid.nodes;
  return fc
    .array(real(-1, 1), { minLength: length, maxLength: length })
    .map((logs) => Float64Array.from(logs, (x) => 10 ** x));
}

/** Numbers in [−1, 1] of the sample's shape. */
export function directionsFor({ metrics, grid }: Sample): fc.Arbitrary<Float64Array> {
  const length = metrics.length * grid.nodes;
  return fc.array(real(-1, 1), { minLength: length, maxLength: length }).map((v) => Float64Array.from(v));
}

export function value({ grid }: Sample, p: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < p.length; k++) sum += grid.weights[k % grid.nodes] * p[k] * y[k];
  return sum;
}

export function supplyAt({ set }: Sample, p: Float64Array): Float64Array {
  const out = new Float64Array(p.length).fill(Number.NaN);
  set.supply(p, out);
  return out;
}

export function derivativeAt({ set }: Sample, p: Float64Array, dp: Float64Array): Float64Array {
  const out = new Float64Array(p.length).fill(Number.NaN);
  set.supplyDerivative(p, dp, out);
  return out;
}

export const largest = (v: ArrayLike<number>) => Array.from(v).reduce((m, x) => Math.max(m, Math.abs(x)), 0);

/** The rows of a map of series given as arrays, in the order of the sample's metrics; missing ones 0. */
export function rowsOf({ metrics, grid }: Sample, map: Record<string, Series> | undefined): Float64Array {
  const out = new Float64Array(metrics.length * grid.nodes);
  metrics.forEach((metric, r) => {
    const given = map?.[metric];
    if (typeof given === "number") out.fill(given, r * grid.nodes, (r + 1) * grid.nodes);
    else if (given !== undefined) out.set(given as number[], r * grid.nodes);
  });
  return out;
}
