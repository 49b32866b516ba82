import type { Sum } from "../market/market.js";
import { leastSquares } from "./parts/least-squares.js";
import { resolvedChange, SHORT, shrinks, usable, walk } from "./parts/line-search.js";
import { evaluate, type Iterate, type Problem, type Solver } from "./solver.js";

export interface AndersonOptions {
  /** Number of differences kept, 1 … 60; default 8. */
  readonly memory?: number;
  /** What is accelerated: tâtonnement's step λf, or the nest-wise step P⁻¹f (model.md section 5). Default "nest-wise". */
  readonly process?: "tatonnement" | "nest-wise";
}

interface State<V> extends Iterate<V> {
  /** The step of the process at q over its `scale`: f and λ, or P⁻¹f and 1. */
  readonly g: V | null;
  /** Differences ΔG of the g of the last iterates, and ΔQ + scale ΔG, oldest first. */
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
      const state = refreshed({ ...before, g, scale: nestWise ? 1 : problem.step });
      const accelerated = state.dg.length > 0 ? await accelerate(problem, state) : null;
      if (accelerated?.to != null) {
        const { to, weighed } = accelerated;
        return remember(problem, weighed, to, await processStep(problem, to, nestWise), memory);
      }
      const { to, fraction } = await plainStep(given, problem, state);
      const next = await processStep(problem, to, nestWise);
      const note = accelerated === null ? undefined : "accelerated step refused, older history dropped";
      const from = withoutOlder(accelerated?.weighed ?? state);
      return { ...remember(problem, from, to, next, memory), fraction, note };
    },
  };
}

type Ready<V> = State<V> & { readonly g: V; readonly scale: number };

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

/** The process's whole step at the last residual over its scale: f, or P⁻¹f. */
async function processStep<V>({ market }: Problem<V>, { f }: Iterate<V>, nestWise: boolean): Promise<V> {
  if (!nestWise) return f;
  const g = market.room();
  await market.precondition(f, g);
  return g;
}

/** A step of the process, as long as the last one made room for; where it leads nowhere, one of tâtonnement. */
async function plainStep<V>(given: Problem<V>, problem: Problem<V>, state: Ready<V>) {
  const { market, step } = given;
  const part = Math.min(1, 2 * state.fraction);
  const course = { direction: state.g, length: part * state.scale, shortest: SHORT };
  const ofProcess = await walk(problem, state, course);
  if (!ofProcess.to.stuck) return { ...ofProcess, fraction: part * ofProcess.fraction };
  await market.residual(state.q, state.f);
  const { to } = await walk(given, state, { direction: state.f, length: step });
  return { to, fraction: 1 };
}

/** The accelerated point if it is acceptable, else null, with the market back at `state`. */
async function accelerate<V>(
  problem: Problem<V>,
  before: Ready<V>,
): Promise<{ readonly to: Iterate<V> | null; readonly weighed: Ready<V> }> {
  const { market, clip } = problem;
  const { state, direction } = await mix(problem, before);
  const q = market.room();
  const fell = market.advance(state.q, direction, clip, q);
  const to = await evaluate(market, q);
  if (isAccepted(problem, state, to)) return { to, weighed: state };
  if (fell) market.forgetFalls();
  await market.residual(state.q, state.f);
  return { to: null, weighed: state };
}

/** Down the potential where there is one and it tells, else while ‖f‖ does not explode. */
function isAccepted<V>({ market }: Problem<V>, { readout, norms }: Ready<V>, to: Iterate<V>): boolean {
  if (!usable(to.readout)) return false;
  const bounded = to.readout.norm <= GROWTH * Math.min(...norms);
  if (!market.hints.potential) return bounded;
  const change = resolvedChange(readout, to.readout, market.hints.resolution);
  return change === null ? bounded || shrinks(readout, to.readout) : change < 0;
}

/**
 * The step scale g − (ΔQ + scale ΔG) γ, and the state with all of its Gram matrix: the last row of it is new, or every row when the inner
 * product has been fixed anew.
 */
async function mix<V>(
  { market }: Problem<V>,
  before: Ready<V>,
): Promise<{ readonly state: Ready<V>; readonly direction: Sum<V> }> {
  const { dg, dqg, g, scale, readout } = before;
  const m = dg.length;
  const anew = readout.norm < REWEIGH * before.weighed || before.gram.length + 1 < m;
  if (anew) market.reweigh(EVENLY);
  const known = anew ? [] : before.gram.slice(0, m);
  const products = await market.dots(dg, ...dg.slice(known.length), g);
  const row = (k: number) => products.subarray(k * m, (k + 1) * m);
  const gram = [
    ...known,
    ...dg.slice(known.length).map((_, k) => [...row(k)].slice(0, known.length + k + 1)),
  ];
  const full = gram.map((_, i) => Float64Array.from(gram, (_, j) => (j <= i ? gram[i][j] : gram[j][i])));
  const minus = leastSquares(full, row(m - known.length)).map((x) => -x);
  return {
    state: { ...before, gram, weighed: anew ? readout.norm : before.weighed },
    direction: { coefficients: [scale, ...minus], vectors: [g, ...dqg] },
  };
}

function remember<V>({ market }: Problem<V>, from: Ready<V>, to: Iterate<V>, g: V, memory: number): State<V> {
  const [dg, dqg] = [market.room(), market.room()];
  market.combine([1, -1], [g, from.g], dg);
  // Prices up to a factor: what a step leaves of the level would be mixed, too, and no residual would ever see it.
  const risen = to.readout.level - from.readout.level;
  market.combine([from.scale, 1, -1], [dg, to.q, from.q], dqg, Number.isFinite(risen) ? risen : 0);
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
