import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clearing } from "../../src/certificates/clearing.js";
import { type Outcome, outcomeOf } from "../../src/certificates/outcome.js";
import { plansAt } from "../../src/certificates/plans.js";
import { NO_CONTRACTION, priceError } from "../../src/certificates/uniqueness.js";
import { verify } from "../../src/certificates/verify.js";
import { defineEconomy } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import { InputError } from "../../src/index.js";
import { hostileSpec } from "../support/hostile.js";
import { randomLogPrices } from "../support/prices.js";
import { closedFormEconomy, workshop } from "./economies.js";

/** Random economies with inputs, floors and instants nobody wants, at prices of which some are 0; null where refused. */
function anything(seed: number): { economy: Economy; prices: Float64Array } | null {
  try {
    const economy = defineEconomy(hostileSpec(seed));
    const size = economy.commodities.length * economy.grid.nodes;
    const prices = randomLogPrices(seed, size, 3).map(Math.exp) as Float64Array;
    if (seed % 3 === 0) for (let i = seed % 7; i < size - 1; i += 5) prices[i] = 0;
    return { economy, prices };
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Adds each of `values` to the entry of `sums` where `place` says. */
function addAt(sums: Float64Array, values: Float64Array, place: (j: number) => number): void {
  values.forEach((x, j) => {
    sums[place(j)] += x;
  });
}

const anySeed = fc.integer({ min: 0, max: 5000 });

describe("who brings and who takes what", () => {
  test("is the sum of everybody's plans, entry by entry", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const found = anything(seed);
        fc.pre(found !== null);
        const { economy, prices } = found!;
        const N = economy.grid.nodes;
        const { plans, volumes } = outcomeOf(economy, prices);
        const [inputs, supply, consumption] = [0, 0, 0].map(() => new Float64Array(prices.length));
        economy.orchestrators.forEach(({ endowment }, i) => {
          for (const [m, series] of endowment) addAt(supply, series, (n) => m * N + n);
          const { commodities, demand } = plans.orchestrators[i];
          addAt(consumption, demand, (j) => commodities[Math.floor(j / N)] * N + (j % N));
        });
        economy.agents.forEach(({ commodities }, a) => {
          const place = (j: number) => commodities[Math.floor(j / N)] * N + (j % N);
          const { supply: y } = plans.agents[a];
          addAt(
            supply,
            y.map((x) => Math.max(0, x)),
            place,
          );
          addAt(
            inputs,
            y.map((x) => Math.max(0, -x)),
            place,
          );
        });
        expect(volumes.supply).toEqual(supply);
        expect(volumes.inputs).toEqual(inputs);
        expect(volumes.consumption).toEqual(consumption);
        expect(volumes.demand).toEqual(consumption.map((c, i) => c + inputs[i]));
      }),
      { numRuns: 100 },
    );
  });

  test("a net put that is no number is brought and taken", () => {
    const { economy, prices } = workshop();
    const plans = plansAt(economy, prices);
    const { supply } = plans.agents[0];
    const agents = [{ ...plans.agents[0], supply: supply.map((y, j) => (j === 0 ? Number.NaN : y)) }];
    const outcome = outcomeOf(economy, prices, { ...plans, agents });
    const [m] = economy.agents[0].commodities;
    expect(outcome.volumes.supply[m]).toBeNaN();
    expect(outcome.volumes.inputs[m]).toBeNaN();
    expect(clearing(outcome).value).toBeNaN();
  });
});

test("verifying leaves the plans as they are, and finds the same again", () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const found = anything(seed);
      fc.pre(found !== null);
      const { economy, prices } = found!;
      const first = verify(economy, prices);
      expect(first.plans).toEqual(plansAt(economy, prices));
      expect(verify(economy, prices).certificate).toEqual(first.certificate);
    }),
    { numRuns: 60 },
  );
});

describe("osc f", () => {
  const contraction = { ...NO_CONTRACTION, local: 0, step: 1 };
  /** At κ = 0 and λ = 1 the estimate of the error is osc f itself. */
  const oscillation = (outcome: Outcome) => priceError(outcome, contraction);

  test("is max f − min f, logs taken of every entry or of few", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (seed, spread) => {
          const { economy, prices } = closedFormEconomy(seed);
          const noise = randomLogPrices(seed, prices.length, spread);
          const outcome = outcomeOf(
            economy,
            prices.map((p, i) => p * Math.exp(noise[i])),
          );
          const { demand, supply } = outcome.volumes;
          const f = Array.from(demand, (d, i) => Math.log(d) - Math.log(supply[i]));
          const { value, place } = oscillation(outcome);
          expect(value).toBeCloseTo(Math.max(...f) - Math.min(...f), 12);
          const at =
            economy.commodities.findIndex(({ name }) => name === place.commodity) * economy.grid.nodes;
          expect(Math.abs(f[at + (place.node as number)])).toBeCloseTo(Math.max(...f.map(Math.abs)), 12);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("is also found where D/S is beyond float64, or 0/0", () => {
    const { economy, prices } = closedFormEconomy(1, { agents: 1, metrics: 2, nodes: 2 });
    const outcome = outcomeOf(economy, prices);
    const volumes = {
      ...outcome.volumes,
      demand: Float64Array.of(1e290, 1e300, 1e-300, 0),
      supply: Float64Array.of(1e-290, 1e-300, 1e300, 0),
    };
    expect(oscillation({ ...outcome, volumes }).value).toBeCloseTo(1200 * Math.log(10), 9);
  });
});
