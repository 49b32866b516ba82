import type { Market } from "../../market/market.js";

/** Lattice coordinates of log prices: point x is q = centre + mesh·Σ x_k unit_k, over the commodity-instants with a price. */
export interface Chart<V> {
  /** Their indices into the vectors. */
  readonly active: readonly number[];
  /** e_k up to a constant, one each: what is frozen moves with the mean. */
  readonly units: readonly V[];
}

/** The chart of what has a price at q. Entering prices that are 0 exactly where they are leaves what is frozen as it is. */
export async function openChart<V>(market: Market<V>, q: V): Promise<Chart<V>> {
  const prices = await market.download(market.prices(q));
  const ones = prices.map((p) => (p > 0 ? 1 : 0));
  const origin = market.enter(ones);
  const active = Array.from(prices.keys()).filter((i) => prices[i] > 0);
  const units = active.map((i) => {
    const raised = ones.slice();
    raised[i] = Math.E;
    const unit = market.create();
    market.combine([1, -1], [market.enter(raised), origin], unit);
    return unit;
  });
  return { active, units };
}

/** log prices at the lattice point x, mean price 1. */
export function pointAt<V>(
  market: Market<V>,
  { units }: Chart<V>,
  centre: V,
  mesh: number,
  x: readonly number[],
): V {
  const q = market.create();
  market.combine([1, ...x.map((k) => mesh * k)], [centre, ...units], q);
  market.normalize(q);
  return q;
}

/** The chart's entries of a vector. */
export async function onChart<V>(market: Market<V>, { active }: Chart<V>, v: V): Promise<number[]> {
  const values = await market.download(v);
  return active.map((i) => values[i]);
}
