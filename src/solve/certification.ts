import { openMarket } from "../backends/registry.js";
import type { ContractionFacts } from "../certificates/uniqueness.js";
import { type Verification, verify } from "../certificates/verify.js";
import { contractionBound } from "../contraction/bound.js";
import { localSpectrum } from "../contraction/local.js";
import { observedRate } from "../contraction/observed.js";
import { sampledConstant } from "../contraction/sampled.js";
import { BackendFailedError } from "../core/errors.js";
import type { Economy } from "../economy/economy.js";
import type { Market } from "../market/market.js";
import { ReferenceMarket } from "../market/reference.js";

/** Where T1 already bounds the rate, the local constant (tens of derivative products) is computed up to this many prices. */
const LOCAL_UNDER_T1 = 200_000;
/** The sampled constant takes as many derivative products as there are active prices for each sample: up to this many prices. */
const SAMPLED_UP_TO = 64;
const SAMPLES = 4;
/** From so many prices on the constants, which no item of the certificate rests on, are left to the backend that is fast. */
const FAST_FROM = 256;

/**
 * Everything the verifier says of prices [commodities, nodes] for the iteration T_λ, recomputed in float64 from the
 * economy alone.
 *
 * @param opened a market of the economy that is there already, for the constants of T_λ, which no item of the certificate rests on
 */
export async function certificationOf(
  economy: Economy,
  prices: Float64Array,
  step: number,
  residuals: readonly number[] = [],
  opened?: Market<Float64Array>,
): Promise<Verification> {
  const bound = contractionBound(economy, step);
  const active = countPositive(prices);
  const unknown = bound.theorem === "T1" && active > LOCAL_UNDER_T1;
  const constants = unknown ? NOTHING : await constantsAt(economy, prices, step, active, opened);
  return verify(economy, prices, { bound, ...constants, observed: observedRate(residuals), step });
}

type Constants = Pick<ContractionFacts, "local" | "best" | "sampled">;
const NOTHING: Constants = { local: null, best: null, sampled: null };

/** The constants of T_λ at these prices, on a backend that is fast if that pays; where it fails, on the one that cannot. */
async function constantsAt(
  economy: Economy,
  prices: Float64Array,
  step: number,
  active: number,
  opened?: Market<Float64Array>,
): Promise<Constants> {
  if (active >= FAST_FROM) {
    // Whatever a solve left in it is needed no more.
    opened?.recycle(new Set());
    const market = opened ?? (openMarket("auto", economy).market as Market<Float64Array>);
    try {
      return await constantsOn(market, prices, step);
    } catch (error) {
      if (!(error instanceof BackendFailedError)) throw error;
    } finally {
      if (opened === undefined) market.dispose();
    }
  }
  return constantsOn(new ReferenceMarket(economy), prices, step);
}

/** As far as there are not too many prices. */
async function constantsOn(
  market: Market<Float64Array>,
  prices: Float64Array,
  step: number,
): Promise<Constants> {
  const q = market.enter(prices);
  const spectrum = await localSpectrum(market, q, step, true);
  // From a fixed seed, so that whoever recomputes it finds the same.
  const sampled =
    countPositive(await market.download(market.prices(q))) <= SAMPLED_UP_TO
      ? await sampledConstant(market, q, step, { samples: SAMPLES })
      : null;
  return {
    local: spectrum?.radius ?? null,
    best: spectrum?.best ?? null,
    sampled: sampled?.constant ?? null,
  };
}

function countPositive(values: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > 0) count++;
  return count;
}
