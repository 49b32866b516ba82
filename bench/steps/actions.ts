import type { Market } from "../../src/market/market.js";
import { type AndersonOptions, anderson } from "../../src/solvers/anderson.js";
import { reachable } from "../../src/solvers/parts/vectors.js";
import { evaluate, type Problem } from "../../src/solvers/solver.js";

/** Does the same every time, and can be done for ever. */
export type Action = () => unknown;

/** Something to be timed: a name, and what to do with a market of which nobody holds a vector. */
export interface Timed {
  readonly name: string;
  readonly prepare: <V>(market: Market<V>) => Promise<Action>;
}

export const EVALUATION = "evaluation of f";

export const TIMED: readonly Timed[] = [
  {
    name: EVALUATION,
    async prepare(market) {
      const [q, f] = [startOf(market), market.room()];
      return () => market.residual(q, f);
    },
  },
  {
    name: "derivative product",
    async prepare(market) {
      const [q, f, g] = [startOf(market), market.room(), market.room()];
      await market.residual(q, f);
      return () => market.derivative(q, f, g);
    },
  },
  {
    name: "Anderson(5) step, tâtonnement",
    prepare: (market) => repeatedStep(market, { memory: 5, process: "tatonnement" }),
  },
  {
    name: "Anderson(8) step, nest-wise",
    prepare: (market) => repeatedStep(market, { memory: 8, process: "nest-wise" }),
  },
];

/** Log prices a little off p = 1. */
function startOf<V>(market: Market<V>): V {
  const entries = market.shape[0] * market.shape[1];
  return market.adopt(Float64Array.from({ length: entries }, (_, i) => 0.1 * Math.sin(i)));
}

/** Steps after the history is full, at least and at most: what is timed is no step of the beginning. */
const [BEYOND, FARTHEST] = [2, 10];
/** Where ‖f‖ has fallen to this part of what it was, the step fixes the inner product anew (solvers/anderson.ts): most do not. */
const REWEIGHED = 0.1;

/** One step of Anderson's method over and over, from the same state: with a full history and an inner product that the step keeps. */
async function repeatedStep<V>(
  market: Market<V>,
  options: AndersonOptions & { readonly memory: number },
): Promise<Action> {
  const solver = anderson<V>(options);
  const problem: Problem<V> = { market, step: market.hints.step, clip: 1 };
  let state = solver.init(problem, await evaluate(market, market.create()));
  // What the loop does between two steps.
  const tidy = () => market.recycle(reachable([state]));
  const reweighs = () => state.readout.norm < REWEIGHED * state.weighed;
  for (let k = 0; k < options.memory + (reweighs() ? FARTHEST : BEYOND); k++) {
    state = await solver.step(problem, state);
    tidy();
  }
  return async () => {
    await solver.step(problem, state);
    tidy();
  };
}
