import { uniformSource } from "../core/rng.js";
import type { Market } from "../market/market.js";
import { type RitzPair, ritzPairs } from "./ritz.js";

/** A new direction this much shorter than the vector it comes from is rounding: the space is invariant. */
export const INVARIANT = 1e-12;
/** A vector that keeps this much of its length is as orthogonal as those it was made orthogonal to, and is not made so again. */
const KEPT = Math.SQRT1_2;
/** The products at which the outcome is looked at: a look costs their cube, so that all before cost less than the last. */
export const LOOKS: ReadonlySet<number> = new Set([5, 10, 20, 40]);
/** Below this price (the mean is 1) a good would be too little of the spending to be seen, did the start not make up for it. */
const CHEAP = 1e-6;

/** What a Krylov space sees of the spectrum of E on the quotient by constants. */
export interface KrylovSpectrum {
  /** Ritz values of E, largest modulus first, both of each complex pair. */
  readonly pairs: readonly RitzPair[];
  /** Derivative products used. */
  readonly products: number;
  /** The space is invariant: every pair is exact to rounding. */
  readonly invariant: boolean;
}

/** Whether what is found so far will do. */
export type Enough = (pairs: readonly RitzPair[], products: number) => boolean;

/**
 * Arnoldi's method for E = −∂f/∂q on the quotient by constants (E 1 = 0, by homogeneity), in the inner product weighted by
 * spending, in which E is self-adjoint for one orchestrator (T3). Frozen instants and those without a market have weight
 * 0 and take no part. Starts from fixed pseudo-random numbers, so that the same prices give the same digits.
 *
 * @param most derivative products, at most
 * @param enough whether what is found so far will do; asked every few products
 * @returns null where somebody cannot pay the floors, so that f is not defined, or f or f' is not finite
 */
export async function krylovSpectrum(
  market: Market<Float64Array>,
  q: Float64Array,
  most: number,
  enough: Enough,
): Promise<KrylovSpectrum | null> {
  if (!(await weigh(market, q))) return null;
  const basis: Float64Array[] = [];
  const columns: number[][] = [];
  const ones = market.create(1);
  let next = market.adopt(start(await market.download(market.prices(q))));
  let length = (await orthonormalize(market, next, [ones])).left;
  while (length > 0 && basis.length < most) {
    basis.push(next);
    next = await product(market, q, next);
    const { along, left } = await orthonormalize(market, next, [ones, ...basis]);
    columns.push([...along, left]);
    length = left;
    if (LOOKS.has(basis.length) && length > 0 && enough(ritzPairs(columns), columns.length)) break;
  }
  market.release([ones, next, ...basis]);
  if (Number.isNaN(length)) return null;
  return { pairs: ritzPairs(columns), products: columns.length, invariant: length === 0 };
}

/** Makes spending at q the inner product; false where f is not defined at q. */
export async function weigh(market: Market<Float64Array>, q: Float64Array): Promise<boolean> {
  const f = market.create();
  const { finite, afford } = await market.residual(q, f);
  market.release([f]);
  if (!finite || !(afford > 0)) return false;
  market.reweigh();
  return true;
}

/** E v = −f'(q) v. */
async function product(
  market: Market<Float64Array>,
  q: Float64Array,
  v: Float64Array,
): Promise<Float64Array> {
  const out = market.create();
  await market.derivative(q, v, out);
  market.combine([-1], [out], out);
  return out;
}

/**
 * Takes from v its parts along the directions, 1 and then the basis, again where rounding has left of them, and makes what is left a
 * unit vector.
 *
 * @returns the coefficients along the basis, and the length left: 0 where it is rounding, NaN where v is not finite
 */
export async function orthonormalize(
  market: Market<Float64Array>,
  v: Float64Array,
  directions: readonly Float64Array[],
): Promise<{ along: readonly number[]; left: number }> {
  const along = new Array<number>(directions.length - 1).fill(0);
  const before = await norm(market, v);
  let length = before;
  for (let pass = 0; pass === 0 || (pass === 1 && length <= KEPT * before); pass++) {
    const parts = await market.dots(directions, v);
    market.combine([1, ...parts.map((x) => -x)], [v, ...directions], v);
    for (let j = 0; j < along.length; j++) along[j] += parts[j + 1];
    length = await norm(market, v);
  }
  if (length <= INVARIANT * before) return { along, left: 0 };
  market.combine([1 / length], [v], v);
  return { along, left: Number.isFinite(length) ? length : Number.NaN };
}

async function norm(market: Market<Float64Array>, v: Float64Array): Promise<number> {
  return Math.sqrt((await market.dots([v], v))[0]);
}

/**
 * Fixed numbers in [−1, 1), over the root of the price where that is tiny: in the inner product, which weighs each instant by what is
 * spent there, its part of the vector is then of the order of the others', and does not pass for rounding.
 */
export function start(prices: Float64Array): Float64Array {
  const uniform = uniformSource(0);
  return prices.map((p) => (2 * uniform() - 1) / Math.sqrt(p > 0 ? Math.min(1, p / CHEAP) : 1));
}
