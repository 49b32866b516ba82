import type { Readout } from "../../market/market.js";
import { evaluate, type Iterate, type Problem } from "../solver.js";

/** Armijo's sufficient decrease, δ ∈ (0, 1/2). */
const DECREASE = 1e-4;
/** Hager and Zhang's approximate Wolfe condition φ'(t) ≤ (2δ−1)φ'(0), (SIAM J. Optim. 16 (2005) 170), δ ∈ (0, 1/2). */
const SLOPE_DECREASE = 0.1;
/** V, a sum over all prices, resolves changes down to this fraction of itself; below, its slope decides, which is a sum of small terms. */
const RESOLUTION = 1e-9;
/** Steps are halved down to this fraction. */
export const SHORTEST = 2 ** -40;

/** f is defined there: finite, and every orchestrator can pay its floors. */
export function usable(readout: Readout): boolean {
  return readout.finite && (readout.afford > 0 || readout.affordAll < 0);
}

/** Where V says nothing any more, osc f or clearing must shrink at least by this factor. */
const SHRINKS = 0.999;

/**
 * Whether V decreased enough from `from` to `to` along a step whose slopes dV at both ends are given. Near the end, where V no
 * longer resolves f, the slope at `to` takes over; and where goods of negligible value are still far off, which neither V nor its
 * slope resolves, the oscillation of f, or clearing as complementarity.
 */
export function descends(from: Readout, to: Readout, slopeFrom: number, slopeTo: number): boolean {
  if (from.potential === null || to.potential === null) return false;
  const change = to.potential - from.potential;
  if (Math.abs(change) > RESOLUTION * (1 + Math.abs(from.potential))) return change <= DECREASE * slopeFrom;
  const flattens = slopeFrom < 0 && slopeTo <= (1 - 2 * SLOPE_DECREASE) * -slopeFrom;
  return (
    flattens ||
    to.oscillation < SHRINKS * from.oscillation ||
    to.complementarity < SHRINKS * from.complementarity
  );
}

export interface Walk<V> {
  readonly to: Iterate<V>;
  /** The fraction of the step that was taken. */
  readonly fraction: number;
}

/**
 * One clipped step of size `fraction`·λ along f, halved until the point is usable and, where the market has a potential
 * and clipping is on, until V descends. There f is a descent direction of V, so where demand is continuous this fails only at
 * rounding. When no length will do the point returned is the last one tried, and says that it is stuck. Goods on their way to being
 * free first fall faster than f says; if that is refused they do not.
 */
export async function walk<V>(problem: Problem<V>, from: Iterate<V>, fraction: number): Promise<Walk<V>> {
  const { market } = problem;
  const guarded = market.hints.potential && problem.clip < Infinity;
  const falling = await headingFor(problem, from, fraction, true, guarded);
  const heading =
    falling.fell && guarded ? await headingFor(problem, from, fraction, false, guarded) : falling;
  if (heading !== falling) {
    const to = await evaluate(market, falling.end);
    if (await acceptable(problem, from, to, falling, 1)) return { to, fraction };
    market.forgetFalls();
  }
  let taken = 1;
  let to = await evaluate(market, heading.end);
  while (!(await acceptable(problem, from, to, heading, taken))) {
    if (taken < SHORTEST) return { to: { ...to, stuck: true }, fraction: fraction * taken };
    taken /= 2;
    market.combine([1, taken], [from.q, heading.direction], to.q);
    market.normalize(to.q);
    to = await evaluate(market, to.q, to.f);
  }
  return { to, fraction: fraction * taken };
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
  { market, step, clip }: Problem<V>,
  from: Iterate<V>,
  fraction: number,
  fall: boolean,
  guarded: boolean,
): Promise<Heading<V>> {
  const end = market.create();
  const direction = market.create();
  const fell = market.advance(from.q, from.f, fraction * step, clip, end, fall);
  market.combine([1, -1], [end, from.q], direction);
  return { end, direction, fell, slope: guarded ? await market.slope(direction) : null };
}

async function acceptable<V>(
  { market }: Problem<V>,
  from: Iterate<V>,
  to: Iterate<V>,
  { direction, slope }: Heading<V>,
  taken: number,
): Promise<boolean> {
  if (!usable(to.readout) || slope === null) return usable(to.readout);
  return descends(from.readout, to.readout, taken * slope, taken * (await market.slope(direction)));
}
