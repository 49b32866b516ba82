/** f is taken as ±EXTREME where demand or supply vanishes: a ratio of e⁵⁰ says no more than a larger one. */
const EXTREME = 50;
/** log(p/Σp) of a floor at first: a good that is going to be free has by then no revenue that counts. */
export const FIRST_FLOOR = -30;
/** And at last, beyond what the loop calls a divergence. */
const LAST_FLOOR = -660;

/**
 * The vector label of a point: its excess demand, with every price kept off 0,
 *
 *     F_k = max( f_k , floor_k − log(p_k/Σp) ) .
 *
 * Above the floors it is f. A price at its floor stops falling, whatever its good's excess supply. So where F is equal in all
 * entries, every good has the same excess demand, which is 0 by Walras' law, or is in excess supply at its floor: a good on its
 * way to being free (model.md section 4). And since F_k grows without bound as p_k falls, while f cannot be large on all goods that hold
 * the value (Walras again, and bounded supply), the path on which F is largest where prices have risen stays bounded: existence,
 * without an assumption on tastes.
 *
 * Where an orchestrator cannot pay its floors (M°_i ≤ 0) f is the same formula continued: what it would buy beyond its floors
 * it sells; z is smooth there and obeys Walras' law. Where that makes D ≤ 0 (f is NaN) the label is an extreme excess supply.
 *
 * @param f excess demand of the commodity-instants that have a price, any floats
 * @param shares log(p_k/Σp), finite
 * @param floors their least values
 */
export function labelOf(
  f: readonly number[],
  shares: readonly number[],
  floors: readonly number[],
): number[] {
  return f.map((x, k) => Math.max(definite(x), floors[k] - shares[k]));
}

/** The goods in excess supply whose prices only their floors keep up. */
export function heldUp(
  f: readonly number[],
  shares: readonly number[],
  floors: readonly number[],
): boolean[] {
  return f.map((x, k) => definite(x) < Math.min(0, floors[k] - shares[k]));
}

/** The next lower floor: twice as many decades down; the same where it is the last. */
export function lowered(floor: number): number {
  return Math.max(LAST_FLOOR, 2 * floor);
}

/** log(p_k/Σp) of log prices. */
export function logShares(q: readonly number[]): number[] {
  const top = Math.max(...q);
  const total = top + Math.log(q.reduce((sum, x) => sum + Math.exp(x - top), 0));
  return q.map((x) => x - total);
}

function definite(x: number): number {
  return Number.isNaN(x) ? -EXTREME : Math.max(-EXTREME, Math.min(EXTREME, x));
}
