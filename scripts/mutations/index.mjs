import { CERTIFICATE_SAFEGUARDS, CONTRACTION_SAFEGUARDS } from "./judges.mjs";
import { LOOP_SAFEGUARDS } from "./loop.mjs";
import { MARKET_SAFEGUARDS } from "./market.mjs";
import { SOLVE_SAFEGUARDS } from "./solve.mjs";
import { SOLVER_SAFEGUARDS } from "./solvers.mjs";
import { STEP_SAFEGUARDS } from "./steps.mjs";

/** All named safeguards, in the order in which they are removed. */
export const SAFEGUARDS = [
  ...LOOP_SAFEGUARDS,
  ...STEP_SAFEGUARDS,
  ...SOLVER_SAFEGUARDS,
  ...MARKET_SAFEGUARDS,
  ...SOLVE_SAFEGUARDS,
  ...CONTRACTION_SAFEGUARDS,
  ...CERTIFICATE_SAFEGUARDS,
];
