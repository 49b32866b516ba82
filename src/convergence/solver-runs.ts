import type { Status } from "../core/status.js";
import type { Economy } from "../economy/economy.js";
import { ReferenceMarket } from "../market/reference.js";
import { solveLevel } from "../solve/level.js";
import { chooseSolver, type SolverName } from "../solve/options.js";
import { affordableStart } from "../solve/start.js";
import type { Solver } from "../solvers/solver.js";
import type { TraceRecord } from "../solvers/trace.js";

/** One solver from p = 1 until markets clear to the tolerance, or not. */
export interface SolverRun {
  readonly solver: SolverName;
  /** "solved" means that the loop saw the tolerance met; nothing else is asked here. */
  readonly status: Status;
  readonly steps: number;
  /** Residuals and Jacobian-vector products. */
  readonly evaluations: number;
  readonly seconds: number;
  /** Clearing at the start and of the best prices; null where it is no number. */
  readonly first: number | null;
  readonly last: number | null;
  /** Factor by which theory says a step of this solver shrinks the distance at last, where it says so. */
  readonly predicted_rate: number | null;
  /** log ε / log κ with that factor, ε = tolerance/first. */
  readonly predicted_steps: number | null;
}

export interface SolverRunOptions {
  readonly tolerance: number;
  readonly maxSteps: number;
  readonly signal?: AbortSignal;
}

/** Runs a solver as `solve` does on one grid, without its verifier. */
export async function runSolver(
  economy: Economy,
  solver: SolverName,
  predictedRate: number | null,
  { tolerance, maxSteps, signal }: SolverRunOptions,
): Promise<SolverRun> {
  const market = new ReferenceMarket(economy);
  const trace: TraceRecord[] = [];
  const { loop } = await solveLevel(market, chooseSolver(solver) as Solver<Float64Array>, economy, {
    step: market.hints.step,
    start: undefined,
    target: () => tolerance,
    tolerance,
    maxSteps,
    signal,
    onStep: (record) => trace.push(record),
  });
  const [first, last] = [trace[0], trace[trace.length - 1]];
  return {
    solver,
    status: loop.status,
    steps: loop.steps,
    evaluations: last.evaluations,
    seconds: last.seconds,
    first: finite(first.residual),
    last: finite(loop.residual),
    predicted_rate: predictedRate,
    predicted_steps: stepsFor(tolerance / first.residual, predictedRate),
  };
}

/** p = 1, or where floors cannot be paid there, prices near it at which they can, as `solve` starts. */
export function onesOf(economy: Economy): Float64Array {
  return affordableStart(economy, new Float64Array(economy.commodities.length * economy.grid.nodes).fill(1));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** A κ this close to 1 is 1 to rounding. */
const SHRINKS = 1e-9;

/** log ε / log κ, at least 0: steps in which a factor κ makes ε of something. Null where κ does not shrink. */
export function stepsFor(epsilon: number, kappa: number | null): number | null {
  if (kappa === null || !(kappa < 1 - SHRINKS) || !(epsilon > 0)) return null;
  return kappa <= 0 ? 1 : Math.max(0, Math.log(epsilon) / Math.log(kappa));
}
