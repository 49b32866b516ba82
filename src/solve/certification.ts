import { type Verification, verify } from "../certificates/verify.js";
import { contractionBound } from "../contraction/bound.js";
import { activeInstants } from "../contraction/linearization.js";
import { localSpectrum } from "../contraction/local.js";
import { observedRate } from "../contraction/observed.js";
import { sampledConstant } from "../contraction/sampled.js";
import type { Economy } from "../economy/economy.js";
import { ReferenceMarket } from "../market/reference.js";

/** Where T1 already bounds the rate, the local constant (tens of derivative products) is computed up to this many prices. */
const LOCAL_UNDER_T1 = 200_000;
/** The sampled constant takes as many derivative products as there are active prices for each sample: up to this many prices. */
const SAMPLED_UP_TO = 64;
const SAMPLES = 4;

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
  const q = market.enter(prices);
  const tooLarge = bound.theorem === "T1" && market.hints.size > LOCAL_UNDER_T1;
  const spectrum = tooLarge ? null : await localSpectrum(market, q, step, true);
  return verify(economy, prices, {
    bound,
    local: spectrum?.radius ?? null,
    sampled: await sampled(market, q, step),
    best: spectrum?.best ?? null,
    observed: observedRate(residuals),
    step,
  });
}

/** From a fixed seed, so that whoever recomputes it finds the same. */
async function sampled(market: ReferenceMarket, q: Float64Array, step: number): Promise<number | null> {
  if (activeInstants(market, q).length > SAMPLED_UP_TO) return null;
  return (await sampledConstant(market, q, step, { samples: SAMPLES }))?.constant ?? null;
}
