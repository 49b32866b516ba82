import type { Status } from "../core/status.js";
import type { MapRun } from "./plain-map.js";
import type { SolverRun } from "./solver-runs.js";

/** How fast an economy's prices converge, measured, beside what model.md section 6 says: data for tables, files and figures. */
export interface Convergence {
  readonly economy: string;
  readonly economy_sha256: string | null;
  readonly nodes: number;
  /** Commodity-instants whose price moves: those with a market, less those free at the equilibrium. */
  readonly prices: number;
  /** What is known before any solve, and with floors from the solution. */
  readonly theory: Theory;
  /** The equilibrium around which rates are measured. */
  readonly equilibrium: Reached;
  /** Of E = −∂f/∂q on the quotient there; null where there is no equilibrium to look at. */
  readonly spectrum: Spectrum | null;
  /** The plain map T_λ, by λ ascending; empty without an equilibrium, or at a critical one. */
  readonly maps: readonly MapMeasurement[];
  /** Clearing that the solvers are run to. */
  readonly tolerance: number;
  /** Every solver from p = 1, with its own default λ. */
  readonly solvers: readonly SolverRun[];
}

export interface Theory {
  /** Default λ = 1/(σ_max + e_S). */
  readonly step: number;
  /** The theorem behind the bound 1 − λ·rate for λ in (0, step_limit]; null with the reasons in `why`. */
  readonly theorem: "T1" | "several-orchestrators" | null;
  readonly rate: number | null;
  readonly why: string;
  /** T3's [m, L], which holds the spectrum of E; heavy ball's rate follows from it. Null where it does not apply. */
  readonly interval: {
    readonly least: number;
    readonly largest: number;
    readonly step: number;
    readonly rate: number;
    readonly heavy_ball: number;
  } | null;
  readonly interval_why: string;
}

export interface Reached {
  readonly status: Status;
  readonly solver: string;
  readonly clearing: number;
  /** Estimate of osc(log p − log p*): what rounding leaves. Distances below a multiple of it say nothing. */
  readonly error: number | null;
  /** E is singular on the quotient there: the equilibrium may be one of many, and distances to it mean nothing. */
  readonly critical: boolean;
}

export interface Spectrum {
  /** Eigenvalues θ of E, or the Ritz values that stand for them where there are many prices; im ≥ 0, of each complex pair one. */
  readonly eigenvalues: readonly (readonly [re: number, im: number])[];
  /** Every eigenvalue is there, to rounding. */
  readonly exact: boolean;
  /** The λ that minimises the local constant, and that constant; null where no λ contracts. */
  readonly best: { readonly step: number; readonly constant: number } | null;
}

/** T_λ near the equilibrium and from p = 1, for one λ. */
export interface MapMeasurement {
  readonly step: number;
  /** Where this λ comes from. */
  readonly origin: string;
  /** κ of the theorem: every step multiplies every distance by at most this. */
  readonly bound: number | null;
  /** max(|1 − λm|, |1 − λL|) with T3's interval: at least `local`. */
  readonly interval: number | null;
  /** Spectral radius of J_λ on the quotient at p*. */
  readonly local: number | null;
  /** Largest norm of J_λ found at sampled prices: a lower bound of the Lipschitz constant, and at least `local`. */
  readonly sampled: number | null;
  /** From p* moved a little in a random direction. */
  readonly near: MapRun;
  /** From p = 1 (or, where floors cannot be paid there, from where they can). */
  readonly far: MapRun;
  /** Distance that both the next two and `far.reached` are about: 1e-8, or what rounding leaves where that is more. */
  readonly target: number;
  /** log ε / log κ from p = 1 to there, with the local constant: what it takes if every step is like the last ones. */
  readonly expected: number | null;
  /** The same with the bound: no more steps can it take. */
  readonly guaranteed: number | null;
}
