import type { Market } from "../../market/market.js";

/** Weight of all prices alike beside spending, in the distance between prices. */
const EVENLY = 1;
/** No step is made longer than this many times, or shorter than one of as many, than Newton's own. */
const MOST = 100;

/**
 * What deflation makes of a Newton step (P. E. Farrell, Á. Birkisson and S. W. Funke, SIAM J. Sci. Comput. 37 (2015) A2026). Zeros
 * q_1, q_2, … of f that are known are no zeros of
 *
 *     m(q) f(q) ,   m(q) = Π_i ( ‖q − q_i‖⁻² + 1 ) ,
 *
 * and by the Sherman–Morrison formula its Newton direction is that of f, d, times 1/(1 − ∇(log m)·d): no other linear system
 * is solved. The factor is negative where d leads into a known zero, so that the step leads away, and 1 near a new one.
 *
 * @param known log prices of the zeros; only differences of prices count
 * @param d Newton's direction at q, the last residual's
 * @returns the factor, at most 100 in modulus and at least 1/100
 */
export async function deflationFactor<V>(
  market: Market<V>,
  known: readonly V[],
  q: V,
  d: V,
): Promise<number> {
  market.reweigh(EVENLY);
  const ones = market.create(1);
  const difference = market.create();
  let slope = 0;
  for (const zero of known) {
    market.combine([1, -1], [q, zero], difference);
    const [all, mean] = await market.dots([ones, difference], ones);
    market.combine([1, -mean / all], [difference, ones], difference);
    const [square, product] = await market.dots([difference, d], difference);
    slope -= (2 * product) / (square * (1 + square));
  }
  const factor = 1 / (1 - slope);
  // At a known zero itself every number is as good as any: away from it, along the direction there is.
  if (!Number.isFinite(factor)) return MOST;
  return Math.sign(factor || 1) * Math.min(MOST, Math.max(1 / MOST, Math.abs(factor)));
}
