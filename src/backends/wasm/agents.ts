import { Ellipsoid } from "../../production/ellipsoid.js";
import { Hull } from "../../production/hull.js";
import type { ProductionSet } from "../../production/production-set.js";
import { hullMix, type Mixed } from "./hull-mix.js";

/**
 * What a kernel knows of an agent: η = ȳ + κ s² p + Σ_j x_j line_j. Of sets that are not of this form everything is asked of the set
 * itself.
 */
export interface KernelSet {
  readonly center: Float64Array | null;
  readonly radius: Float64Array | null;
  /** [lines][metrics][nodes] in one or more pieces. */
  readonly lines: readonly Float64Array[];
  readonly lineCount: number;
}

/** Of one agent at prices p: profit and (1, κ, x_1 …) from the sums (⟨p,ȳ⟩, Σ w s²p², ⟨p,line⟩ …). */
export interface Finish {
  profit: number;
  coefficients: Float64Array;
}

export function kernelSet(set: ProductionSet): KernelSet | null {
  if (set instanceof Ellipsoid) {
    const { center, radius, modes } = set.parts;
    const lines = modes === undefined ? [] : [modes.modes, modes.disposal];
    return {
      center,
      radius: radius?.radius ?? null,
      lines,
      lineCount: modes === undefined ? 0 : modes.count + 1,
    };
  }
  if (set instanceof Hull) {
    return {
      center: null,
      radius: null,
      lines: [set.trajectories, set.reference],
      lineCount: set.count + 1,
    };
  }
  return null;
}

/** Profit, and the coefficients written over `x`. */
export function finish(set: ProductionSet, sums: Float64Array, x: Float64Array): number {
  if (set instanceof Ellipsoid) return finishEllipsoid(set, sums, x);
  return finishHull(set as Hull, sums, x);
}

/** Changes of profit and coefficients along the direction whose sums are given; κ changes by −κ times what is written to x[1]. */
export function finishChange(
  set: ProductionSet,
  sums: Float64Array,
  dsums: Float64Array,
  coefficients: Float64Array,
  dx: Float64Array,
): number {
  // Hotelling: dh = ⟨dp,η⟩.
  let change = dsums[0] + coefficients[1] * dsums[1];
  for (let j = 2; j < dsums.length; j++) change += coefficients[j] * dsums[j];
  dx.fill(0);
  dx[1] = sums[1] > 0 ? dsums[1] / sums[1] : 0;
  if (set instanceof Ellipsoid) changeModes(set, sums, dsums, dx);
  else hullMix(set as Hull, sums.subarray(2)).changes(dsums.subarray(2), dx.subarray(2));
  return change;
}

function finishEllipsoid({ parts, grid }: Ellipsoid, sums: Float64Array, x: Float64Array): number {
  let profit = sums[0];
  x.fill(0);
  if (parts.radius !== undefined && sums[1] > 0) {
    const reach = Math.sqrt(parts.radius.rows.length * grid.horizon);
    const norm = Math.sqrt(sums[1]);
    profit += reach * norm;
    x[1] = reach / norm;
  }
  if (parts.modes === undefined) return profit;
  const { modal, r, disposed } = lengths(sums);
  if (r === 0) return profit;
  const last = sums.length - 1;
  for (let j = 2; j < last; j++) x[j] = sums[j] / r;
  // r − δν and 1 − δν/r without cancellation.
  x[last] = -(modal / r) * (modal / (r + disposed));
  return profit + modal * (modal / (r + disposed));
}

/** α = (a, δν): d coefficient = (dα − e ⟨e,dα⟩)/r, e = α/r. */
function changeModes({ parts }: Ellipsoid, sums: Float64Array, dsums: Float64Array, dx: Float64Array): void {
  if (parts.modes === undefined) return;
  const { r } = lengths(sums);
  if (r === 0) return;
  let along = 0;
  for (let j = 2; j < sums.length; j++) along += (sums[j] / r) * (dsums[j] / r);
  for (let j = 2; j < sums.length; j++) dx[j] = dsums[j] / r - along * (sums[j] / r);
}

/** |a|, r = |(a, δν)| and δν. */
function lengths(sums: Float64Array): { modal: number; r: number; disposed: number } {
  const disposed = sums[sums.length - 1];
  const a = sums.subarray(2, sums.length - 1);
  const largest = a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const modal = largest === 0 ? 0 : largest * Math.sqrt(a.reduce((sum, x) => sum + (x / largest) ** 2, 0));
  return { modal, r: Math.hypot(modal, disposed), disposed };
}

function finishHull(set: Hull, sums: Float64Array, x: Float64Array): number {
  const mixed: Mixed = hullMix(set, sums.subarray(2));
  x.fill(0);
  mixed.coefficients(x.subarray(2));
  return mixed.profit;
}

/** √(RT) of an ellipsoid with a radius and no modes, else 0. */
export function reachOf(set: ProductionSet): number {
  if (!(set instanceof Ellipsoid) || set.parts.modes !== undefined || set.parts.radius === undefined)
    return 0;
  return Math.sqrt(set.parts.radius.rows.length * set.grid.horizon);
}

/** Whether its supply is left to the set: no price, or so low that squares vanish. */
export function vanishes(set: KernelSet, sums: Float64Array, vanishing: number): boolean {
  if (set.radius !== null && sums[1] < vanishing) return true;
  return sums.every((x) => x === 0);
}
