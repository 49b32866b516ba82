import fc from "fast-check";
import { EigenvalueDecomposition } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { localConstant, localSpectrum } from "../../src/contraction/local.js";
import { defineEconomy } from "../../src/economy/build.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { closedForm, randomSpec } from "../support/economies.js";
import { randomLogPrices } from "../support/prices.js";
import { ces, exchange, type Loose } from "./economies.js";
import { jacobian } from "./jacobian.js";

const seeds = fc.integer({ min: 0, max: 1e6 });

/** Spectral radius on the quotient, densely: all eigenvalues of J but one 1, whose vector is constant. */
function denseRadius(rows: number[][]): number {
  // Differences against the last price are coordinates of the quotient.
  const last = rows.length - 1;
  const quotient = rows.slice(0, last).map((row) => row.slice(0, last).map((x, j) => x - rows[last][j]));
  if (quotient.length === 0) return 0;
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(quotient);
  return Math.max(...realEigenvalues.map((re, i) => Math.hypot(re, imaginaryEigenvalues[i])));
}

describe("the local constant in exact cases", () => {
  test("fixed supply and one CES node: κ = |1 − λσ|, at any prices", async () => {
    await fc.assert(
      fc.asyncProperty(
        seeds,
        fc.integer({ min: 2, max: 6 }),
        fc.double({ min: 0, max: 4, noNaN: true }),
        fc.double({ min: 0.05, max: 1.5, noNaN: true }),
        async (seed, goods, sigma, step) => {
          const names = Array.from({ length: goods }, (_, k) => `g${k}`);
          const endowment = Object.fromEntries(names.map((name, k) => [name, 1 + k]));
          const inputs = Object.fromEntries(names.map((name, k) => [name, 1 / (1 + k)]));
          const economy = exchange({ a: { endowment, preferences: ces(sigma, inputs) } }, names);
          const market = new ReferenceMarket(defineEconomy(economy));
          const q = randomLogPrices(seed, goods, 2);
          expect(await localConstant(market, q, step)).toBeCloseTo(Math.abs(1 - step * sigma), 9);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("Cobb–Douglas and center-0 ellipsoids: max(|1−λ|, |1−2λ|), the first with two or more agents", async () => {
    for (const [agents, step] of [1, 2, 5].flatMap((a) => [0.2, 0.5, 0.6, 0.9].map((s) => [a, s]))) {
      const { spec, logPrice } = closedForm(agents, { agents, metrics: 2, nodes: 4 });
      const economy = defineEconomy(spec);
      const market = new ReferenceMarket(economy);
      const q = logPrice(economy.grid.t, economy.grid.weights);
      const expected = Math.max(agents > 1 ? Math.abs(1 - step) : 0, Math.abs(1 - 2 * step));
      expect(await localConstant(market, q, step)).toBeCloseTo(expected, 9);
    }
  });

  test("complex pairs count: Scarf's economy winds outward", async () => {
    const leontief = (a: string, b: string) => ({
      endowment: { [a]: 1 },
      preferences: ces(0, { [a]: 1, [b]: 1 }),
    });
    const scarf = exchange({ x: leontief("g1", "g2"), y: leontief("g2", "g3"), z: leontief("g3", "g1") }, [
      "g1",
      "g2",
      "g3",
    ]);
    const market = new ReferenceMarket(defineEconomy(scarf));
    const spectrum = await localSpectrum(market, new Float64Array(3), 0.5);
    expect(spectrum?.values.map(({ im }) => im !== 0)).toEqual([true, true]);
    // Neutral in continuous time: θ = 1 ± iλβ, so |θ|² − 1 = λ²β².
    expect(spectrum?.values[0].re).toBeCloseTo(1, 12);
    expect(spectrum?.radius).toBeGreaterThan(1);
  });

  test("nothing can move: one priced commodity-instant", async () => {
    const one = exchange({ a: { endowment: { x: 1 }, preferences: ces(1, { x: 1 }) } }, ["x"]);
    expect(await localConstant(new ReferenceMarket(defineEconomy(one)), new Float64Array(1), 0.5)).toBe(0);
  });
});

test("agrees with the dense spectrum on economies of every family, orchestrators, floors, at random prices", async () => {
  await fc.assert(
    fc.asyncProperty(
      seeds,
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      async (seed, orchestrators, floors) => {
        const economy = defineEconomy(randomSpec(seed, { agents: 7, nodes: 2, orchestrators, floors }));
        const market = new ReferenceMarket(economy);
        const q = randomLogPrices(seed, market.create().length, 0.3);
        const expected = denseRadius(jacobian(market, q, 0.3));
        const spectrum = await localSpectrum(market, q, 0.3);
        expect(spectrum?.converged).toBe(true);
        expect(Math.abs((spectrum?.radius ?? Number.NaN) - expected)).toBeLessThan(1e-7 * (1 + expected));
      },
    ),
    { numRuns: 40 },
  );
});

test("many prices: tens of products, the same radius as densely, the same digits again", async () => {
  const { spec, logPrice } = closedForm(3, { agents: 10, metrics: 3, nodes: 8 });
  const dag = (spec as Loose).orchestrators.main.preferences.dag;
  dag.steps.a3.metric_elasticity = 3;
  dag.steps.a7.metric_elasticity = 0.4;
  const economy = defineEconomy(spec);
  const market = new ReferenceMarket(economy);
  const q = logPrice(economy.grid.t, economy.grid.weights);
  const spectrum = await localSpectrum(market, q, 0.25);
  expect(spectrum?.products).toBeLessThanOrEqual(60);
  expect(spectrum?.radius).toBeCloseTo(denseRadius(jacobian(market, q, 0.25)), 4);
  expect(await localConstant(new ReferenceMarket(economy), q, 0.25)).toBe(spectrum?.radius);
});

test("frozen instants take no part", async () => {
  const goods = ["x", "y", "idle"];
  const nest = (elasticity: number) => ({
    root: "u",
    nodes: {
      u: { elasticity, inputs: { x: 1, v: 1 } },
      v: { elasticity: 0, inputs: { y: 1, idle: 1 } },
    },
  });
  const spec = exchange({ a: { endowment: { x: 1, y: 1, idle: 5 }, preferences: nest(1.5) } }, goods);
  const market = new ReferenceMarket(defineEconomy(spec));
  const q = market.enter(Float64Array.of(1, 1, 0));
  expect(await localConstant(market, q, 0.5)).toBeCloseTo(1 - 0.5 * 1.5, 10);
});

test("null where the derivative is not finite", async () => {
  const economy = defineEconomy(
    exchange({ a: { endowment: { x: 1, y: 1 }, preferences: ces(1, { x: 1, y: 1 }) } }, ["x", "y"]),
  );
  expect(await localConstant(new ReferenceMarket(economy), Float64Array.of(Number.NaN, 0), 0.5)).toBeNull();
});
