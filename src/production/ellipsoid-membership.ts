import type { Grid } from "../time/grid.js";
import { ballLeastSquares } from "./ball-least-squares.js";
import type { ModeBall } from "./modes.js";
import { addScaled } from "./pairing.js";
import type { RadiusBall } from "./radius.js";
import { rowScales } from "./row-scales.js";

/** What defines an ellipsoid: its center ȳ, shape [metrics, nodes], and what is added to it; neither is a point. */
export interface EllipsoidParts {
  readonly center: Float64Array;
  readonly radius?: RadiusBall;
  readonly modes?: ModeBall;
}

/**
 * Where no deviation is allowed (s = 0), the search for a witness weighs deviations as if this fraction of the metric's
 * scale were: small enough that they are driven down to rounding, large enough that rounding in them does not decide.
 */
const RIGID = 1e-9;

/**
 * Decides whether y lies in ȳ + V, from the definition: y is a member when some (u, v) with |u|² + v² ≤ 1 leaves a
 * remainder y − ȳ − Σ u_j φ_j + (1 − v) δg inside the ball of the radius. The search is least squares in units of the
 * radius over the ball of (u, v).
 *
 * The gap is the excess over 1 of the remainder's root-mean-square in units of s or, if larger, its largest entry where
 * s = 0, in units of that metric's scale (the largest |ȳ| + s + √(Σφ_j²) + δg over time). Disposal other than the
 * (1 − v) δg of smoothing is not credited.
 *
 * @param y shape [metrics, nodes].
 */
export function ellipsoidGap(parts: EllipsoidParts, grid: Grid, y: Float64Array): number {
  const magnitude = magnitudes(parts);
  const excess = smallestRemainder(parts, grid, y, magnitude);
  takeNoise(excess, y, magnitude);
  const { radius } = parts;
  const gap = radius === undefined ? 0 : Math.max(0, radius.deviation(excess) - 1);
  if (!someRigid(excess, radius?.radius)) return gap;
  const scales = scalesOf(parts, grid, magnitude);
  return excess.reduce((most, beyond, k) => {
    if (beyond === 0 || (radius?.radius[k] ?? 0) > 0) return most;
    return Math.max(most, scales[k] === 0 ? 1 : beyond / scales[k]);
  }, gap);
}

/** |remainder| as far as it is more than what the last digits of y and ȳ, which are float64, say about it. */
function takeNoise(remainder: Float64Array, y: Float64Array, magnitude: Float64Array): void {
  for (let k = 0; k < remainder.length; k++) {
    const noise = 2 * Number.EPSILON * (Math.abs(y[k]) + Math.abs(magnitude[k]));
    remainder[k] = Math.max(0, Math.abs(remainder[k]) - noise);
  }
}

/** Whether some entry exceeds where no deviation is allowed. */
function someRigid(excess: Float64Array, radius: Float64Array | undefined): boolean {
  for (let k = 0; k < excess.length; k++) {
    if (excess[k] !== 0 && (radius === undefined || !(radius[k] > 0))) return true;
  }
  return false;
}

/** The magnitudes, up to their signs: |ȳ| + √(Σφ_j²) + δg, shape [metrics, nodes]. */
function magnitudes({ center, modes }: EllipsoidParts): Float64Array {
  if (modes === undefined) return center;
  const reach = modes.reach();
  return center.map((value, k) => Math.abs(value) + reach[k] + modes.disposal[k]);
}

/** The largest magnitude + s of each metric over time, shape [metrics, nodes]. */
function scalesOf({ radius }: EllipsoidParts, grid: Grid, magnitude: Float64Array): Float64Array {
  const size = magnitude.map((value, k) => Math.abs(value) + (radius?.radius[k] ?? 0));
  return rowScales([size], size.length / grid.nodes);
}

/** y − ȳ − Σ u_j φ_j + (1 − v) δg for the best (u, v). */
function smallestRemainder(
  parts: EllipsoidParts,
  grid: Grid,
  y: Float64Array,
  magnitude: Float64Array,
): Float64Array {
  const { center, modes } = parts;
  const rest = y.slice();
  addScaled(rest, -1, center);
  if (modes === undefined) return rest;
  addScaled(rest, 1, modes.disposal);
  const columns = Array.from({ length: modes.count }, (_, j) =>
    modes.modes.subarray(j * rest.length, (j + 1) * rest.length),
  );
  columns.push(modes.disposal);
  const stiffness = stiffnesses(parts, grid, scalesOf(parts, grid, magnitude));
  const weighted = (column: Float64Array) => column.map((value, k) => value * stiffness[k]);
  const z = ballLeastSquares(columns.map(weighted), weighted(rest));
  columns.forEach((column, j) => {
    addScaled(rest, -z[j], column);
  });
  return rest;
}

/** Weights under which the sum of squares of a remainder is its mean square in units of s, shape [metrics, nodes]. */
function stiffnesses({ center, radius }: EllipsoidParts, grid: Grid, scales: Float64Array): Float64Array {
  const rows = radius?.rows.length ?? 1;
  return center.map((_, k) => {
    const unit = Math.max(radius?.radius[k] ?? 0, RIGID * scales[k]);
    return unit === 0 ? 0 : Math.sqrt(grid.weights[k % grid.nodes] / (rows * grid.horizon)) / unit;
  });
}
