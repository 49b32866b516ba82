import { krylovSpectrum } from "../contraction/arnoldi.js";
import { bestStep } from "../contraction/best-step.js";
import { activeInstants } from "../contraction/linearization.js";
import type { RitzPair } from "../contraction/ritz.js";
import type { Economy } from "../economy/economy.js";
import { multiple } from "../market/market.js";
import { ReferenceMarket } from "../market/reference.js";
import type { Solution } from "../solve/solution.js";
import { solve } from "../solve/solve.js";
import type { StartPrices } from "../solve/start.js";
import type { Reached, Spectrum } from "./convergence.js";

/** An equilibrium to measure distances from. */
export interface Equilibrium {
  readonly reached: Reached;
  readonly solution: Solution;
  /** Null where the solve failed, or f' is not finite. */
  readonly spectrum: Spectrum | null;
  /** Null also where E is singular on the quotient: then p* may be one of many, and no distance to it means anything. */
  readonly point: Point | null;
}

export interface Point {
  /** With free instants frozen. */
  readonly market: ReferenceMarket;
  readonly star: Float64Array;
  readonly active: Int32Array;
  /** Estimate of osc(log p − log p*). */
  readonly error: number;
  readonly pairs: readonly RitzPair[];
}

/** As closely as every economy can be solved. */
const TIGHT = 1e-12;
/** Up to this many prices the whole spectrum is found; of more prices its ends, by fewer derivative products. */
const EXACT = 128;
const PRODUCTS = 64;
/** Plain steps that polish p*, at most. */
const POLISH = 200;
/** An eigenvalue this small beside the largest, or beside 1, is 0 to rounding. */
const SINGULAR = 1e-9;
/** f is not told from 0 below this. */
const ROUNDING = 1e-15;

/** Solves tightly, from `near` or from p = 1, and looks at the derivative there. */
export async function equilibriumOf(
  economy: Economy,
  near?: StartPrices,
  signal?: AbortSignal,
): Promise<Equilibrium> {
  const solution = await solve(economy, { tolerance: TIGHT, start: near, signal });
  const { status, solver, certificate, prices } = solution;
  const market = new ReferenceMarket(economy);
  const q = market.enter(Float64Array.from(prices.data));
  const active = activeInstants(market, q);
  const found = status === "solved" ? await spectrumAt(market, q, active.length) : null;
  const point = found && pointAt(market, q, active, found);
  const reached = {
    status,
    solver,
    clearing: certificate.clearing,
    error: point?.error ?? null,
    critical: found !== null && point === null,
  };
  return { reached, solution, spectrum: found?.spectrum ?? null, point };
}

async function spectrumAt(market: ReferenceMarket, q: Float64Array, prices: number) {
  const dimension = prices - 1;
  const krylov = await krylovSpectrum(market, q, dimension <= EXACT ? dimension : PRODUCTS, () => false);
  if (krylov === null) return null;
  const { pairs, products, invariant } = krylov;
  const best = bestStep(pairs);
  const spectrum: Spectrum = {
    eigenvalues: pairs.flatMap(({ re, im }): [number, number][] => (im < 0 ? [] : [[re, im]])),
    exact: invariant || products >= dimension,
    best: best && { step: best.step, constant: best.constant },
  };
  return { pairs, spectrum };
}

function pointAt(
  market: ReferenceMarket,
  q: Float64Array,
  active: Int32Array,
  { pairs, spectrum }: { pairs: readonly RitzPair[]; spectrum: Spectrum },
): Point | null {
  const largest = pairs.reduce((max, { modulus }) => Math.max(max, modulus), 1);
  const least = pairs.reduce((min, { modulus }) => Math.min(min, modulus), 1);
  if (least <= SINGULAR * largest) return null;
  const { star, oscillation } = polished(market, q, spectrum.best?.step ?? null);
  return { market, star, active, error: Math.max(ROUNDING, oscillation) / least, pairs };
}

/** The prices closer to p*, by plain steps at the best λ while f falls: what the solve has left above rounding. */
function polished(market: ReferenceMarket, solved: Float64Array, step: number | null) {
  const f = market.create();
  let [star, q] = [solved, solved];
  let least = market.residual(solved, f).oscillation;
  for (let k = 0; step !== null && k < POLISH; k++) {
    const next = market.create();
    market.advance(q, multiple(step, f), Infinity, next);
    const { oscillation } = market.residual(next, f);
    if (!(oscillation < 2 * least)) break;
    if (oscillation < least) [star, least] = [next, oscillation];
    q = next;
  }
  return { star, oscillation: least };
}
