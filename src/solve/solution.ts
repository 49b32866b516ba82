import type { NdArray } from "ndarray";
import type { Certificate, Plans } from "../certificates/certificate.js";
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
}
