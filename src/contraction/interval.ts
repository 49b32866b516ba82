import { shown } from "../core/shown.js";
import type { Economy } from "../economy/economy.js";
import { aggregationOf } from "../market/layout.js";
import { extremeElasticities, writtenFailures } from "./elasticities.js";
import { describeFailures, type FailedHypothesis } from "./hypothesis.js";
import { agentFailures, floorFailures, negativeEndowments, ownSupplyElasticity } from "./supply.js";

/** T3 of model.md section 6: an interval, known from data alone, that holds the spectrum of E on the quotient at p*. */
export interface SpectralInterval {
  /** m = σ_min (times the least 1 − γ/D) and L = σ_max + e_S. */
  readonly least: number;
  readonly largest: number;
  /** λ = 2/(m+L), and the local constant (L−m)/(L+m) of T_λ with it. */
  readonly step: number;
  readonly rate: number;
  /** q ← q + λ f + β (q − q before): λ = 4/(√L+√m)², β = rate², rate (√L−√m)/(√L+√m). */
  readonly heavyBall: { readonly step: number; readonly momentum: number; readonly rate: number };
}

export interface IntervalReport {
  /** Null where T3 does not apply. */
  readonly interval: SpectralInterval | null;
  /** The theorem in a sentence, or which hypothesis fails and where. */
  readonly why: string;
  readonly failures: readonly FailedHypothesis[];
}

/**
 * T3's interval. Orchestrators with identical preferences demand as one does, and so do those with proportional incomes,
 * with elasticity 1 between them (Eisenberg).
 *
 * @param beyondFloors the least 1 − γ/D at p*, which floors make σ_min shrink by; only a solution knows it
 */
export function spectralInterval(economy: Economy, beyondFloors?: number): IntervalReport {
  const failures = [
    ...aggregationFailures(economy),
    ...writtenFailures(economy.orchestrators),
    ...(beyondFloors === undefined ? floorFailures(economy) : []),
    ...negativeEndowments(economy),
    ...agentFailures(economy, "t3"),
  ];
  if (failures.length > 0) {
    return { interval: null, why: `T3 does not apply: ${describeFailures(failures)}`, failures };
  }
  const elasticities = aggregateElasticities(economy);
  if (elasticities === null) {
    return { interval: null, why: "one commodity at one instant: nothing to iterate", failures };
  }
  const least = elasticities.least * (beyondFloors ?? 1);
  const largest = elasticities.largest + ownSupplyElasticity(economy);
  const why = `T3: at the equilibrium the spectrum of −∂f/∂q lies in [${shown(least)}, ${shown(largest)}]`;
  return { interval: { least, largest, ...rates(least, largest) }, why, failures };
}

/** Of the one consumer that all orchestrators together are. */
function aggregateElasticities(economy: Economy): { least: number; largest: number } | null {
  const own = extremeElasticities(economy);
  if (aggregationOf(economy) !== "proportional") return own;
  return { least: Math.min(1, own?.least ?? 1), largest: Math.max(1, own?.largest ?? 1) };
}

function aggregationFailures(economy: Economy): FailedHypothesis[] {
  if (aggregationOf(economy) !== null) return [];
  const names = economy.orchestrators.map(({ name }) => name).join(", ");
  return [
    { hypothesis: "ownership", where: `orchestrators ${names} differ in preferences and in what they own` },
  ];
}

function rates(m: number, L: number): Omit<SpectralInterval, "least" | "largest"> {
  const rate = (Math.sqrt(L) - Math.sqrt(m)) / (Math.sqrt(L) + Math.sqrt(m));
  return {
    step: 2 / (m + L),
    rate: (L - m) / (L + m),
    heavyBall: { step: 4 / (m + L + 2 * Math.sqrt(m * L)), momentum: rate ** 2, rate },
  };
}
