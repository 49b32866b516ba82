import type { Backend } from "../backends/registry.js";
import type { Verification } from "../certificates/verify.js";
import type { Status } from "../core/status.js";
import { VERSION } from "../core/version.js";
import type { Economy } from "../economy/economy.js";
import type { Market } from "../market/market.js";
import type { LoopResult } from "../solvers/loop.js";
import { hostArray } from "../time/host-array.js";
import type { Climbed } from "./account.js";
import { certificationOf } from "./certification.js";
import { messageFor } from "./messages.js";
import type { Solution } from "./solution.js";

/** How a solve was made. */
export interface How {
  /** The solver's name. */
  readonly solver: string;
  readonly backend: Pick<Backend, "name" | "precision">;
  /** λ. */
  readonly step: number;
  readonly tolerance: number;
  readonly seed: number;
  /** The market, if it is still open (certification.ts). */
  readonly market?: Market<Float64Array>;
}

/** What a solve came to. */
export interface Outcome extends Pick<Climbed, "steps" | "evaluations" | "trace"> {
  /** At the end; its trace is what the rate is observed on. */
  readonly loop: LoopResult;
  /** What to say instead of what is usually said of the status. */
  readonly message?: string;
}

/**
 * The solver aims below the tolerance, since prices are less well determined than excess demand: osc(log p − log p*) is
 * up to osc(f)/σ_0 under T1, and tens of times osc(f) in Kehoe's economy. Not below what rounding lets every economy reach.
 */
const RESERVE = 1e-3;
const REACHABLE = 1e-12;

/** The clearing that a solver aims at, to have every item of the certificate within the tolerance. */
export function targetFor(tolerance: number): number {
  return Math.min(tolerance, Math.max(REACHABLE, RESERVE * tolerance));
}

/**
 * Has the prices verified, whatever the solver says of them.
 *
 * @param seconds that the solve has taken so far; the verifier's are added
 */
export async function conclude(
  economy: Economy,
  { loop, message, steps, evaluations, trace }: Outcome,
  { solver, backend, step, tolerance, seed, market }: How,
  seconds: number,
): Promise<Solution> {
  const began = performance.now();
  const residuals = loop.trace.map(({ residual }) => residual);
  const verification = await certificationOf(economy, loop.prices, step, residuals, market);
  const status = verdict(loop.status, economy, verification, tolerance);
  const all = { ...loop, steps };
  return {
    economy,
    status,
    message: message ?? messageFor(status, all, economy, verification, { solver, tolerance }),
    solver,
    backend: backend.name,
    precision: backend.precision,
    version: VERSION,
    steps,
    evaluations,
    seconds: seconds + (performance.now() - began) / 1000,
    seed,
    tolerance,
    prices: hostArray(loop.prices, [economy.commodities.length, economy.grid.nodes]),
    plans: verification.plans,
    certificate: verification.certificate,
    trace,
  };
}

/**
 * `solved` is said only when the verifier agrees; and where a set is left unsmoothed, prices that wind are prices that jump
 * to and fro over a tie: `stalled` (formats.md).
 */
function verdict(status: Status, economy: Economy, verification: Verification, tolerance: number): Status {
  if (status === "solved" && verification.failures(tolerance).length > 0) return "uncertified";
  const jumps = economy.agents.some(({ set }) => set.theory?.jumps);
  return status === "cycling" && jumps ? "stalled" : status;
}
