import { walk } from "./parts/line-search.js";
import type { Iterate, Solver } from "./solver.js";

interface State<V> extends Iterate<V> {
  /** Fraction of λ that the last step took, in (0, 1]. */
  readonly fraction: number;
}

/**
 * Multiplicative tâtonnement q ← q + λ f(q) (model.md section 5): the plain map where T1 holds, elsewhere clipped, with
 * backtracking on the potential where there is one.
 */
export function tatonnement<V>(): Solver<V, State<V>> {
  return {
    name: "tatonnement",
    init: (_problem, at) => ({ ...at, fraction: 1 }),
    async step(problem, state) {
      const part = Math.min(1, 2 * state.fraction);
      const { to, fraction } = await walk(problem, state, {
        direction: state.f,
        length: part * problem.step,
      });
      return { ...to, fraction: part * fraction };
    },
  };
}
