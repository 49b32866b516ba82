import type { Market } from "../market/market.js";
import { type Enough, type KrylovSpectrum, krylovSpectrum } from "./arnoldi.js";
import { type BestStep, bestStep } from "./best-step.js";
import { lanczosSpectrum } from "./lanczos.js";
import type { RitzPair } from "./ritz.js";

/** Up to this many prices the whole Krylov space is built: exact to rounding. */
const EXACT = 128;
/** Derivative products beyond that, at most. */
const PRODUCTS = 60;
/** Beyond this many prices fewer products must do: they would take longer than the solve, for the last digits of an estimate. */
const LARGE = 100_000;
const FEW_PRODUCTS = 20;
/** Up to this many prices so many products more are spent on the eigenvalues that decide the best λ. */
const MEDIUM = 20_000;
const FOR_BEST = 30;
/** Relative residual of an eigenpair at which it is believed. */
const CONVERGED = 1e-7;

/** What a Krylov space sees of the spectrum of J_λ on the quotient by constants. */
export interface LocalSpectrum {
  /** Spectral radius of J_λ; 0 where at most one price can move. */
  readonly radius: number;
  /** Ritz values of J_λ = I − λE, largest modulus first, both of each complex pair. */
  readonly values: readonly RitzPair[];
  /** The λ that would make the radius least, from the Ritz values of E; null where no λ contracts. */
  readonly best: BestStep | null;
  /** Derivative products used. */
  readonly products: number;
  /** False where `radius` is only the best that `products` found. */
  readonly converged: boolean;
}

/** Spectral radius of J_λ on the quotient at q, the local constant of T_λ (model.md section 6); null where f is not defined or f' not finite. */
export async function localConstant(
  market: Market<Float64Array>,
  q: Float64Array,
  step: number,
): Promise<number | null> {
  return (await localSpectrum(market, q, step))?.radius ?? null;
}

/**
 * The spectrum of J_λ = I − λE on the quotient from the Krylov space of E, which is that of J_λ for every λ. It grows until the
 * eigenvalue of largest modulus has converged.
 *
 * @param step λ > 0
 * @param forBest whether to go on a little, if the space is not too large, for the eigenvalues that decide `best`
 * @returns null where f is not defined (somebody cannot pay the floors) or f' not finite
 */
export async function localSpectrum(
  market: Market<Float64Array>,
  q: Float64Array,
  step: number,
  forBest = false,
): Promise<LocalSpectrum | null> {
  const dimension = market.hints.size - 1;
  const most = dimension <= EXACT ? dimension : dimension <= LARGE ? PRODUCTS : FEW_PRODUCTS;
  const further = forBest && dimension <= MEDIUM ? FOR_BEST : 0;
  const krylov = await (dimension <= EXACT
    ? krylovSpectrum(market, q, most, () => false)
    : endsOf(market, q, most, () => enoughFor(step, further)));
  if (krylov === null) return null;
  const values = ofJacobian(krylov.pairs, step);
  return {
    radius: values.length === 0 ? 0 : values[0].modulus,
    values,
    best: bestStep(krylov.pairs),
    products: krylov.products,
    converged: krylov.invariant || krylov.products >= dimension || isConverged(values[0]),
  };
}

/** The ends of the spectrum of E: by Lanczos' method where E is self-adjoint, else by Arnoldi's. */
async function endsOf(
  market: Market<Float64Array>,
  q: Float64Array,
  most: number,
  enough: () => Enough,
): Promise<KrylovSpectrum | null> {
  return (
    (await lanczosSpectrum(market, q, most, enough())) ?? (await krylovSpectrum(market, q, most, enough()))
  );
}

/** Until the radius has converged, and then `further` products, or fewer if they settle the best λ. */
function enoughFor(step: number, further: number): Enough {
  let known = Infinity;
  return (pairs, products) => {
    if (isConverged(ofJacobian(pairs, step)[0])) known = Math.min(known, products);
    return products >= known + further || (products >= known && decides(pairs).every(isConverged));
  };
}

/** 1 − λθ for each eigenvalue θ of E. */
function ofJacobian(pairs: readonly RitzPair[], step: number): RitzPair[] {
  return pairs
    .map((pair): RitzPair => {
      const [re, im] = [1 - step * pair.re, -step * pair.im];
      return {
        re,
        im,
        modulus: Math.hypot(re, im),
        get residual() {
          return step * pair.residual;
        },
      };
    })
    .sort((a, b) => b.modulus - a.modulus);
}

/** The eigenvalues of E on which the best λ rests, or the one that leaves none. */
function decides(pairs: readonly RitzPair[]): readonly RitzPair[] {
  return bestStep(pairs)?.deciding ?? [pairs.reduce((least, pair) => (pair.re < least.re ? pair : least))];
}

function isConverged({ residual, modulus }: RitzPair): boolean {
  return residual <= CONVERGED * modulus;
}
