import { type Verification, verify } from "../certificates/verify.js";
import { contractionBound } from "../contraction/bound.js";
import { localConstant } from "../contraction/local.js";
import { observedRate } from "../contraction/observed.js";
import type { Economy } from "../economy/economy.js";
import { ReferenceMarket } from "../market/reference.js";

/** Where T1 already bounds the rate, the local constant (tens of derivative products) is computed up to this many prices. */
const LOCAL_UNDER_T1 = 200_000;

/**
 * Everything the verifier says of prices [commodities, nodes] for the iteration T_λ, recomputed in float64 from the
 * economy alone.
 */
export async function certificationOf(
  economy: Economy,
  prices: Float64Array,
  step: number,
  residuals: readonly number[] = [],
): Promise<Verification> {
  const bound = contractionBound(economy, step);
  const market = new ReferenceMarket(economy);
  const local =
    bound.theorem === "T1" && market.hints.size > LOCAL_UNDER_T1
      ? null
      : await localConstant(market, market.enter(prices), step);
  return verify(economy, prices, { bound, local, observed: observedRate(residuals), step });
}
