import { type NewtonState, newtonKrylov } from "./newton-krylov.js";
import { type PathPoint, reweigh, solveOnPath, unit } from "./parts/path.js";
import { evaluate, type Iterate, type Problem, type Solver } from "./solver.js";

interface State<V> extends Iterate<V> {
  /** log t, 0 at the start. */
  readonly s: number;
  /** Direction of the path here, of length 1; null at the start. */
  readonly tangent: PathPoint<V> | null;
  /** Length of the next step along it. */
  readonly length: number;
  /** Newton's state once t is nearly 0; null on the path. */
  readonly end: NewtonState<V> | null;
  /** The path's last point and how far it is to be followed, should Newton's method not take over from there. */
  readonly from: { readonly q: V; readonly s: number; readonly until: number } | null;
}

/** Newton's method is tried from this t on, and, as often as it fails, from a tenth of it. */
const FIRST_END = Math.log(1e-3);
const LAST_END = Math.log(1e-12);
/** Newton's method has taken over while each of its steps leaves at most this of ‖f‖. */
const SHRINKS = 0.9;
const LATER = Math.log(10);
const FIRST_LENGTH = 0.1;
const LONGEST = 2;
const SHORTEST = 1e-7;
/** Newton steps of one correction; with this many the next step is as long, with fewer longer. */
const CORRECTIONS = 6;
const USUAL = 3;
/** ‖F‖ at which a point counts as on the path. */
const ON_PATH = 1e-5;

/**
 * Global Newton along the convex homotopy (model.md section 5; H. E. Scarf 1967 for the existence of the path, E. L. Allgower and K. Georg, Numerical
 * Continuation Methods, 1990, for following it): the economy is blended with a Cobb–Douglas trader who is alone in
 * equilibrium at the start (market/trader.ts); as his part t goes from 1 to 0 the equilibria form a path, followed by arclength in
 * (q, log t), so that it may turn in t and that goods which become free at t = 0 fall linearly. From any start it reaches an equilibrium of
 * a generic economy, tâtonnement's orbits or not. Near t = 0 Newton's method finishes.
 */
export function homotopy<V>(): Solver<V, State<V>> {
  const newton = newtonKrylov<V>();
  return {
    name: "homotopy",
    init(problem, at, previous) {
      const nothing = { s: 0, tangent: null, length: FIRST_LENGTH, end: null, from: null };
      const kept = previous ?? nothing;
      return { ...kept, ...at, end: kept.end === null ? null : newton.init(problem, at) };
    },
    async step(problem, state) {
      if (state.end === null) return follow(problem, state, newton);
      const end = await newton.step(problem, state.end);
      const stuck = end.stuck || end.failed || end.readout.norm > SHRINKS * state.readout.norm;
      return stuck ? back(problem, state, newton) : { ...state, ...bare(end), end };
    },
  };
}

/** One step along the path, shortened until the corrector finds it again. */
async function follow<V>(
  problem: Problem<V>,
  state: State<V>,
  newton: Solver<V, NewtonState<V>>,
): Promise<State<V>> {
  const { market } = problem;
  if (state.tangent === null) market.anchor();
  reweigh(market);
  const tangent = await tangentAt(problem, state);
  if (tangent === null) return { ...state, failed: "linear-solve-failed" };
  for (let { length } = state; length > SHORTEST; length /= 4) {
    const found = await correct(problem, state, tangent, length);
    if (found === null) {
      await market.residual(state.q, state.f);
      reweigh(market);
      continue;
    }
    const { at, s, corrections } = found;
    const stretch = corrections < USUAL ? 2 : corrections > USUAL ? 0.5 : 1;
    const next: State<V> = {
      ...state,
      ...bare(at),
      s,
      tangent,
      length: Math.min(LONGEST, stretch * length),
      note: `t = ${Math.exp(s).toExponential(1)}`,
    };
    const until = state.from?.until ?? FIRST_END;
    return s > until ? next : { ...next, from: { q: at.q, s, until }, end: newton.init(problem, at) };
  }
  return { ...state, stuck: true };
}

/** Direction of the path, the way it has come; downwards in t at the start. */
async function tangentAt<V>(
  { market }: Problem<V>,
  { q, s, tangent }: State<V>,
): Promise<PathPoint<V> | null> {
  const row = tangent ?? { q: market.create(), s: -1 };
  const solution = await solveOnPath(market, { q, s }, row, { q: market.create(), s: 1 }, 1e-3);
  return solution === null ? null : unit(market, solution.x);
}

/** Newton's corrector in the plane across the predicted point; null where it does not converge. */
async function correct<V>(
  { market }: Problem<V>,
  from: State<V>,
  tangent: PathPoint<V>,
  length: number,
): Promise<{ at: Iterate<V>; s: number; corrections: number } | null> {
  const q = market.create();
  market.combine([1, length], [from.q, tangent.q], q);
  let s = Math.min(0, from.s + length * tangent.s);
  let before = Infinity;
  for (let corrections = 0; corrections <= CORRECTIONS; corrections++) {
    const at = await evaluate(market, q);
    const F = market.create();
    await market.blend(Math.exp(s), F);
    const norm = Math.sqrt((await market.dots([F], F))[0]);
    if (!at.readout.finite || !(norm < before)) return null;
    if (norm < ON_PATH) {
      market.normalize(q);
      return { at, s, corrections };
    }
    const solution = await solveOnPath(market, { q, s }, tangent, { q: F, s: 0 }, 0.01);
    if (solution === null) return null;
    market.combine([1, 1], [q, solution.x.q], q);
    market.release([F, at.f, solution.x.q]);
    s = Math.min(0, s + solution.x.s);
    before = norm;
  }
  return null;
}

/** From where Newton's method did not take over the path is followed farther. */
async function back<V>(
  problem: Problem<V>,
  state: State<V>,
  newton: Solver<V, NewtonState<V>>,
): Promise<State<V>> {
  const { from } = state;
  if (from === null || from.until <= LAST_END) return { ...state, stuck: true };
  const at = await evaluate(problem.market, from.q);
  const until = from.until - LATER;
  return follow(problem, { ...state, ...bare(at), s: from.s, end: null, from: { ...from, until } }, newton);
}

/** An iterate and no more: what made it is not who goes on from it. */
function bare<V>({ q, f, readout }: Iterate<V>): Iterate<V> {
  return { q, f, readout };
}
