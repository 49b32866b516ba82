import { wantsFree } from "./consumer.js";
import type { Outcome } from "./outcome.js";
import { type Item, instantAt } from "./worst.js";

/** What item 7 is told of the contraction of T_λ; computed in contraction/, since certificates see no market. */
export interface ContractionFacts {
  readonly bound: {
    /** A-priori κ of T_λ, and the theorem or the hypothesis that fails. */
    readonly bound: number | null;
    readonly why: string;
    /** r of model.md section 6, κ ≤ 1 − λr at every small λ: σ_0 under T1, χ for several orchestrators. */
    readonly rate: number | null;
  };
  readonly local: number | null;
  readonly sampled: number | null;
  /** The λ of least local constant, and that constant. */
  readonly best: { readonly step: number; readonly constant: number } | null;
  readonly observed: number | null;
  /** λ. */
  readonly step: number;
}

export const NO_CONTRACTION: ContractionFacts = {
  bound: { bound: null, why: "not computed", rate: null },
  local: null,
  sampled: null,
  best: null,
  observed: null,
  step: 0,
};

/** A distance from the equilibrium, and whether a theorem stands behind it. */
export interface PriceError extends Item<number | null> {
  readonly kind: "bound" | "estimate" | null;
}

/**
 * Item 7 of model.md section 7: what the prices say of their own distance osc(log p − log p*) from the equilibrium p*.
 * Where a theorem gives a rate r the equilibrium is unique and the distance is at most osc(f)/r. Elsewhere, with the
 * local constant κ < 1 of T_λ, osc(λf)/(1−κ) is an estimate. Else null.
 */
export function priceError(outcome: Outcome, contraction: ContractionFacts): PriceError {
  const { local, step } = contraction;
  const { rate } = contraction.bound;
  const { value: oscillation, place } = excessOscillation(outcome);
  const unknown = { value: null, kind: null, place };
  if (!Number.isFinite(oscillation)) return unknown;
  if (rate !== null && rate > 0 && !someWantedIsFree(outcome)) {
    return { value: oscillation / rate, kind: "bound", place };
  }
  if (local === null || !(local < 1)) return unknown;
  return { value: (step * oscillation) / (1 - local), kind: "estimate", place };
}

/** Between these, D/S has all its digits. */
const RESOLVED = 1e300;

/**
 * osc f = max f − min f over instants with p > 0, f = log D − log S, and where the |f| that counts most stands. Logs are taken
 * only of a D/S beyond those before.
 */
function excessOscillation({ economy, prices, volumes: { demand, supply } }: Outcome): Item {
  let [low, high, at] = [Infinity, -Infinity, -1];
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < prices.length; i++) {
    if (prices[i] === 0) continue;
    const ratio = demand[i] / supply[i];
    if (ratio >= least && ratio <= most) continue;
    const f = demand[i] === supply[i] ? 0 : Math.log(demand[i]) - Math.log(supply[i]);
    if (Number.isNaN(f)) return { value: Number.NaN, place: instantAt(economy, i) };
    if (at < 0 || Math.abs(f) > Math.max(Math.abs(low), Math.abs(high))) at = i;
    low = Math.min(low, f);
    high = Math.max(high, f);
    if (!(ratio <= RESOLVED && ratio >= 1 / RESOLVED)) continue;
    least = Math.min(least, ratio);
    most = Math.max(most, ratio);
  }
  return { value: high - low, place: at < 0 ? {} : instantAt(economy, at) };
}

/** Under the theorems whatever preferences want has a positive price; where it has none, no error is bounded. */
function someWantedIsFree({ economy, prices }: Outcome): boolean {
  return economy.orchestrators.some((orchestrator) => wantsFree(orchestrator, prices));
}
