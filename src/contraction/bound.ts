import { shown, shownFactor } from "../core/shown.js";
import type { Economy } from "../economy/economy.js";
import { wantedInstants } from "../economy/wanted.js";
import { type Aggregation, aggregationOf } from "../market/layout.js";
import { extremeElasticities, pathElasticities } from "./elasticities.js";
import { describeFailures, type FailedHypothesis } from "./hypothesis.js";
import { commonOwnership } from "./ownership.js";
import {
  agentFailures,
  floorFailures,
  negativeEndowments,
  ownSupplyElasticity,
  vanishingSupply,
} from "./supply.js";

/** What model.md section 6 says a priori of T_λ: q ← q + λ f(q), unclipped, in Hilbert's metric. */
export interface ContractionBound {
  /** κ: every step multiplies the distance of any two prices by at most this; null when no theorem says so. */
  readonly bound: number | null;
  /** Whose bound it is; null with it. */
  readonly theorem: "T1" | "several-orchestrators" | null;
  /** The theorem in a sentence, or which hypothesis fails and where. */
  readonly why: string;
  /** σ_0, the elasticity at which T1's paths start; null unless T1's hypotheses on the economy hold. */
  readonly sigma0: number | null;
  /**
   * r with κ = 1 − λr: σ_0 under T1, χ for several orchestrators. A fact of the economy, whatever λ: osc(f)/r bounds the
   * error of any prices. Null when no theorem applies.
   */
  readonly rate: number | null;
  readonly failures: readonly FailedHypothesis[];
}

/** A theorem whose hypotheses on the economy hold. */
interface Applicable {
  readonly theorem: "T1" | "several-orchestrators";
  readonly sigma0: number | null;
  readonly rate: number;
  readonly because: string;
}

/**
 * T1, or the bound for several orchestrators, with every hypothesis checked.
 *
 * @param step λ > 0
 */
export function contractionBound(economy: Economy, step: number): ContractionBound {
  const failures = economyFailures(economy);
  const found = applicable(economy);
  if ("failures" in found) failures.push(...found.failures);
  if (failures.length > 0 || "failures" in found) return nothing(failures, null);
  const tooLarge = stepFailures(economy, step);
  if (tooLarge.length > 0) return nothing(tooLarge, found);
  const bound = Math.max(0, 1 - step * found.rate);
  const why = `${found.because}: every step of λ = ${shown(step)} multiplies the distance between any two prices by at most ${shownFactor(bound)}`;
  return { bound, theorem: found.theorem, why, sigma0: found.sigma0, rate: found.rate, failures: [] };
}

function nothing(failures: readonly FailedHypothesis[], found: Applicable | null): ContractionBound {
  const why = `no contraction theorem applies: ${describeFailures(failures)}`;
  return {
    bound: null,
    theorem: null,
    why,
    sigma0: found?.sigma0 ?? null,
    rate: found?.rate ?? null,
    failures,
  };
}

/** Hypotheses of both theorems. */
function economyFailures(economy: Economy): FailedHypothesis[] {
  return [
    ...economy.orchestrators.flatMap((orchestrator) => pathElasticities(orchestrator).failures),
    ...floorFailures(economy),
    ...negativeEndowments(economy),
    ...agentFailures(economy, "t1"),
    ...vanishingSupply(economy),
  ];
}

/**
 * Which theorem the orchestrators' preferences and incomes leave. With proportional incomes and preferences that differ,
 * demand is that of one consumer with elasticity 1 over the orchestrators (Eisenberg), so T1's paths start at 1.
 */
function applicable(economy: Economy): Applicable | { failures: FailedHypothesis[] } {
  const aggregation = aggregationOf(economy);
  if (aggregation !== null) return t1(economy, aggregation);
  const { chi, failures } = commonOwnership(economy);
  if (failures.length > 0) return { failures };
  const because = `every orchestrator owns a part of everything (χ = ${shown(chi)})`;
  return { theorem: "several-orchestrators", sigma0: null, rate: chi, because };
}

function t1(economy: Economy, aggregation: Aggregation): Applicable {
  const proportional = aggregation === "proportional";
  const sigma0 = proportional ? 1 : (pathElasticities(economy.orchestrators[0]).first ?? 1);
  const start = proportional
    ? "proportional incomes, σ₀ = 1"
    : `elasticities from σ₀ = ${shown(sigma0)} upwards`;
  return { theorem: "T1", sigma0, rate: sigma0, because: `T1 (${start})` };
}

/** λ ≤ 1/(σ_max + e_S), to rounding. Someone who wants one good has elasticity 1 for it. */
function stepFailures(economy: Economy, step: number): FailedHypothesis[] {
  if (wantedInstants(economy).reduce((count, x) => count + x, 0) <= 1) return [];
  const sigmaMax = Math.max(1, extremeElasticities(economy)?.largest ?? 1);
  const largest = 1 / (sigmaMax + ownSupplyElasticity(economy));
  if (step > 0 && step <= largest * (1 + 1e-12)) return [];
  const where = `step λ = ${shown(step)} is not in (0, 1/(σ_max + e_S)] = (0, ${shown(largest)}]`;
  return [{ hypothesis: "step", where }];
}
