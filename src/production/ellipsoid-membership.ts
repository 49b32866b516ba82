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
  const radius = parts.radius?.radius ?? new Float64Array(y.length);
  const magnitude = magnitudes(parts);
  const scales = rowScales([magnitude.map((value, k) => value + radius[k])], y.length / grid.nodes);
  const remainder = smallestRemainder(parts, grid, y, scales);
  // y and ȳ are float64: what their last digits say about the remainder is noise.
  const allowance = y.map((value, k) => 2 * Number.EPSILON * (Math.abs(value) + magnitude[k]));
  let gap = Math.max(0, (parts.radius?.deviation(remainder, allowance) ?? 0) - 1);
  for (let k = 0; k < y.length; k++) {
    if (radius[k] > 0) continue;
    const beyond = Math.abs(remainder[k]) - allowance[k];
    if (beyond > 0) gap = Math.max(gap, scales[k] === 0 ? 1 : beyond / scales[k]);
  }
  return gap;
}

/** |ȳ| + √(Σφ_j²) + δg, shape [metrics, nodes]. */
function magnitudes({ center, modes }: EllipsoidParts): Float64Array {
  if (modes === undefined) return center.map(Math.abs);
  const reach = modes.reach();
  return center.map((value, k) => Math.abs(value) + reach[k] + modes.disposal[k]);
}

/** y − ȳ − Σ u_j φ_j + (1 − v) δg for the best (u, v). */
function smallestRemainder(
  parts: EllipsoidParts,
  grid: Grid,
  y: Float64Array,
  scales: Float64Array,
): Float64Array {
  const { center, modes } = parts;
  const rest = y.map((value, k) => value - center[k]);
  if (modes === undefined) return rest;
  addScaled(rest, 1, modes.disposal);
  const columns = Array.from({ length: modes.count }, (_, j) =>
    modes.modes.subarray(j * rest.length, (j + 1) * rest.length),
  );
  columns.push(modes.disposal);
  const stiffness = stiffnesses(parts, grid, scales);
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
