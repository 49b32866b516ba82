import { type Backend, openBackend } from "../backends/registry.js";
import { contractionBound } from "../contraction/bound.js";
import { InputError, NotBuiltError } from "../core/errors.js";
import type { Status } from "../core/status.js";
import { VERSION } from "../core/version.js";
import type { Economy } from "../economy/economy.js";
import { nearest } from "../economy/near.js";
import type { Market } from "../market/market.js";
import { additive } from "../solvers/additive.js";
import { anderson } from "../solvers/anderson.js";
import { auto } from "../solvers/auto.js";
import { iterate, type LoopResult } from "../solvers/loop.js";
import { evaluate, type Solver } from "../solvers/solver.js";
import { tatonnement } from "../solvers/tatonnement.js";
import type { TraceRecord } from "../solvers/trace.js";
import { hostArray } from "../time/host-array.js";
import { certificationOf } from "./certification.js";
import { messageFor, unaffordableStart } from "./messages.js";
import type { Solution } from "./solution.js";
import { affordableStart, type StartPrices, startPrices } from "./start.js";

export interface SolveOptions {
  /** A name, or a solver such as `anderson({ memory: 8 })`. Default "auto". */
  readonly solver?: SolverName | Solver | string;
  /** A name, or a backend such as `reference()`. Default "auto". */
  readonly backend?: Backend | string;
  /** λ > 0; default 1/(σ_max + e_S) (model.md section 5). */
  readonly step?: number;
  /** Every relative item of the certificate must be within it, in (0, 1); default 1e-8. */
  readonly tolerance?: number;
  /** ≥ 1; default 10 000. */
  readonly maxSteps?: number;
  readonly start?: StartPrices;
  /** Recorded in the result; nothing in this version draws random numbers. */
  readonly seed?: number;
  readonly onStep?: (record: TraceRecord) => void;
  /** Cancels: the best iterate is returned, with status `cancelled`. */
  readonly signal?: AbortSignal;
}

const SOLVERS = { auto, tatonnement, additive, anderson };
export type SolverName = keyof typeof SOLVERS;
export const SOLVER_NAMES = Object.keys(SOLVERS) as SolverName[];
/** Solvers of the contract (formats.md) that this version does not have. */
const NOT_BUILT = ["krasnoselskii", "heavy-ball", "newton-krylov", "homotopy", "simplicial"];

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
  const solver = typeof options.solver === "object" ? options.solver : namedSolver(options.solver ?? "auto");
  const backend =
    typeof options.backend === "object" ? options.backend : openBackend(options.backend ?? "auto");
  const market = backend.open(economy);
  const step = options.step ?? market.hints.step;
  const start = market.enter(affordableStart(economy, startPrices(economy, options.start)));
  const loop = await run(market, solver, start, economy, step, tolerance, options);
  const verification = await certificationOf(
    economy,
    loop.prices,
    step,
    loop.trace.map(({ residual }) => residual),
  );
  const failures = verification.failures(tolerance);
  const status: Status = loop.status === "solved" && failures.length > 0 ? "uncertified" : loop.status;
  const [worst] = failures;
  const failure =
    worst === undefined ? null : `${worst.item} is ${worst.found}, allowed ${worst.allowed} (${worst.where})`;
  return {
    economy,
    status,
    message: loop.message ?? messageFor(status, loop, economy, tolerance, failure),
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

async function run<V>(
  market: Market<V>,
  solver: Solver<V>,
  start: V,
  economy: Economy,
  step: number,
  tolerance: number,
  options: SolveOptions,
): Promise<LoopResult & { message?: string }> {
  const { readout } = await evaluate(market, start);
  const clip = contractionBound(economy, step).theorem === "T1" ? Infinity : 1;
  const stuck = readout.finite && readout.afford <= 0 && readout.affordAll >= 0;
  const loop = await iterate({ market, step, clip }, solver, start, {
    target: Math.min(tolerance, Math.max(REACHABLE, RESERVE * tolerance)),
    tolerance,
    maxSteps: stuck ? 0 : (options.maxSteps ?? 10_000),
    onStep: options.onStep,
    signal: options.signal,
  });
  market.dispose();
  if (!stuck) return loop;
  return {
    ...loop,
    status: "stalled",
    message: unaffordableStart(economy.orchestrators[readout.poorest].name),
  };
}

function namedSolver(name: string): Solver {
  if (Object.hasOwn(SOLVERS, name)) return SOLVERS[name as SolverName]() as Solver;
  if (NOT_BUILT.includes(name))
    throw new NotBuiltError(`Solver "${name}" is not built in this version; use --solver auto.`);
  const known = [...SOLVER_NAMES, ...NOT_BUILT];
  throw new InputError("solver", [
    {
      path: "",
      found: `"${name}"`,
      expected: `one of ${known.join(", ")}`,
      suggestion: nearest(name, known),
    },
  ]);
}

function checkOptions({ step, tolerance, maxSteps, seed }: SolveOptions): void {
  const wanted: [string, unknown, boolean, string][] = [
    ["step", step, step === undefined || (step > 0 && step < Infinity), "a number above 0"],
    [
      "tolerance",
      tolerance,
      tolerance === undefined || (tolerance > 0 && tolerance < 1),
      "a number in (0, 1)",
    ],
    [
      "maxSteps",
      maxSteps,
      maxSteps === undefined || (Number.isInteger(maxSteps) && maxSteps > 0),
      "an integer ≥ 1",
    ],
    ["seed", seed, seed === undefined || (Number.isSafeInteger(seed) && seed >= 0), "an integer ≥ 0"],
  ];
  const problems = wanted
    .filter(([, , valid]) => !valid)
    .map(([path, found, , expected]) => ({ path, found: String(found), expected }));
  if (problems.length > 0) throw new InputError("the options of solve", problems);
}
