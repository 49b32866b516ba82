import { leastSquares } from "./parts/least-squares.js";
import { descends, usable, walk } from "./parts/line-search.js";
import { evaluate, type Iterate, type Problem, type Solver } from "./solver.js";

export interface AndersonOptions {
  /** Number of differences kept, 1 … 20. */
  readonly memory?: number;
}

interface State<V> extends Iterate<V> {
  /** Differences of the last iterates and of their f, oldest first. */
  readonly dq: readonly V[];
  readonly df: readonly V[];
  /** ‖f‖ of the last ten iterates. */
  readonly norms: readonly number[];
  /** Fraction of λ the last plain step took. */
  readonly fraction: number;
}

/** Without a potential a step is accepted unless ‖f‖ exceeds this multiple of the best of the last ten (model.md section 5). */
const GROWTH = 10;

/**
 * Anderson acceleration of tâtonnement (D. G. Anderson, J. ACM 12 (1965) 547; type II): with differences ΔQ, ΔF
 *
 *     γ = argmin ‖f − ΔF γ‖ ,   q ← q + λ f − (ΔQ + λ ΔF) γ ,
 *
 * least squares in the inner product weighted by spending. Accepted by the potential where there is one, else while ‖f‖
 * does not explode; otherwise the history is dropped and a plain step of tâtonnement is made, which cannot fail where there is a potential.
 */
export function anderson<V>({ memory = 8 }: AndersonOptions = {}): Solver<V, State<V>> {
  return {
    name: "anderson",
    init: (_problem, at) => ({ ...at, dq: [], df: [], norms: [at.readout.norm], fraction: 1 }),
    async step(problem, state) {
      if (state.dq.length > 0) {
        const to = await accelerated(problem, state);
        if (to !== null) return remember(problem, state, to, memory);
      }
      const restart = { ...state, dq: [], df: [] };
      const { to, fraction } = await walk(problem, state, Math.min(1, 2 * state.fraction));
      const note = state.dq.length > 0 ? "accelerated step refused, history dropped" : undefined;
      return { ...remember(problem, restart, to, memory), fraction, note };
    },
  };
}

/** The accelerated point if it is acceptable, else null, with the market back at `state`. */
async function accelerated<V>(problem: Problem<V>, state: State<V>): Promise<Iterate<V> | null> {
  const { market, clip } = problem;
  const direction = market.create();
  await mix(problem, state, direction);
  const q = market.create();
  const fell = market.advance(state.q, direction, 1, clip, q);
  market.combine([1, -1], [q, state.q], direction);
  const slope = market.hints.potential ? await market.slope(direction) : 0;
  const to = await evaluate(market, q);
  if (usable(to.readout)) {
    const accepted = market.hints.potential
      ? descends(state.readout, to.readout, slope, await market.slope(direction))
      : to.readout.norm <= GROWTH * Math.min(...state.norms);
    if (accepted) return to;
  }
  if (fell) market.forgetFalls();
  await market.residual(state.q, state.f);
  return null;
}

/** Writes λ f − (ΔQ + λ ΔF) γ. */
async function mix<V>({ market, step }: Problem<V>, { f, dq, df }: State<V>, out: V): Promise<void> {
  market.reweigh();
  const gram = df.map(() => new Float64Array(df.length));
  for (const [i, column] of df.entries()) {
    (await market.dots(df.slice(0, i + 1), column)).forEach((product, j) => {
      gram[i][j] = product;
      gram[j][i] = product;
    });
  }
  const gamma = leastSquares(gram, await market.dots(df, f));
  market.combine([step, ...gamma.map((g) => -g), ...gamma.map((g) => -step * g)], [f, ...dq, ...df], out);
}

function remember<V>({ market }: Problem<V>, from: State<V>, to: Iterate<V>, memory: number): State<V> {
  const difference = (a: V, b: V): V => {
    const out = market.create();
    market.combine([1, -1], [a, b], out);
    return out;
  };
  return {
    ...to,
    dq: [...from.dq, difference(to.q, from.q)].slice(-memory),
    df: [...from.df, difference(to.f, from.f)].slice(-memory),
    norms: [...from.norms, to.readout.norm].slice(-10),
    fraction: 1,
  };
}
