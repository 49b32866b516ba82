import type { NdArray } from "ndarray";
import type { Certificate, Plans } from "../certificates/certificate.js";
import type { Stability } from "../contraction/equilibrium-index.js";
import type { Status } from "../core/status.js";
import type { Economy } from "../economy/economy.js";
import type { TraceRecord } from "../solvers/trace.js";

/** What a solve returns, whatever happened: a named outcome, its best iterate, and the verifier's opinion of it. */
export interface Solution {
  readonly economy: Economy;
  readonly status: Status;
  /** One sentence for a person, with what to do next when it is not solved. */
  readonly message: string;
  readonly solver: string;
  readonly backend: string;
  readonly precision: "float64" | "float32";
  readonly version: string;
  readonly steps: number;
  readonly evaluations: number;
  readonly seconds: number;
  readonly seed: number;
  readonly tolerance: number;
  /** p, float64, shape [commodities, nodes], mean price 1; exactly 0 where free. */
  readonly prices: NdArray<Float64Array>;
  readonly plans: Plans;
  readonly certificate: Certificate;
  readonly trace: readonly TraceRecord[];
  /** With `allEquilibria`: every equilibrium found, that of `prices` first. */
  readonly equilibria?: readonly Equilibrium[];
  /** With `allEquilibria`: Σ of their indices, +1 where none is missing and none critical; null where there are too many prices. */
  readonly indexSum?: number | null;
}

/** How an equilibrium was come upon. */
export type FoundBy = "solve" | "scan" | "newton" | "deflation" | "homotopy" | "path";

/** One of an economy's equilibria. */
export interface Equilibrium {
  /** p, float64, shape [commodities, nodes], mean price 1; exactly 0 where free. */
  readonly prices: NdArray<Float64Array>;
  /** Sign of det E with one row and the same column deleted (E = −∂f/∂log p); 0: critical; null where there are too many prices. */
  readonly index: -1 | 0 | 1 | null;
  /** How prices near it move under tâtonnement with small steps, from the eigenvalues of −E on the quotient. */
  readonly stability: Stability | null;
  /** Of each orchestrator, in the economy's order. */
  readonly utility: readonly number[];
  readonly foundBy: FoundBy;
  readonly certificate: Certificate;
}
