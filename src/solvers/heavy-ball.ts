import { multiple } from "../market/market.js";
import { usable, walk } from "./parts/line-search.js";
import { evaluate, type Iterate, type Problem, type Solver } from "./solver.js";

interface State<V> extends Iterate<V> {
  /** The last step, q − q before; null after a restart. */
  readonly momentum: V | null;
  /** Least ‖f‖ so far, and the steps since it last fell noticeably. */
  readonly best: number;
  readonly since: number;
  /** Most that λf may change a log price by at once. */
  readonly clip: number;
}

/** Heavy ball is not monotone, but ‖f‖ beyond this multiple of the best means that it has run away. */
const GROWTH = 30;
/** So many steps without a noticeably smaller ‖f‖ mean that far from equilibrium clipped steps chase one another. */
const PATIENCE = 10;
const NOTICEABLE = 0.9;
const FIRST_CLIP = 4;

/**
 * Polyak's heavy ball (USSR Comput. Math. Math. Phys. 4 (1964) 1) on f, q ← q + λ f + β (q − q before), with the parameters that
 * are best for a spectrum of E in [m, L] (T3, model.md section 6):
 *
 *     λ = 4/(√L + √m)² ,   β = ((√L − √m)/(√L + √m))² ,   rate (√L − √m)/(√L + √m) ,
 *
 * known from the data alone. λf is clipped; when ‖f‖ runs away, or does not fall, the momentum is dropped, the clip halved
 * and a step of tâtonnement made, with backtracking on the potential where there is one.
 */
export function heavyBall<V>(): Solver<V, State<V>> {
  return {
    name: "heavy-ball",
    init: (problem, at) => ({
      ...at,
      momentum: null,
      best: at.readout.norm,
      since: 0,
      clip: FIRST_CLIP,
      note:
        problem.interval === undefined ? "T3 does not apply: its interval is only a guess here" : undefined,
    }),
    async step(problem, state) {
      const to = state.since < PATIENCE ? await rolled(problem, state) : null;
      if (to !== null) return remember(problem, state, to);
      await problem.market.residual(state.q, state.f);
      const plain = await walk(problem, state, { direction: state.f, length: problem.step });
      const again = { ...state, since: 0, best: plain.to.readout.norm, clip: state.clip / 2 };
      return { ...remember(problem, again, plain.to), note: "momentum dropped" };
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
  const q = market.room();
  market.advance(state.q, multiple(step, state.f), state.clip, q);
  if (state.momentum !== null) market.combine([1, momentum], [q, state.momentum], q);
  market.normalize(q);
  const to = await evaluate(market, q);
  return usable(to.readout) && to.readout.norm <= GROWTH * state.best ? to : null;
}

function remember<V>({ market }: Problem<V>, from: State<V>, to: Iterate<V>): State<V> {
  const momentum = market.room();
  market.combine([1, -1], [to.q, from.q], momentum);
  const better = to.readout.norm < NOTICEABLE * from.best;
  const [best, since] = better ? [to.readout.norm, 0] : [from.best, from.since + 1];
  return { ...to, momentum, best, since, clip: from.clip };
}
