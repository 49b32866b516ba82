import { openBackend } from "../backends/registry.js";
import type { Verification } from "../certificates/verify.js";
import { contractionBound } from "../contraction/bound.js";
import { spectralInterval } from "../contraction/interval.js";
import { InputError } from "../core/errors.js";
import type { Status } from "../core/status.js";
import { VERSION } from "../core/version.js";
import type { Economy } from "../economy/economy.js";
import type { Market } from "../market/market.js";
import { iterate, type LoopResult } from "../solvers/loop.js";
import { MOST_PRICES } from "../solvers/simplicial.js";
import { evaluate, type Solver } from "../solvers/solver.js";
import { hostArray } from "../time/host-array.js";
import { certificationOf } from "./certification.js";
import { type Binding, bindingOf, CHECKPOINT_FORMAT, checkBinding } from "./checkpoint.js";
import { messageFor, unaffordableStart } from "./messages.js";
import { checkOptions, chooseSolver, type SolveOptions } from "./options.js";
import type { Solution } from "./solution.js";
import { affordableStart, startPrices } from "./start.js";

/**
 * The solver aims below the tolerance, since prices are less well determined than excess demand: osc(log p − log p*) is
 * up to osc(f)/σ_0 under T1, and tens of times osc(f) in Kehoe's economy. Not below what rounding lets every economy reach.
 */
const RESERVE = 1e-3;
const REACHABLE = 1e-12;

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
  const backend =
    typeof options.backend === "object" ? options.backend : openBackend(options.backend ?? "auto");
  const market = backend.open(economy);
  if (solver.name === "simplicial") refuseLarge(market.hints.size);
  const step = options.step ?? market.hints.step;
  const how = { solver: solver.name, backend: backend.name, step, tolerance, version: VERSION };
  const binding = bindingOf(economy, how);
  if (options.resume !== undefined) checkBinding(options.resume, binding);
  const loop = await run(market, solver, economy, binding, options);
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
    message: loop.message ?? messageFor(status, loop, economy, verification, how),
    solver: solver.name,
    backend: backend.name,
    precision: backend.precision,
    version: VERSION,
    steps: loop.steps,
    evaluations: market.evaluations,
    seconds: (performance.now() - began) / 1000,
    seed: options.seed ?? 0,
    tolerance,
    prices: hostArray(loop.prices, [economy.commodities.length, economy.grid.nodes]),
    plans: verification.plans,
    certificate: verification.certificate,
    trace: loop.trace,
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

async function run<V>(
  market: Market<V>,
  solver: Solver<V>,
  economy: Economy,
  binding: Binding,
  options: SolveOptions,
): Promise<LoopResult & { message?: string }> {
  const { step, tolerance } = binding;
  const { checkpoint, resume, onStep, signal, maxSteps = 10_000 } = options;
  const start = market.enter(affordableStart(economy, startPrices(economy, options.start)));
  const { readout } = await evaluate(market, start);
  const clip = contractionBound(economy, step).theorem === "T1" ? Infinity : 1;
  const stuck = readout.finite && readout.afford <= 0 && readout.affordAll >= 0;
  const interval = spectralInterval(economy).interval ?? undefined;
  const loop = await iterate({ market, step, clip, interval, maxSteps }, solver, start, {
    target: Math.min(tolerance, Math.max(REACHABLE, RESERVE * tolerance)),
    tolerance,
    maxSteps: stuck ? 0 : maxSteps,
    onStep,
    signal,
    checkpoint: checkpoint && {
      save: (memory) => checkpoint.save({ format: CHECKPOINT_FORMAT, binding, run: memory }),
      interval: checkpoint.interval ?? 10,
    },
    resume: resume?.run,
  });
  market.dispose();
  if (!stuck) return loop;
  return {
    ...loop,
    status: "stalled",
    message: unaffordableStart(economy.orchestrators[readout.poorest].name),
  };
}
