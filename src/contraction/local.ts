import { uniformSource } from "../core/rng.js";
import type { Market } from "../market/market.js";
import { type RitzPair, ritzPairs } from "./ritz.js";

/** Up to this many prices the whole Krylov space is built: exact to rounding. */
const EXACT = 128;
/** Derivative products beyond that, at most, and how often the outcome is looked at. */
const PRODUCTS = 60;
/** Beyond this many prices fewer products must do: they would take longer than the solve, for the last digits of an estimate. */
const LARGE = 100_000;
const FEW_PRODUCTS = 20;
const LOOK_EVERY = 5;
/** Relative residual of the dominant eigenpair at which it is believed. */
const CONVERGED = 1e-7;
/** A new direction this much shorter than the vector it comes from is rounding: the space is invariant. */
const INVARIANT = 1e-12;

/** What a Krylov space sees of the spectrum of J_λ on the quotient by constants. */
export interface LocalSpectrum {
  /** Spectral radius of J_λ; 0 where at most one price can move. */
  readonly radius: number;
  /** Ritz values of J_λ = I + λ f'(q), largest modulus first, both of each complex pair. */
  readonly values: readonly RitzPair[];
  /** Derivative products used. */
  readonly products: number;
  /** False where `radius` is only the best that `products` found. */
  readonly converged: boolean;
}

/** Spectral radius of J_λ on the quotient at q, the local constant of T_λ (model.md section 6); null where f' is not finite. */
export async function localConstant(
  market: Market<Float64Array>,
  q: Float64Array,
  step: number,
): Promise<number | null> {
  return (await localSpectrum(market, q, step))?.radius ?? null;
}

/**
 * Arnoldi's method for J_λ on the quotient by constants (J 1 = 1, by homogeneity), in the inner product weighted by
 * spending, in which J is self-adjoint for one orchestrator (T3). Frozen instants and those without a market have weight
 * 0 and take no part. Starts from fixed pseudo-random numbers, so that the same prices give the same digits.
 *
 * @returns null where f' is not finite
 */
export async function localSpectrum(
  market: Market<Float64Array>,
  q: Float64Array,
  step: number,
): Promise<LocalSpectrum | null> {
  await market.residual(q, market.create());
  market.reweigh();
  const dimension = market.hints.size - 1;
  const most = dimension <= EXACT ? dimension : dimension <= LARGE ? PRODUCTS : FEW_PRODUCTS;
  const basis: Float64Array[] = [];
  const columns: number[][] = [];
  let next = pseudoRandom(q.length);
  let [length] = (await orthonormalize(market, next, basis)).slice(-1);
  while (length > 0 && basis.length < most) {
    basis.push(next);
    next = await jacobianProduct(market, q, step, next);
    columns.push(await orthonormalize(market, next, basis));
    [length] = columns[columns.length - 1].slice(-1);
    const look = dimension > EXACT && basis.length % LOOK_EVERY === 0;
    if (look && length > 0 && isConverged(ritzPairs(columns))) break;
  }
  if (Number.isNaN(length)) return null;
  const values = ritzPairs(columns);
  return {
    radius: values.length === 0 ? 0 : values[0].modulus,
    values,
    products: columns.length,
    converged: length === 0 || basis.length >= dimension || isConverged(values),
  };
}

function isConverged([dominant]: readonly RitzPair[]): boolean {
  return dominant.residual <= CONVERGED * dominant.modulus;
}

/** J v = v + λ f'(q) v. */
async function jacobianProduct(
  market: Market<Float64Array>,
  q: Float64Array,
  step: number,
  v: Float64Array,
): Promise<Float64Array> {
  const product = market.create();
  await market.derivative(q, v, product);
  market.combine([1, step], [v, product], product);
  return product;
}

/**
 * Takes from v its parts along 1 and along the basis, twice against rounding, and makes what is left a unit vector.
 *
 * @returns the coefficients along the basis, then the length left: 0 where it is rounding, NaN where v is not finite
 */
async function orthonormalize(
  market: Market<Float64Array>,
  v: Float64Array,
  basis: readonly Float64Array[],
): Promise<number[]> {
  const directions = [market.create().fill(1), ...basis];
  const coefficients = new Array<number>(basis.length).fill(0);
  const before = await norm(market, v);
  for (let pass = 0; pass < 2; pass++) {
    const along = await market.dots(directions, v);
    market.combine([1, ...along.map((x) => -x)], [v, ...directions], v);
    for (let j = 0; j < basis.length; j++) coefficients[j] += along[j + 1];
  }
  const length = await norm(market, v);
  if (length <= INVARIANT * before) return [...coefficients, 0];
  market.combine([1 / length], [v], v);
  return [...coefficients, Number.isFinite(length) ? length : Number.NaN];
}

async function norm(market: Market<Float64Array>, v: Float64Array): Promise<number> {
  return Math.sqrt((await market.dots([v], v))[0]);
}

/** Fixed numbers in [−1, 1). */
function pseudoRandom(length: number): Float64Array {
  const uniform = uniformSource(0);
  return Float64Array.from({ length }, () => 2 * uniform() - 1);
}
