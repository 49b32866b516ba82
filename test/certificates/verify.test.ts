import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outcomeOf } from "../../src/certificates/outcome.js";
import { plansAt } from "../../src/certificates/plans.js";
import { type ContractionFacts, NO_CONTRACTION } from "../../src/certificates/uniqueness.js";
import { CERTIFIED_ITEMS, examine, verify } from "../../src/certificates/verify.js";
import { contractionBound } from "../../src/contraction/bound.js";
import { uniformSource } from "../../src/core/rng.js";
import { defineEconomy } from "../../src/economy/build.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { FAMILIES, type RandomOptions, randomSpec } from "../support/economies.js";
import { hilbert, randomLogPrices } from "../support/prices.js";
import { closedFormEconomy, normalized, workshop } from "./economies.js";

const seeds = fc.integer({ min: 0, max: 1e6 });
const shapes: fc.Arbitrary<RandomOptions> = fc.record({
  agents: fc.integer({ min: 1, max: 7 }),
  nodes: fc.integer({ min: 1, max: 5 }),
  rule: fc.constantFrom("midpoint" as const, "gauss-legendre" as const),
  orchestrators: fc.integer({ min: 1, max: 3 }),
  floors: fc.boolean(),
});
const widths = fc.double({ min: 0.1, max: 6, noNaN: true });

describe("at random prices, any family, any number of orchestrators", () => {
  test("Walras' law, budgets, profits, membership and expenditure hold, and utilisation is at most 1", () => {
    fc.assert(
      fc.property(seeds, shapes, widths, fc.constantFrom(...FAMILIES), (seed, shape, width, family) => {
        const economy = defineEconomy(randomSpec(seed, { ...shape, families: [family] }));
        const q = randomLogPrices(seed, economy.commodities.length * economy.grid.nodes, width);
        const { certificate, plans } = verify(economy, normalized(economy, q.map(Math.exp)));
        const afford = plans.orchestrators.every(({ utility }) => utility > 0);
        fc.pre(afford);
        expect(certificate.walras).toBeLessThanOrEqual(1e-13);
        expect(certificate.budget_gap).toBeLessThan(1e-12);
        expect(certificate.expenditure_gap).toBeLessThan(1e-11);
        expect(certificate.profit_gap).toBeLessThan(1e-11);
        expect(certificate.membership_gap).toBeLessThan(1e-9);
        if (certificate.utilization !== null) expect(certificate.utilization).toBeLessThanOrEqual(1 + 1e-12);
      }),
      { numRuns: 200 },
    );
  });

  test("clearing is what the market sees by its own route", () => {
    fc.assert(
      fc.property(seeds, shapes, (seed, shape) => {
        const economy = defineEconomy(randomSpec(seed, shape));
        const market = new ReferenceMarket(economy);
        const q = randomLogPrices(seed, market.create().length, 0.5);
        const { clearing, afford } = market.residual(q, market.create());
        fc.pre(afford > 0);
        const ratio = verify(economy, market.prices(q)).certificate.clearing / clearing;
        expect(ratio).toBeCloseTo(1, 10);
      }),
      { numRuns: 60 },
    );
  });

  test("plans are numbers also where prices are 0, and only what is wanted there may be unbounded", () => {
    fc.assert(
      fc.property(seeds, shapes, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (seed, shape, zeros) => {
        const economy = defineEconomy(randomSpec(seed, shape));
        const uniform = uniformSource(seed);
        const prices = Float64Array.from({ length: economy.commodities.length * economy.grid.nodes }, () =>
          uniform() < zeros ? 0 : uniform(),
        );
        fc.pre(prices.some((p) => p > 0));
        const { agents, orchestrators } = plansAt(economy, prices);
        for (const { supply, profit } of agents)
          expect([...supply, profit].every(Number.isFinite)).toBe(true);
        for (const { income, commodities, demand, routing } of orchestrators) {
          expect(Number.isFinite(income)).toBe(true);
          expect(routing.every((row) => row.every(Number.isFinite))).toBe(true);
          demand.forEach((c, j) => {
            const p =
              prices[
                commodities[Math.floor(j / economy.grid.nodes)] * economy.grid.nodes +
                  (j % economy.grid.nodes)
              ];
            expect(p === 0 ? c >= 0 : Number.isFinite(c)).toBe(true);
          });
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("failures", () => {
  test("names item, amount and place", () => {
    const { economy } = workshop();
    const { failures, certificate } = verify(economy, normalized(economy, Float64Array.of(1, 0.6, 0)));
    const [first] = failures(1e-8);
    expect(first).toEqual({
      item: "clearing",
      found: certificate.clearing,
      allowed: 1e-8,
      where: "work, node 0",
    });
  });

  test("utilisation is allowed to be no less than 1 − tolerance", () => {
    const { economy, prices } = workshop();
    const plans = plansAt(economy, prices);
    plans.agents[0].supply[0] *= 0.99;
    const failure = examine(outcomeOf(economy, prices, plans))
      .failures(1e-3)
      .find(({ item }) => item === "utilization");
    expect(failure?.allowed).toBe(1 - 1e-3);
    expect(failure?.found).toBeLessThan(1 - 1e-3);
  });

  test.each([Number.NaN, -1, Infinity])("prices of %s pass nothing they touch, at any tolerance", (bad) => {
    const { economy } = workshop();
    const { failures } = verify(economy, Float64Array.of(1, bad, 0));
    const failed = failures(0.999).map(({ item }) => item);
    expect(failed).toContain("clearing");
    expect(failed).toContain("budget_gap");
    expect(failed).toContain("utilization");
  });

  test("prices that are all 0 pass nothing that is measured by incomes", () => {
    const { economy } = workshop();
    const failed = verify(economy, new Float64Array(3))
      .failures(0.999)
      .map(({ item }) => item);
    expect(failed).toEqual(expect.arrayContaining(["walras", "budget_gap", "utilization"]));
  });

  test("prices of another economy's shape are refused", () => {
    expect(() => verify(workshop().economy, new Float64Array(2))).toThrow(RangeError);
  });

  test("every certified item is a number of the certificate, and has a place", () => {
    const { certificate, places } = verify(workshop().economy, workshop().prices);
    for (const item of CERTIFIED_ITEMS) {
      expect(typeof certificate[item]).toBe("number");
      expect(typeof places[item]).toBe("object");
    }
  });
});

describe("uniqueness and error", () => {
  const local = (kappa: number | null, step = 0.5): ContractionFacts => ({
    ...NO_CONTRACTION,
    local: kappa,
    step,
  });

  test("under T1 osc(f)/σ₀ bounds the distance to the equilibrium", () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 1e-8, max: 1, noNaN: true }), (seed, width) => {
        const { economy, prices } = closedFormEconomy(seed);
        const noise = randomLogPrices(seed, prices.length, width);
        const near = prices.map((p, i) => p * Math.exp(noise[i]));
        const bound = contractionBound(economy, 0.5);
        const { certificate } = verify(economy, near, { ...NO_CONTRACTION, bound, step: 0.5 });
        expect(certificate.error_kind).toBe("bound");
        expect(hilbert(near.map(Math.log), prices.map(Math.log))).toBeLessThanOrEqual(
          (certificate.error_bound as number) + 1e-13,
        );
      }),
      { numRuns: 40 },
    );
  });

  test("elsewhere osc(λf)/(1−κ) is an estimate: near the equilibrium of the order of the distance", () => {
    const { economy, prices } = closedFormEconomy(2, { agents: 3, nodes: 3 });
    const near = prices.map((p, i) => p * (1 + 1e-6 * Math.sin(i)));
    // λ = 0.5, Cobb–Douglas and center-0 ellipsoids: κ = max(|1 − λ|, |1 − 2λ|) = 0.5.
    const { error_bound, error_kind } = verify(economy, near, local(0.5)).certificate;
    const distance = hilbert(near.map(Math.log), prices.map(Math.log));
    expect(error_kind).toBe("estimate");
    expect((error_bound as number) / distance).toBeGreaterThan(0.5);
    expect((error_bound as number) / distance).toBeLessThan(4);
  });

  test("is unknown without a contraction, and where f is not finite", () => {
    const { economy, prices } = closedFormEconomy(2);
    for (const facts of [NO_CONTRACTION, local(1), local(1.2), local(Number.NaN)]) {
      expect(verify(economy, prices, facts).certificate).toMatchObject({
        error_bound: null,
        error_kind: null,
      });
    }
    const plans = plansAt(economy, prices);
    plans.agents[0].supply.fill(0);
    expect(examine(outcomeOf(economy, prices, plans), local(0.5)).certificate.error_bound).toBeNull();
  });

  test("a rate bounds nothing where something wanted is free: the equilibrium has no such price", () => {
    const { economy, prices } = closedFormEconomy(2);
    const bound = contractionBound(economy, 0.5);
    prices[3] = 0;
    const { certificate } = verify(economy, prices, { ...NO_CONTRACTION, bound, step: 0.5 });
    expect(certificate).toMatchObject({ error_bound: null, error_kind: null });
    expect(certificate.clearing).toBeGreaterThan(1);
  });
});
