import { multiple } from "../market/market.js";
import type { NewtonOptions } from "./newton-krylov.js";
import { deflationFactor } from "./parts/deflate.js";
import { forcingTerm } from "./parts/forcing.js";
import { usable } from "./parts/line-search.js";
import { newtonDirection } from "./parts/newton-direction.js";
import { evaluate, type Iterate, type Solver } from "./solver.js";

interface State<V> extends Iterate<V> {
  /** Forcing term of the next linear system, as in newton-krylov.ts. */
  readonly forcing: number;
}

/** Largest change of a log price in one step. */
const CLIP = 3;
const FIRST_FORCING = 0.1;
/** A step to where f is not defined is halved so often. */
const HALVINGS = 10;
const UNSOLVED = 0.9;

/**
 * Newton's method on a residual from which known equilibria have been divided out (parts/deflate.ts): started where Newton's
 * method leads to one of them it goes on to another, if it ends at all. Steps are clipped, and nothing makes ‖f‖ decrease:
 * between equilibria it must rise.
 *
 * @param known log prices of the equilibria that are not wanted again
 */
export function deflation<V>(known: readonly V[], { krylov = 60 }: NewtonOptions = {}): Solver<V, State<V>> {
  return {
    name: "deflation",
    init: (_problem, at) => ({ ...at, forcing: FIRST_FORCING }),
    async step({ market }, state) {
      const solution = await newtonDirection(market, state.q, state.f, state.forcing, krylov);
      if (solution === null || solution.residual > UNSOLVED)
        return { ...state, failed: "linear-solve-failed" };
      const factor = await deflationFactor(market, known, state.q, solution.x);
      const q = market.create();
      for (let length = factor, halvings = 0; halvings < HALVINGS; length /= 2, halvings++) {
        market.advance(state.q, multiple(length, solution.x), CLIP, q, false);
        const to = await evaluate(market, q);
        if (!usable(to.readout)) continue;
        return { ...to, forcing: forcingTerm(state.forcing, to.readout.norm / state.readout.norm) };
      }
      return { ...state, stuck: true };
    },
  };
}
