import { type Backend, openMarket } from "../backends/registry.js";
import { InputError } from "../core/errors.js";
import { VERSION } from "../core/version.js";
import type { Economy } from "../economy/economy.js";
import type { Market } from "../market/market.js";
import type { RunMemory } from "../solvers/loop.js";
import { MOST_PRICES } from "../solvers/simplicial.js";
import type { Solver } from "../solvers/solver.js";
import type { TraceRecord } from "../solvers/trace.js";
import type { Climbed } from "./account.js";
import { type Binding, bindingOf, CHECKPOINT_FORMAT, checkBinding } from "./checkpoint.js";
import { conclude, targetFor } from "./conclude.js";
import { climb, coarserGrids, type Mark, type SolveOn } from "./ladder.js";
import { solveLevel } from "./level.js";
import { Markets } from "./markets.js";
import { checkOptions, chooseSolver, type SolveOptions, TOLERANCE } from "./options.js";
import { polished, SINGLE } from "./polish.js";
import type { Solution } from "./solution.js";

/** Steps of `auto` from a start that came of coarser grids, after which it has led astray; plain processes come closer at every step. */
const PATIENCE = 200;

/**
 * Computes an equilibrium (model.md sections 4 and 5) and has it verified (section 7).
 *
 * @returns a Solution with a named status and the best iterate, whatever happened; `solved` only if the verifier agrees.
 * @throws InputError on options out of range or a start that does not fit; BackendUnavailableError
 */
export async function solve(economy: Economy, options: SolveOptions = {}): Promise<Solution> {
  checkOptions(options);
  const began = performance.now();
  const { threads, precision, tolerance = TOLERANCE, seed = 0 } = options;
  const solver = chooseSolver(options.solver);
  const { backend, market } = openMarket(options.backend ?? "auto", economy, { threads, precision });
  if (solver.name === "simplicial") refuseLarge(market.hints.size);
  const step = options.step ?? market.hints.step;
  const how = { solver: solver.name, backend: backend.name, step, tolerance, version: VERSION };
  const binding = bindingOf(economy, how);
  if (options.resume !== undefined) checkBinding(options.resume, binding);
  const markets = new Markets(economy, backend, market, threads);
  try {
    const { level, ...sums } = await run(markets, solver, economy, binding, backend, options);
    const seconds = (performance.now() - began) / 1000;
    const reached = {
      name: backend.name,
      precision: tolerance < SINGLE ? "float64" : backend.precision,
    } as const;
    const last = { ...how, backend: reached, seed, market: markets.doubleOf(economy) };
    return await conclude(economy, { ...level, ...sums }, last, seconds);
  } finally {
    markets.dispose();
  }
}

/** Throws InputError for more prices than a triangulation is good for. */
function refuseLarge(size: number): void {
  if (size <= MOST_PRICES) return;
  const expected = `at most ${MOST_PRICES} for the simplicial solver; --solver auto takes any number`;
  throw new InputError("the options of solve", [{ path: "solver", found: `${size} prices`, expected }]);
}

/** Solves on the ladder of grids that the economy has, or on its own alone. */
function run(
  markets: Markets,
  solver: Solver,
  economy: Economy,
  binding: Binding,
  backend: Backend,
  options: SolveOptions,
): Promise<Climbed> {
  const { tolerance } = binding;
  const { start, checkpoint, resume, onStep, signal, maxSteps = 10_000, ladder = true } = options;
  const climbs = resume === undefined ? ladder && start === undefined : resume.mark !== undefined;
  const coarser = climbs ? coarserGrids(economy, maxSteps) : [];
  const save = (memory: RunMemory, mark: Mark): void =>
    checkpoint?.save({
      format: CHECKPOINT_FORMAT,
      binding,
      run: memory,
      ...(coarser.length > 0 ? { mark } : {}),
    });
  const patience = solver.name === "auto" ? PATIENCE : maxSteps;
  const asked = {
    start,
    maxSteps,
    patience,
    target: targetFor(tolerance),
    tolerance,
    onStep: onStep && ((record: TraceRecord) => onStep(record, economy)),
    signal,
    save: checkpoint && save,
    resume,
  };
  const solveBy =
    (open: (grid: Economy) => Market): SolveOn =>
    (grid, { save: keep, ...level }) => {
      const here = open(grid);
      const step = options.step ?? here.hints.step;
      const interval = checkpoint?.interval ?? 10;
      return solveLevel(here, solver, grid, {
        ...level,
        step,
        signal,
        checkpoint: keep && { save: keep, interval },
      });
    };
  const own = solveBy((grid) => markets.open(grid));
  const double = solveBy((grid) => markets.openDouble(grid));
  return climb(economy, coarser, asked, backend.precision === "float32" ? polished(own, double) : own);
}
