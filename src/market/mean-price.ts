import type { Reals } from "../core/reals.js";
import type { Layout } from "./layout.js";

/** (1/(M·T)) Σ w p, the numéraire (formats.md). */
export function meanPrice({ weights, nodes: N, horizon, commodities }: Layout, prices: Reals): number {
  let sum = 0;
  for (let i = 0; i < prices.length; i++) sum += weights[i % N] * prices[i];
  return sum / (horizon * commodities);
}

/**
 * A step in which no log price moves by more than this leaves the mean price where it is, nearly, and dividing by the mean price before it
 * will do; after others it is taken anew, or what they are clipped by would depend on it.
 */
export const SMALL_STEP = 0.25;

/** Farther from 1 than rounding. */
const ROUNDING = 1e-14;

/** The prices themselves, scaled to mean price 1; as they are where all are 0. */
export function toMeanOne<V extends Reals>(layout: Layout, prices: V): V {
  const mean = meanPrice(layout, prices);
  if (mean === 0 || Math.abs(mean - 1) <= ROUNDING) return prices;
  for (let i = 0; i < prices.length; i++) prices[i] /= mean;
  return prices;
}

/** Log prices of prices ≥ 0, and which instants are frozen: those that have a market but no price. There q is the least of all. */
export function entered({ demanded }: Layout, prices: Float64Array): { q: Float64Array; frozen: Uint8Array } {
  let least = Infinity;
  prices.forEach((p, i) => {
    if (p > 0 && demanded[i]) least = Math.min(least, p);
  });
  return {
    q: prices.map((p) => Math.log(p > 0 ? p : least)),
    frozen: Uint8Array.from(prices, (p, i) => (p > 0 ? 0 : demanded[i])),
  };
}
