import type { Market } from "../../market/market.js";
import { gmres, type LinearSolution } from "./gmres.js";

/** Weight of all prices alike, beside spending, in the norm of the linear system. */
const EVENLY = 0.01;

/**
 * Newton's direction at the last residual, from the bordered system (E + 1·μ')d = f, E = −f'(q) (model.md section 5): E d = f alone is
 * singular (E·1 = 0) and, off equilibrium, inconsistent. μ is spending: for one consumer 1·μ' then takes away just the income effect and
 * leaves an operator that is self-adjoint at equilibrium. GMRES in the inner product of spending, preconditioned by the nest-wise step. The direction
 * is shifted to mean 0, since any constant part of it only changes the numeraire.
 *
 * @returns null when a derivative is not finite
 */
export async function newtonDirection<V>(
  market: Market<V>,
  q: V,
  f: V,
  tolerance: number,
  most: number,
): Promise<LinearSolution<V> | null> {
  market.reweigh(EVENLY);
  const ones = market.create(1);
  const mean = async (x: V): Promise<number> => (await market.dots([ones], x))[0] / (1 + EVENLY);
  const bordered = async (x: V, out: V): Promise<void> => {
    await market.derivative(q, x, out);
    market.combine([-1, await mean(x)], [out, ones], out);
  };
  const precondition = (x: V, out: V) => market.precondition(x, out);
  const solution = await gmres(market, bordered, precondition, f, tolerance, most);
  if (solution !== null) market.combine([1, -(await mean(solution.x))], [solution.x, ones], solution.x);
  market.release([ones]);
  return solution;
}
