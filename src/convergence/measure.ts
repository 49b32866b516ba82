import { constantAt } from "../contraction/best-step.js";
import type { Economy } from "../economy/economy.js";
import { layOut } from "../market/layout.js";
import { SOLVER_NAMES, type SolverName } from "../solve/options.js";
import type { StartPrices } from "../solve/start.js";
import { MOST_PRICES } from "../solvers/simplicial.js";
import { candidates } from "./candidates.js";
import type { Convergence, MapMeasurement, Theory } from "./convergence.js";
import { equilibriumOf, type Point } from "./equilibrium.js";
import { measureMap } from "./map-measurement.js";
import { runSolver, type SolverRun } from "./solver-runs.js";
import { intervalOf, theoryOf } from "./theory.js";

export interface MeasureOptions {
  /** λ > 0 to measure the plain map at; default theory's, the best, and some around them. */
  readonly steps?: readonly number[];
  /** Default all of SOLVER_NAMES; the simplicial one where there are few enough prices for it. */
  readonly solvers?: readonly SolverName[];
  /** Clearing that the solvers are run to; default 1e-8. */
  readonly tolerance?: number;
  /** Of any solver; default 2000. */
  readonly maxSteps?: number;
  /** Of perturbations and sampled prices; default 0. */
  readonly seed?: number;
  /** Where to look for the equilibrium, of several; default p = 1. */
  readonly near?: StartPrices;
  /** Ends early: what has not been measured by then is missing, or says `cancelled`. */
  readonly signal?: AbortSignal;
}

/**
 * Measures how fast an economy's prices converge: plain tâtonnement near the equilibrium and from p = 1 for several λ, against
 * the bound, the local constant and T3's interval (model.md section 6); and every solver from p = 1. Goods that are free at the
 * equilibrium are taken out of the plain map, under which their prices would fall for ever. Nothing is drawn that a seed does not fix.
 */
export async function measureConvergence(
  economy: Economy,
  options: MeasureOptions = {},
): Promise<Convergence> {
  const { signal, tolerance = 1e-8, maxSteps = 2000 } = options;
  const { reached, solution, spectrum, point } = await equilibriumOf(economy, options.near, signal);
  const theory = theoryOf(economy, point && solution);
  const maps: MapMeasurement[] = [];
  for (const candidate of point === null ? [] : candidates(theory, spectrum, options.steps)) {
    if (signal?.aborted) break;
    maps.push(await measureMap(economy, theory, point as Point, candidate, options));
  }
  const solvers: SolverRun[] = [];
  for (const solver of options.solvers ?? solversFor(economy)) {
    if (signal?.aborted) break;
    const rate = predictedRate(solver, economy, theory, point);
    solvers.push(await runSolver(economy, solver, rate, { tolerance, maxSteps, signal }));
  }
  return {
    economy: economy.name,
    economy_sha256: economy.sha256,
    nodes: economy.grid.nodes,
    prices: point?.active.length ?? solution.prices.data.filter((p) => p > 0).length,
    theory,
    equilibrium: reached,
    spectrum,
    tolerance,
    maps,
    solvers,
  };
}

/** All of SOLVER_NAMES, but for the simplicial one where there are too many prices for it. */
function solversFor(economy: Economy): SolverName[] {
  const { size } = layOut(economy);
  return SOLVER_NAMES.filter((name) => name !== "simplicial" || size <= MOST_PRICES);
}

/** What the spectrum or T3 says of a solver's rate near the equilibrium; null where it says nothing. */
function predictedRate(
  solver: SolverName,
  economy: Economy,
  { step }: Theory,
  point: Point | null,
): number | null {
  // Before the solve T3 says nothing of an economy with floors, and heavy ball only guesses.
  if (solver === "heavy-ball") return intervalOf(economy).interval?.heavyBall.rate ?? null;
  const plain: Partial<Record<SolverName, number>> = { tatonnement: step, krasnoselskii: step / 2 };
  const own = plain[solver];
  return own === undefined || point === null ? null : constantAt(point.pairs, own);
}
