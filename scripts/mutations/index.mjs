import { ANDERSON_SAFEGUARDS } from "./anderson.mjs";
import { AUTO_SAFEGUARDS } from "./auto.mjs";
import { BATCH_SAFEGUARDS } from "./batch.mjs";
import { CERTIFICATE_SAFEGUARDS } from "./certificates.mjs";
import { CONTRACTION_SAFEGUARDS } from "./contraction.mjs";
import { FREE_SAFEGUARDS } from "./free.mjs";
import { LINE_SEARCH_SAFEGUARDS } from "./line-search.mjs";
import { LINEAR_ALGEBRA_SAFEGUARDS } from "./linear-algebra.mjs";
import { LOOP_SAFEGUARDS } from "./loop.mjs";
import { MARKET_SAFEGUARDS } from "./market.mjs";
import { NEWTON_SAFEGUARDS } from "./newton.mjs";
import { SOLVE_SAFEGUARDS } from "./solve.mjs";
import { WATCH_SAFEGUARDS } from "./watch.mjs";

/** All named safeguards, in the order in which they are removed. */
export const SAFEGUARDS = [
  ...LOOP_SAFEGUARDS,
  ...WATCH_SAFEGUARDS,
  ...LINE_SEARCH_SAFEGUARDS,
  ...LINEAR_ALGEBRA_SAFEGUARDS,
  ...ANDERSON_SAFEGUARDS,
  ...NEWTON_SAFEGUARDS,
  ...AUTO_SAFEGUARDS,
  ...FREE_SAFEGUARDS,
  ...MARKET_SAFEGUARDS,
  ...SOLVE_SAFEGUARDS,
  ...BATCH_SAFEGUARDS,
  ...CONTRACTION_SAFEGUARDS,
  ...CERTIFICATE_SAFEGUARDS,
];
