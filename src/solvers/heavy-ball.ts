import { usable, walk } from "./parts/line-search.js";
import { evaluate, type Iterate, type Problem, type Solver } from "./solver.js";

interface State<V> extends Iterate<V> {
  /** The last step, q − q before; null after a restart. */
  readonly momentum: V | null;
  /** ‖f‖ of the last ten iterates. */
  readonly norms: readonly number[];
}

/** Heavy ball is not monotone, but ‖f‖ beyond this multiple of the best of the last ten means that it has run away. */
const GROWTH = 10;
/** Most that λf may change a log price by at once. */
const CLIP = 4;

/**
 * Polyak's heavy ball (USSR Comput. Math. Math. Phys. 4 (1964) 1) on f, q ← q + λ f + β (q − q before), with the parameters that
 * are best for a spectrum of E in [m, L] (T3, model.md section 6):
 *
 *     λ = 4/(√L + √m)² ,   β = ((√L − √m)/(√L + √m))² ,   rate (√L − √m)/(√L + √m) ,
 *
 * known from the data alone. λf is clipped as tâtonnement's step is; when ‖f‖ runs away the momentum is dropped
 * and a step of tâtonnement made, with backtracking on the potential where there is one.
 */
export function heavyBall<V>(): Solver<V, State<V>> {
  return {
    name: "heavy-ball",
    init: (problem, at) => ({
      ...at,
      momentum: null,
      norms: [at.readout.norm],
      note:
        problem.interval === undefined ? "T3 does not apply: its interval is only a guess here" : undefined,
    }),
    async step(problem, state) {
      const to = await rolled(problem, state);
      if (to !== null) return remember(problem, state, to);
      await problem.market.residual(state.q, state.f);
      const plain = await walk(problem, state, { direction: state.f, length: problem.step });
      return {
        ...remember(problem, state, plain.to),
        norms: [plain.to.readout.norm],
        note: "momentum dropped",
      };
    },
  };
}

/** λ and β for the problem's interval; without one [λ's inverse divided by a hundred, λ's inverse] stands for it. */
function parameters({ interval, step }: Problem): { readonly step: number; readonly momentum: number } {
  const { least: m, largest: L } = interval ?? { least: 0.01 / step, largest: 1 / step };
  const sum = Math.sqrt(L) + Math.sqrt(m);
  return { step: 4 / sum ** 2, momentum: ((Math.sqrt(L) - Math.sqrt(m)) / sum) ** 2 };
}

/** The next iterate, or null where it may not be. */
async function rolled<V>(problem: Problem<V>, state: State<V>): Promise<Iterate<V> | null> {
  const { market } = problem;
  const { step, momentum } = parameters(problem);
  const q = market.create();
  market.advance(state.q, state.f, step, CLIP, q);
  if (state.momentum !== null) market.combine([1, momentum], [q, state.momentum], q);
  market.normalize(q);
  const to = await evaluate(market, q);
  return usable(to.readout) && to.readout.norm <= GROWTH * Math.min(...state.norms) ? to : null;
}

function remember<V>({ market }: Problem<V>, from: State<V>, to: Iterate<V>): State<V> {
  const momentum = market.create();
  market.combine([1, -1], [to.q, from.q], momentum);
  return { ...to, momentum, norms: [...from.norms, to.readout.norm].slice(-10) };
}
