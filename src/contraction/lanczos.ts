import type { Market } from "../market/market.js";
import {
  type Enough,
  INVARIANT,
  type KrylovSpectrum,
  LOOKS,
  orthonormalize,
  start,
  weigh,
} from "./arnoldi.js";
import { symmetricRitzPairs } from "./ritz.js";

/** ⟨v_{j−1}, E v_j⟩ and ⟨E v_{j−1}, v_j⟩ that differ by more, beside ‖E v_j‖, show that E is not self-adjoint. */
const ASYMMETRY = 1e-8;
/**
 * Lanczos' method: Arnoldi's where E is self-adjoint in the inner product weighted by spending, as it is at the equilibrium of one
 * orchestrator (T3). Then E v_j is made of v_{j−1}, v_j and v_{j+1} alone, and a step costs the same however many were before. With
 * time rounding loses orthogonality to older ones, whereby eigenvalues that have converged are found again, but none that is not
 * there (C. C. Paige, J. Inst. Maths Applics 18 (1976) 341). Each step sees whether E is self-adjoint.
 *
 * @param most derivative products, at most
 * @returns null where E is not self-adjoint, or where Arnoldi's method returns null
 */
export async function lanczosSpectrum(
  market: Market<Float64Array>,
  q: Float64Array,
  most: number,
  enough: Enough,
): Promise<KrylovSpectrum | null> {
  if (!(await weigh(market, q))) return null;
  const v = market.adopt(start(await market.download(market.prices(q))));
  const vectors = [market.create(1), market.create(), v, market.create()];
  const found = await recurrence(market, q, vectors, most, enough);
  market.release(vectors);
  return found;
}

/** @param vectors 1, 0 and the start, and one to be written over */
async function recurrence(
  market: Market<Float64Array>,
  q: Float64Array,
  [ones, ...others]: readonly Float64Array[],
  most: number,
  enough: Enough,
): Promise<KrylovSpectrum | null> {
  const diagonal: number[] = [];
  const below: number[] = [];
  let [before, v, image] = others;
  let length = (await orthonormalize(market, v, [ones])).left;
  while (length > 0 && diagonal.length < most) {
    await market.derivative(q, v, image);
    // This is −E v_j, and v_{j+1} gets its sign, so that ⟨v_{j−1}, −E v_j⟩ ≥ 0: only the diagonal has to be turned.
    const [one, back, along, square] = await market.dots([ones, before, v, image], image);
    if (!(Math.abs(back - (below.at(-1) ?? 0)) <= ASYMMETRY * Math.sqrt(square))) return null;
    diagonal.push(-along);
    market.combine([1, -one, -back, -along], [image, ones, before, v], image);
    length = await unitLength(market, image, ones, Math.sqrt(square));
    below.push(length);
    [before, v, image] = [v, image, before];
    const look = LOOKS.has(diagonal.length) && length > 0;
    if (look && enough(symmetricRitzPairs(diagonal, below), diagonal.length)) break;
  }
  if (Number.isNaN(length)) return null;
  return { pairs: symmetricRitzPairs(diagonal, below), products: diagonal.length, invariant: length === 0 };
}

/**
 * Makes v a unit vector. What rounding has left in it of the constants goes, too: it would grow like the powers of E, and the 0 of
 * E 1 = 0 be found.
 *
 * @param whole the length of what v was split off from
 * @returns its length: 0 where it is rounding, NaN where v is not finite
 */
async function unitLength(
  market: Market<Float64Array>,
  v: Float64Array,
  ones: Float64Array,
  whole: number,
): Promise<number> {
  const [mean, square] = await market.dots([ones, v], v);
  const length = Math.sqrt(square);
  if (length <= INVARIANT * whole) return 0;
  market.combine([1 / length, -mean / length], [v, ones], v);
  return Number.isFinite(length) ? length : Number.NaN;
}
