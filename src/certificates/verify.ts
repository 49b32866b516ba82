import type { Economy } from "../economy/economy.js";
import { budgetGap, expenditureGap } from "./budget.js";
import type { Certificate, ContractionReport, Plans } from "./certificate.js";
import { clearing } from "./clearing.js";
import { freeInstants } from "./free.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import { membershipGap, profitGap } from "./profit.js";
import { type ContractionFacts, NO_CONTRACTION, priceError } from "./uniqueness.js";
import { walras } from "./walras.js";
import { utilization } from "./welfare.js";
import { describePlace, type Item, type Place } from "./worst.js";

/** The verifier's opinion of prices: whether to believe them, everybody's plans there, and what is wrong where. */
export interface Verification {
  readonly certificate: Certificate;
  readonly plans: Plans;
  /** Where the worst of each item stands; empty for the economy as a whole. */
  readonly places: Readonly<Record<CertifiedItem, Place>>;
  /** The items not within the tolerance; none means `solved`. An unknown item (null, NaN) fails at any tolerance. */
  failures(tolerance: number): Failure[];
}

export interface Failure {
  readonly item: CertifiedItem;
  /** Null where the item cannot be computed. */
  readonly found: number | null;
  /** The most that would pass; for utilization the least. */
  readonly allowed: number;
  readonly where: string;
}

/** The items that `solved` needs within the tolerance, by their names in the certificate. */
export const CERTIFIED_ITEMS = [
  "clearing",
  "walras",
  "profit_gap",
  "membership_gap",
  "budget_gap",
  "expenditure_gap",
  "utilization",
] as const;
export type CertifiedItem = (typeof CERTIFIED_ITEMS)[number];

/**
 * Recomputes everybody's plans at prices p [commodities, nodes] (≥ 0, exactly 0 at free instants) and checks the theorems of
 * model.md section 7 on them: items 1 to 5 and 7.
 *
 * @param contraction from contraction/, which knows the market that certificates may not see
 */
export function verify(
  economy: Economy,
  prices: Float64Array,
  contraction: ContractionFacts = NO_CONTRACTION,
): Verification {
  return examine(outcomeOf(economy, prices), contraction);
}

/** The same of plans that somebody else made. */
export function examine(outcome: Outcome, contraction: ContractionFacts = NO_CONTRACTION): Verification {
  const items: Record<CertifiedItem, Item<number | null>> = {
    clearing: clearing(outcome),
    walras: walras(outcome),
    profit_gap: profitGap(outcome),
    membership_gap: membershipGap(outcome),
    budget_gap: budgetGap(outcome),
    expenditure_gap: expenditureGap(outcome),
    utilization: utilization(outcome),
  };
  const error = priceError(outcome, contraction);
  const values = Object.fromEntries(CERTIFIED_ITEMS.map((item) => [item, items[item].value]));
  const places = Object.fromEntries(CERTIFIED_ITEMS.map((item) => [item, items[item].place]));
  return {
    certificate: {
      ...(values as Pick<Certificate, CertifiedItem>),
      free: freeInstants(outcome),
      contraction: reportOf(contraction),
      error_bound: error.value,
      error_kind: error.kind,
    },
    plans: outcome.plans,
    places: places as Record<CertifiedItem, Place>,
    failures: (tolerance) => CERTIFIED_ITEMS.flatMap((item) => failureOf(item, items[item], tolerance)),
  };
}

/** Comparisons are written so that null and NaN fail. */
function failureOf(item: CertifiedItem, { value, place }: Item<number | null>, tolerance: number): Failure[] {
  const gap = item === "utilization" ? Math.abs(1 - (value ?? Number.NaN)) : (value ?? Number.NaN);
  if (gap <= tolerance) return [];
  const allowed = item === "utilization" ? 1 - tolerance : tolerance;
  return [{ item, found: value, allowed, where: describePlace(place) }];
}

function reportOf({ bound, local, sampled, best, observed, step }: ContractionFacts): ContractionReport {
  return {
    bound: bound.bound,
    why: bound.why,
    local,
    sampled,
    best_step: best?.step ?? null,
    best_local: best?.constant ?? null,
    observed,
    step,
  };
}
