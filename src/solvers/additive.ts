import { SHORTEST, usable } from "./parts/line-search.js";
import { evaluate, type Iterate, type Solver } from "./solver.js";

/**
 * The additive process of the paper, in H (model.md section 5): p ← Π(p + λ (p̄/S̄) z(p)). The step is halved while it
 * leads to prices at which some orchestrator cannot pay its floors.
 */
export function additive<V>(): Solver<V, Iterate<V>> {
  return {
    name: "additive",
    init: (_problem, at) => at,
    async step({ market, step }, state) {
      const q = market.create();
      for (let size = step; ; size /= 2) {
        market.advanceAdditive(state.q, size, q);
        const to = await evaluate(market, q);
        if (usable(to.readout)) return to;
        if (size < SHORTEST * step) return { ...to, stuck: true };
        // advanceAdditive works from the last residual: go back to the state's.
        await market.residual(state.q, state.f);
      }
    },
  };
}
