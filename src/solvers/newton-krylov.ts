import { forcingTerm } from "./parts/forcing.js";
import { RESOLUTION, SHORT, walk } from "./parts/line-search.js";
import { newtonDirection } from "./parts/newton-direction.js";
import type { Iterate, Problem, Solver } from "./solver.js";

export interface NewtonOptions {
  /** Most GMRES iterations of one linear solve, ≥ 1; default 60. */
  readonly krylov?: number;
}

export interface NewtonState<V> extends Iterate<V> {
  /** Forcing term η ∈ (0, 1): how closely the next linear system is to be solved. */
  readonly forcing: number;
}

/** A Newton step may go far at once, but not by more than this in any log price. */
const CLIP = 16;
/** A whole step or part of one. The direction knows how goods fall that nobody wants: their response is a column of E. */
const COURSE = { length: 1, normShrinks: true, shortest: SHORT, falls: false } as const;
const FIRST_FORCING = 0.1;
/** A Krylov space that leaves more than this of the right-hand side has not solved the system. */
const UNSOLVED = 0.9;

/**
 * Newton–Krylov (model.md section 5): E d = f, E = −f'(q), as the bordered system (E + 1·μ')d = f by GMRES with the nest-wise preconditioner, as
 * closely as Eisenstat and Walker's forcing term asks; the step is halved until V descends, or ‖f‖ where there is no potential; quadratic
 * near a regular equilibrium. Where the direction will not do, a nest-wise step is made, or one of tâtonnement. Ends as
 * `linear-solve-failed` when the system cannot be solved.
 */
export function newtonKrylov<V>({ krylov = 60 }: NewtonOptions = {}): Solver<V, NewtonState<V>> {
  return {
    name: "newton-krylov",
    init: (_problem, at) => ({ ...at, forcing: FIRST_FORCING }),
    async step(given, state) {
      const problem = { ...given, clip: CLIP };
      const { market } = problem;
      const solution = await newtonDirection(market, state.q, state.f, state.forcing, krylov);
      if (solution === null || solution.residual > UNSOLVED)
        return { ...state, failed: "linear-solve-failed" };
      const note = `${solution.iterations} products to ${solution.residual.toExponential(1)}`;
      const uphill = market.hints.potential && (await market.slope(solution.x)) > RESOLUTION;
      const newton = uphill ? null : await walk(problem, state, { ...COURSE, direction: solution.x });
      const to = newton === null || newton.to.stuck ? await otherwise(problem, given, state) : newton.to;
      const forcing = forcingTerm(state.forcing, to.readout.norm / state.readout.norm);
      return { ...to, forcing, note };
    },
  };
}

/** A nest-wise step; where that will not do either, one of tâtonnement. */
async function otherwise<V>(problem: Problem<V>, given: Problem<V>, state: Iterate<V>): Promise<Iterate<V>> {
  const { market } = problem;
  await market.residual(state.q, state.f);
  const direction = market.room();
  await market.precondition(state.f, direction);
  const nestWise = await walk(problem, state, { ...COURSE, falls: true, direction });
  if (!nestWise.to.stuck) return nestWise.to;
  await market.residual(state.q, state.f);
  const shortest = market.hints.potential ? undefined : SHORT;
  const course = { direction: state.f, length: given.step, normShrinks: true, shortest };
  return (await walk(given, state, course)).to;
}
