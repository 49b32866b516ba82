import { walk } from "./parts/line-search.js";
import type { Iterate, Solver } from "./solver.js";

export interface KrasnoselskiiOptions {
  /** α ∈ (0, 1): the weight of the map's image in the average. */
  readonly weight?: number;
}

/**
 * Krasnoselskii–Mann iteration q ← (1 − α) q + α T_λ(q) of the multiplicative map T_λ (M. A. Krasnoselskii, Usp. Mat. Nauk
 * 10 (1955) 123; W. R. Mann, Proc. AMS 4 (1953) 506): it converges where T_λ is only non-expansive, such as at the
 * edge of stability where tâtonnement itself oscillates for ever. Clipped and backtracked as tâtonnement is.
 */
export function krasnoselskii<V>({ weight = 0.5 }: KrasnoselskiiOptions = {}): Solver<V, Iterate<V>> {
  if (!(weight > 0 && weight < 1)) throw new RangeError(`weight is ${weight}; it lies between 0 and 1`);
  return {
    name: "krasnoselskii",
    init: (_problem, at) => at,
    step: async (problem, state) =>
      (await walk(problem, state, { direction: state.f, length: weight * problem.step })).to,
  };
}
