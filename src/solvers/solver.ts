import type { Status } from "../core/status.js";
import type { Awaitable, Market, Readout } from "../market/market.js";

/** What a solver works on: vectors, a residual and a few hints, never an economy (architecture.md). */
export interface Problem<V = unknown> {
  readonly market: Market<V>;
  /** λ > 0. */
  readonly step: number;
  /** Largest change of a log price in one step; Infinity where T1 holds (model.md section 5). */
  readonly clip: number;
  /** What is known of the spectrum of E at equilibrium before the solve (T3, model.md section 6). */
  readonly interval?: { readonly least: number; readonly largest: number };
  /** Most steps of the whole solve, which a solver made of several may share out. */
  readonly maxSteps?: number;
}

/** An evaluated point: q, f(q) and its reductions. */
export interface Iterate<V = unknown> {
  readonly q: V;
  readonly f: V;
  readonly readout: Readout;
  /** For the trace: who made this step, when it is not the solver itself, and what changed. */
  readonly by?: string;
  readonly note?: string;
  /** No step of any length was acceptable: the solve is stalled here. */
  readonly stuck?: boolean;
  /** What made it impossible to go on from here. */
  readonly failed?: Status;
}

/** An algorithm: where to begin and what to do next. The loop does everything else. */
export interface Solver<V = unknown, S extends Iterate<V> = Iterate<V>> {
  readonly name: string;
  /** Begins at an evaluated point; `previous` is given when the market changed under a running solve (freed commodities). */
  init(problem: Problem<V>, at: Iterate<V>, previous?: S): S;
  step(problem: Problem<V>, state: S): Awaitable<S>;
  /** What to do instead of ending with `verdict`, from the best iterate; null to end. */
  recover?(problem: Problem<V>, state: S, best: Iterate<V>, verdict: Status): Awaitable<S | null>;
}

/** Evaluates f at q. */
export async function evaluate<V>(market: Market<V>, q: V, f: V = market.room()): Promise<Iterate<V>> {
  return { q, f, readout: await market.residual(q, f) };
}
