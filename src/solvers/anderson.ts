import { leastSquares } from "./parts/least-squares.js";
import { descends, RESOLUTION, SHORT, usable, walk } from "./parts/line-search.js";
import { evaluate, type Iterate, type Problem, type Solver } from "./solver.js";

export interface AndersonOptions {
  /** Number of differences kept, 1 … 60; default 8. */
  readonly memory?: number;
  /** What is accelerated: tâtonnement's step λf, or the nest-wise step P⁻¹f (model.md section 5). Default "nest-wise". */
  readonly process?: "tatonnement" | "nest-wise";
}

interface State<V> extends Iterate<V> {
  /** The step g of the process at q, λ included. */
  readonly g: V | null;
  /** Differences of the g of the last iterates, and the same plus those of the iterates, oldest first. */
  readonly dg: readonly V[];
  readonly dqg: readonly V[];
  /** ⟨dg_i, dg_j⟩ for j ≤ i in the inner product fixed when ‖f‖ was `weighed`; rows may lag behind `dg`. */
  readonly gram: readonly (readonly number[])[];
  readonly weighed: number;
  /** ‖f‖ of the last ten iterates. */
  readonly norms: readonly number[];
  /** Fraction of the process's step that the last plain step took. */
  readonly fraction: number;
}

/** Without a potential a step is accepted unless ‖f‖ exceeds this multiple of the best of the last ten (model.md section 5). */
const GROWTH = 10;
/** The nest-wise step is nearly Newton's: it may go farther at once than tâtonnement. */
const NEST_WISE_CLIP = 8;
/** Steps in which ‖f‖ should halve. */
const HALVES_IN = 4;
/** The inner product is fixed anew when ‖f‖ has fallen to this part of what it was: meanwhile a step adds one row of products. */
const REWEIGH = 0.1;
/** Weight of all prices alike beside spending in the least-squares problem. */
const EVENLY = 0.1;

/**
 * Anderson acceleration (D. G. Anderson, J. ACM 12 (1965) 547; type II) of a process q ← q + g(q): with differences ΔQ, ΔG
 *
 *     γ = argmin ‖g − ΔG γ‖ ,   q ← q + g − (ΔQ + ΔG) γ ,
 *
 * least squares in the inner product of the market. Accepted by the potential where there is one, else while ‖f‖
 * does not explode; otherwise the older half of the history is dropped and a plain step is made, along f when the process will not do,
 * which cannot fail where there is a potential.
 */
export function anderson<V>(options: AndersonOptions = {}): Solver<V, State<V>> {
  const { memory = 8, process = "nest-wise" } = options;
  const nestWise = process === "nest-wise";
  const own = (problem: Problem<V>): Problem<V> =>
    nestWise ? { ...problem, clip: NEST_WISE_CLIP } : problem;
  return {
    name: "anderson",
    init: (_problem, at) => ({
      ...at,
      g: null,
      dg: [],
      dqg: [],
      gram: [],
      weighed: Infinity,
      norms: [at.readout.norm],
      fraction: 1,
    }),
    async step(given, before) {
      const problem = own(given);
      const g = before.g ?? (await processStep(problem, before, nestWise));
      const state = await weighed(problem, refreshed({ ...before, g }));
      const accelerated = state.dg.length > 0 ? await accelerate(problem, state) : null;
      if (accelerated !== null) {
        return remember(
          problem,
          state,
          accelerated,
          await processStep(problem, accelerated, nestWise),
          memory,
        );
      }
      const { to, fraction } = await plainStep(given, problem, state);
      const next = await processStep(problem, to, nestWise);
      const note = state.dg.length > 0 ? "accelerated step refused, older history dropped" : undefined;
      return { ...remember(problem, withoutOlder(state), to, next, memory), fraction, note };
    },
  };
}

type Ready<V> = State<V> & { readonly g: V };

/** Drops the older half of the differences. */
function withoutOlder<V>(state: Ready<V>): Ready<V> {
  const half = Math.ceil(state.dg.length / 2);
  const gram = state.gram.slice(half).map((row) => row.slice(half));
  return { ...state, dg: state.dg.slice(half), dqg: state.dqg.slice(half), gram };
}

/** Differences from far away, where f bends, can hold the iteration where it is: when ‖f‖ no longer halves the older ones go. */
function refreshed<V>(state: Ready<V>): Ready<V> {
  const then = state.norms[state.norms.length - 1 - HALVES_IN];
  const stale = state.dg.length > HALVES_IN && state.readout.norm > then / 2;
  return stale ? { ...withoutOlder(state), norms: state.norms.slice(-1) } : state;
}

/** The process's whole step at the last residual: λf, or P⁻¹f. */
async function processStep<V>(
  { market, step }: Problem<V>,
  { f }: Iterate<V>,
  nestWise: boolean,
): Promise<V> {
  const g = market.room();
  if (nestWise) await market.precondition(f, g);
  else market.combine([step], [f], g);
  return g;
}

/** A step of the process, as long as the last one made room for; where it leads nowhere, one of tâtonnement. */
async function plainStep<V>(given: Problem<V>, problem: Problem<V>, state: Ready<V>) {
  const { market, step } = given;
  const part = Math.min(1, 2 * state.fraction);
  const ofProcess = await walk(problem, state, { direction: state.g, length: part, shortest: SHORT });
  if (!ofProcess.to.stuck) return { ...ofProcess, fraction: part * ofProcess.fraction };
  await market.residual(state.q, state.f);
  const { to } = await walk(given, state, { direction: state.f, length: step });
  return { to, fraction: 1 };
}

/** The accelerated point if it is acceptable, else null, with the market back at `state`. */
async function accelerate<V>(problem: Problem<V>, state: Ready<V>): Promise<Iterate<V> | null> {
  const { market, clip } = problem;
  const direction = market.room();
  await mix(problem, state, direction);
  const q = market.room();
  const fell = market.advance(state.q, direction, 1, clip, q);
  market.combine([1, -1], [q, state.q], direction);
  const slope = market.hints.potential ? await market.slope(direction) : 0;
  // No need to look where V goes up at once.
  const to = slope > RESOLUTION ? null : await evaluate(market, q);
  if (to !== null && usable(to.readout)) {
    const bounded = to.readout.norm <= GROWTH * Math.min(...state.norms);
    const accepted = market.hints.potential
      ? descends(state.readout, to.readout, slope, await market.slope(direction), bounded)
      : bounded;
    if (accepted) return to;
  }
  if (fell) market.forgetFalls();
  if (to !== null) await market.residual(state.q, state.f);
  return null;
}

/** Writes g − (ΔQ + ΔG) γ. */
async function mix<V>({ market }: Problem<V>, { g, dg, dqg, gram }: Ready<V>, out: V): Promise<void> {
  const full = gram.map((_, i) => Float64Array.from(gram, (_, j) => (j <= i ? gram[i][j] : gram[j][i])));
  const minus = leastSquares(full, await market.dots(dg, g)).map((x) => -x);
  market.combine([1, ...minus], [g, ...dqg], out);
}

/** The state with all of its Gram matrix: the last row, or every row when the inner product has been fixed anew. */
async function weighed<V>({ market }: Problem<V>, state: Ready<V>): Promise<Ready<V>> {
  const { dg, readout } = state;
  const anew = readout.norm < REWEIGH * state.weighed || state.gram.length + 1 < dg.length;
  if (anew) market.reweigh(EVENLY);
  const gram = anew ? [] : [...state.gram];
  for (let i = gram.length; i < dg.length; i++)
    gram.push([...(await market.dots(dg.slice(0, i + 1), dg[i]))]);
  return { ...state, gram, weighed: anew ? readout.norm : state.weighed };
}

function remember<V>({ market }: Problem<V>, from: Ready<V>, to: Iterate<V>, g: V, memory: number): State<V> {
  const [dg, dqg] = [market.room(), market.room()];
  market.combine([1, -1], [g, from.g], dg);
  market.combine([1, 1, -1], [dg, to.q, from.q], dqg);
  const over = Math.max(0, from.dg.length + 1 - memory);
  return {
    ...to,
    g,
    dg: [...from.dg, dg].slice(over),
    dqg: [...from.dqg, dqg].slice(over),
    gram: from.gram.slice(over).map((row) => row.slice(over)),
    weighed: from.weighed,
    norms: [...from.norms, to.readout.norm].slice(-10),
    fraction: 1,
  };
}
