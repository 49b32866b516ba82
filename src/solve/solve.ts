import { type Backend, openMarket } from "../backends/registry.js";
import type { Verification } from "../certificates/verify.js";
import { InputError } from "../core/errors.js";
import type { Status } from "../core/status.js";
import { VERSION } from "../core/version.js";
import type { Economy } from "../economy/economy.js";
import type { Market } from "../market/market.js";
import type { RunMemory } from "../solvers/loop.js";
import { MOST_PRICES } from "../solvers/simplicial.js";
import type { Solver } from "../solvers/solver.js";
import { hostArray } from "../time/host-array.js";
import type { Climbed } from "./account.js";
import { certificationOf } from "./certification.js";
import { type Binding, bindingOf, CHECKPOINT_FORMAT, checkBinding } from "./checkpoint.js";
import { climb, coarserGrids, type Mark } from "./ladder.js";
import { solveLevel } from "./level.js";
import { messageFor } from "./messages.js";
import { checkOptions, chooseSolver, type SolveOptions } from "./options.js";
import type { Solution } from "./solution.js";

/**
 * The solver aims below the tolerance, since prices are less well determined than excess demand: osc(log p − log p*) is
 * up to osc(f)/σ_0 under T1, and tens of times osc(f) in Kehoe's economy. Not below what rounding lets every economy reach.
 */
const RESERVE = 1e-3;
const REACHABLE = 1e-12;
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
  const tolerance = options.tolerance ?? 1e-8;
  const solver = chooseSolver(options.solver);
  const { threads } = options;
  const { backend, market } = openMarket(options.backend ?? "auto", economy, { threads });
  if (solver.name === "simplicial") refuseLarge(market.hints.size);
  const step = options.step ?? market.hints.step;
  const how = { solver: solver.name, backend: backend.name, step, tolerance, version: VERSION };
  const binding = bindingOf(economy, how);
  if (options.resume !== undefined) checkBinding(options.resume, binding);
  const { level, steps, evaluations, trace } = await run(market, solver, economy, binding, backend, options);
  const loop = { ...level.loop, steps };
  const verification = await certificationOf(
    economy,
    loop.prices,
    step,
    loop.trace.map(({ residual }) => residual),
  );
  const status = verdict(loop.status, economy, verification, tolerance);
  return {
    economy,
    status,
    message: level.message ?? messageFor(status, loop, economy, verification, how),
    solver: solver.name,
    backend: backend.name,
    precision: backend.precision,
    version: VERSION,
    steps,
    evaluations,
    seconds: (performance.now() - began) / 1000,
    seed: options.seed ?? 0,
    tolerance,
    prices: hostArray(loop.prices, [economy.commodities.length, economy.grid.nodes]),
    plans: verification.plans,
    certificate: verification.certificate,
    trace,
  };
}

/** Throws InputError for more prices than a triangulation is good for. */
function refuseLarge(size: number): void {
  if (size <= MOST_PRICES) return;
  const expected = `at most ${MOST_PRICES} for the simplicial solver; --solver auto takes any number`;
  throw new InputError("the options of solve", [{ path: "solver", found: `${size} prices`, expected }]);
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

/** Solves on the ladder of grids that the economy has, or on its own alone; `market` is the first solve's on that. */
function run<V>(
  market: Market<V>,
  solver: Solver<V>,
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
  const target = Math.min(tolerance, Math.max(REACHABLE, RESERVE * tolerance));
  const patience = solver.name === "auto" ? PATIENCE : maxSteps;
  const asked = {
    start,
    maxSteps,
    patience,
    target,
    tolerance,
    onStep,
    signal,
    save: checkpoint && save,
    resume,
  };
  let unused: Market<V> | null = market;
  return climb(economy, coarser, asked, (grid, { save: keep, ...level }) => {
    const open = grid === economy ? unused : null;
    if (open !== null) unused = null;
    const here = open ?? (backend.open(grid) as Market<V>);
    const step = options.step ?? here.hints.step;
    const interval = checkpoint?.interval ?? 10;
    return solveLevel(here, solver, grid, {
      ...level,
      step,
      signal,
      checkpoint: keep && { save: keep, interval },
    });
  });
}
