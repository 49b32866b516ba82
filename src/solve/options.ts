import type { Backend } from "../backends/registry.js";
import { InputError, type Problem } from "../core/errors.js";
import type { Precision } from "../core/reals.js";
import type { Economy } from "../economy/economy.js";
import { nearest } from "../economy/near.js";
import { additive } from "../solvers/additive.js";
import { anderson } from "../solvers/anderson.js";
import { auto } from "../solvers/auto.js";
import { heavyBall } from "../solvers/heavy-ball.js";
import { homotopy } from "../solvers/homotopy.js";
import { krasnoselskii } from "../solvers/krasnoselskii.js";
import { newtonKrylov } from "../solvers/newton-krylov.js";
import { simplicial } from "../solvers/simplicial.js";
import type { Solver } from "../solvers/solver.js";
import { tatonnement } from "../solvers/tatonnement.js";
import type { TraceRecord } from "../solvers/trace.js";
import type { Checkpoint } from "./checkpoint.js";
import type { StartPrices } from "./start.js";

export const TOLERANCE = 1e-8;

export interface SolveOptions {
  /** A name, or a solver such as `anderson({ memory: 8 })`. Default "auto". */
  readonly solver?: SolverName | Solver | string;
  /** A name, or a backend such as `reference()`. Default "auto". */
  readonly backend?: Backend | string;
  /** Threads at most, on backends that have several; default: as many as there are processors, where they pay. */
  readonly threads?: number;
  /**
   * Of the price vectors, on backends that have both; default float64. What is asked for beyond float32's reach, a tolerance below 1e-5, is
   * finished in float64 from where float32 came (solve/polish.ts).
   */
  readonly precision?: Precision;
  /** λ > 0; default 1/(σ_max + e_S) (model.md section 5). */
  readonly step?: number;
  /** Every relative item of the certificate must be within it, in (0, 1); default 1e-8. */
  readonly tolerance?: number;
  /** ≥ 1; default 10 000. */
  readonly maxSteps?: number;
  readonly start?: StartPrices;
  /** Coarser grids first where there are many nodes and no `start` (solve/ladder.ts); default true. */
  readonly ladder?: boolean;
  /** Saves the solve's state between steps, at most every `interval` seconds (default 10), and when it is cancelled. */
  readonly checkpoint?: { readonly save: (checkpoint: Checkpoint) => void; readonly interval?: number };
  /** Goes on from a checkpoint of the same economy, solver, step and tolerance, bit for bit. */
  readonly resume?: Checkpoint;
  /** Looks for all equilibria (solve/all-equilibria.ts); default false: one. */
  readonly allEquilibria?: boolean;
  /** Recorded in the result; of the starts that `allEquilibria` tries, the only random thing. Default 0. */
  readonly seed?: number;
  /** Called at every step; of economies solved together, with whose step it is. */
  readonly onStep?: (record: TraceRecord, economy: Economy) => void;
  /** Cancels: the best iterate is returned, with status `cancelled`. */
  readonly signal?: AbortSignal;
}

const SOLVERS = {
  auto,
  tatonnement,
  additive,
  krasnoselskii,
  anderson,
  "heavy-ball": heavyBall,
  "newton-krylov": newtonKrylov,
  homotopy,
  simplicial,
};
export type SolverName = keyof typeof SOLVERS;
export const SOLVER_NAMES = Object.keys(SOLVERS) as SolverName[];

/** The solver that the options mean. */
export function chooseSolver(solver: SolveOptions["solver"] = "auto"): Solver {
  if (typeof solver === "object") return solver;
  const name: string = solver;
  if (Object.hasOwn(SOLVERS, name)) return SOLVERS[name as SolverName]() as Solver;
  const known = SOLVER_NAMES;
  throw new InputError("solver", [
    {
      path: "",
      found: `"${name}"`,
      expected: `one of ${known.join(", ")}`,
      suggestion: nearest(name, known),
    },
  ]);
}

const OPTIONS: readonly string[] = [
  "solver",
  "backend",
  "threads",
  "precision",
  "step",
  "tolerance",
  "maxSteps",
  "start",
  "ladder",
  "checkpoint",
  "resume",
  "allEquilibria",
  "seed",
  "onStep",
  "signal",
] satisfies (keyof SolveOptions)[];

/** Throws InputError with every option that is out of range. */
export function checkOptions(options: SolveOptions): void {
  const { step, tolerance, maxSteps, threads, precision, ladder, allEquilibria, seed } = options;
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
    [
      "threads",
      threads,
      threads === undefined || (Number.isInteger(threads) && threads > 0),
      "an integer ≥ 1",
    ],
    [
      "precision",
      precision,
      precision === undefined || precision === "float64" || precision === "float32",
      "float64 or float32",
    ],
    ["ladder", ladder, ladder === undefined || typeof ladder === "boolean", "true or false"],
    [
      "allEquilibria",
      allEquilibria,
      allEquilibria === undefined || typeof allEquilibria === "boolean",
      "true or false",
    ],
    ["seed", seed, seed === undefined || (Number.isSafeInteger(seed) && seed >= 0), "an integer ≥ 0"],
  ];
  const problems: Problem[] = wanted
    .filter(([, , valid]) => !valid)
    .map(([path, found, , expected]) => ({ path, found: String(found), expected }));
  for (const key of Object.keys(options)) {
    if (OPTIONS.includes(key)) continue;
    const expected = `one of ${OPTIONS.join(", ")}`;
    problems.push({ path: key, found: "an unknown option", expected, suggestion: nearest(key, OPTIONS) });
  }
  if (problems.length > 0) throw new InputError("the options of solve", problems);
}
