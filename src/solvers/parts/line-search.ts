import { multiple, type Readout } from "../../market/market.js";
import { evaluate, type Iterate, type Problem } from "../solver.js";

/** Armijo's sufficient decrease, δ ∈ (0, 1/2). */
const DECREASE = 1e-4;
/** Hager and Zhang's approximate Wolfe condition φ'(t) ≤ (2δ−1)φ'(0), (SIAM J. Optim. 16 (2005) 170), δ ∈ (0, 1/2). */
const SLOPE_DECREASE = 0.1;
/** What V resolves of itself in float64; below, its slope decides, which is a sum of small terms. */
export const RESOLUTION = 1e-12;
/** Steps are halved down to this fraction. */
export const SHORTEST = 2 ** -40;
/** Halving of a step that need not be a descent direction ends here: something else does better. */
export const SHORT = 2 ** -8;

/** f is defined there: finite, and every orchestrator can pay its floors. */
export function usable(readout: Readout): boolean {
  return readout.finite && (readout.afford > 0 || readout.affordAll < 0);
}

/** osc f may grow by this factor in a step that the slope of V speaks for. */
const TAME = 2;
/** Where V says nothing any more, osc f or clearing must shrink at least by this factor. */
const SHRINKS = 0.999;

/**
 * Whether V decreased enough from `from` to `to` along a step whose slopes dV at both ends are given. Near the end, where V no
 * longer resolves f, the slope at `to` takes over; and where goods of negligible value are still far off, which neither V nor its
 * slope resolves, the oscillation of f, or clearing as complementarity.
 */
export function descends(
  from: Readout,
  to: Readout,
  slopeFrom: number,
  slopeTo: number,
  resolution = RESOLUTION,
): boolean {
  if (from.potential === null || to.potential === null) return false;
  const change = resolvedChange(from, to, resolution);
  if (change !== null) return change <= DECREASE * slopeFrom;
  // Goods of hardly any value do not show in the slope: they may not run away unseen.
  const tame = to.oscillation <= TAME * from.oscillation;
  const flattens = tame && slopeFrom < 0 && slopeTo <= (1 - 2 * SLOPE_DECREASE) * -slopeFrom;
  return flattens || shrinks(from, to);
}

/** The change of V, or null where V does not resolve it. */
export function resolvedChange(from: Readout, to: Readout, resolution = RESOLUTION): number | null {
  if (from.potential === null || to.potential === null) return null;
  const change = to.potential - from.potential;
  return Math.abs(change) > resolution * (1 + Math.abs(from.potential)) ? change : null;
}

/** By what takes over where V says nothing any more. */
export function shrinks(from: Readout, to: Readout): boolean {
  return to.oscillation < SHRINKS * from.oscillation || to.complementarity < SHRINKS * from.complementarity;
}

export interface Walk<V> {
  readonly to: Iterate<V>;
  /** The fraction of the course that was taken. */
  readonly fraction: number;
}

/** Where to go from an iterate: `length` times `direction`, each log price moved by at most the problem's clip. */
export interface Course<V> {
  readonly direction: V;
  readonly length: number;
  /** Fraction below which halving gives up; default SHORTEST. */
  readonly shortest?: number;
  /** Goods on their way to being free may fall faster than it says; default true. */
  readonly falls?: boolean;
  /** Without a potential ‖f‖ must shrink; otherwise any usable point will do. */
  readonly normShrinks?: boolean;
}

/**
 * One clipped step along a course, halved until the point is usable and, where the market has a potential and clipping is on,
 * until V descends. Along f, a descent direction of V, this fails only at rounding where demand is continuous. When no length
 * will do the point returned is the last one tried, and says that it is stuck. Goods on their way to being free first fall faster than
 * the course says; if that is refused they do not.
 */
export async function walk<V>(problem: Problem<V>, from: Iterate<V>, course: Course<V>): Promise<Walk<V>> {
  const { market } = problem;
  const { shortest = SHORTEST, falls = true } = course;
  const guarded = market.hints.potential && problem.clip < Infinity;
  const falling = await headingFor(problem, from, course, falls, guarded);
  const heading = falling.fell && guarded ? await headingFor(problem, from, course, false, guarded) : falling;
  if (heading !== falling) {
    const to = await evaluate(market, falling.end);
    if (await acceptable(problem, from, to, falling, 1, course)) return { to, fraction: 1 };
    market.forgetFalls();
  }
  let taken = 1;
  let to = await evaluate(market, heading.end);
  while (!(await acceptable(problem, from, to, heading, taken, course))) {
    if (taken < shortest) return { to: { ...to, stuck: true }, fraction: taken };
    taken /= 2;
    market.combine([1, taken], [from.q, heading.direction], to.q);
    market.normalize(to.q);
    to = await evaluate(market, to.q, to.f);
  }
  return { to, fraction: taken };
}

/** A whole step from the last residual: where it ends, which way it goes, and the slope of V there where V is watched. */
interface Heading<V> {
  readonly end: V;
  readonly direction: V;
  readonly slope: number | null;
  /** Some good falls faster than f says. */
  readonly fell: boolean;
}

async function headingFor<V>(
  { market, clip }: Problem<V>,
  from: Iterate<V>,
  { direction: along, length }: Course<V>,
  fall: boolean,
  guarded: boolean,
): Promise<Heading<V>> {
  const end = market.room();
  const direction = market.room();
  const fell = market.advance(from.q, multiple(length, along), clip, end, fall);
  market.combine([1, -1], [end, from.q], direction);
  return { end, direction, fell, slope: guarded ? await market.slope(direction) : null };
}

async function acceptable<V>(
  { market }: Problem<V>,
  from: Iterate<V>,
  to: Iterate<V>,
  { direction, slope }: Heading<V>,
  taken: number,
  { normShrinks }: Course<V>,
): Promise<boolean> {
  if (!usable(to.readout)) return false;
  if (slope !== null)
    return descends(
      from.readout,
      to.readout,
      taken * slope,
      taken * (await market.slope(direction)),
      market.hints.resolution,
    );
  return !normShrinks || to.readout.norm <= (1 - DECREASE * taken) * from.readout.norm;
}
