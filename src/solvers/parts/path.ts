import type { Market } from "../../market/market.js";
import { gmres, type LinearSolution, type Space } from "./gmres.js";

/** A point, or a direction, of the homotopy: log prices and s = log t. */
export interface PathPoint<V> {
  readonly q: V;
  readonly s: number;
}

/** Weight of all prices alike, beside spending, in the norm along the path. */
const EVENLY = 0.1;
const KRYLOV = 120;

/** Log prices and s as one space: the market's inner product plus that of s. */
function product<V>(market: Market<V>): Space<PathPoint<V>> {
  return {
    create: () => ({ q: market.create(), s: 0 }),
    release: (points) => market.release(points.map(({ q }) => q)),
    async dots(points, to) {
      const dots = await market.dots(
        points.map(({ q }) => q),
        to.q,
      );
      return dots.map((dot, i) => dot + points[i].s * to.s);
    },
    combine(coefficients, points, out) {
      market.combine(
        coefficients,
        points.map(({ q }) => q),
        out.q,
      );
      Object.assign(out, { s: points.reduce((sum, { s }, i) => sum + coefficients[i] * s, 0) });
    },
  };
}

/**
 * Solves along the path of the convex homotopy F(q, s) = log D_t − log S_t = 0, t = e^s, at the last residual: the augmented system
 *
 *     −F_q dq − F_s ds + 1·(μ'dq) = b_q ,   ⟨row, (dq, ds)⟩ = b_s ,
 *
 * regular also where the path turns in t. GMRES with the nest-wise step, blended with the trader's own, as preconditioner.
 *
 * @returns null when a derivative is not finite
 */
export async function solveOnPath<V>(
  market: Market<V>,
  { q, s }: PathPoint<V>,
  row: PathPoint<V>,
  right: PathPoint<V>,
  tolerance: number,
): Promise<LinearSolution<PathPoint<V>> | null> {
  const t = Math.exp(s);
  const ones = market.create(1);
  const space = product(market);
  const apply = async (x: PathPoint<V>, out: PathPoint<V>): Promise<void> => {
    await market.blendDerivative(q, t, x.q, t * x.s, out.q);
    const [mean] = await market.dots([ones], x.q);
    market.combine([-1, mean], [out.q, ones], out.q);
    Object.assign(out, { s: (await space.dots([row], x))[0] });
  };
  const precondition = async (x: PathPoint<V>, out: PathPoint<V>): Promise<void> => {
    await market.precondition(x.q, out.q);
    market.combine([1 - t, t], [out.q, x.q], out.q);
    Object.assign(out, { s: x.s });
  };
  const solution = await gmres(space, apply, precondition, right, tolerance, KRYLOV);
  market.release([ones]);
  return solution;
}

/** Length of a direction, and the direction of length 1, in the inner product at the last residual. */
export async function unit<V>(market: Market<V>, direction: PathPoint<V>): Promise<PathPoint<V>> {
  const ones = market.create(1);
  const space = product(market);
  const [mean] = await market.dots([ones], direction.q);
  const q = market.create();
  market.combine([1, -mean / (1 + EVENLY)], [direction.q, ones], q);
  const centred = { q, s: direction.s };
  const length = Math.sqrt((await space.dots([centred], centred))[0]);
  space.combine([1 / length], [centred], centred);
  market.release([ones]);
  return centred;
}

/** The inner product along the path becomes that of the last residual. */
export function reweigh<V>(market: Market<V>): void {
  market.reweigh(EVENLY);
}
