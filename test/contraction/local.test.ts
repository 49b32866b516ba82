import fc from "fast-check";
import { EigenvalueDecomposition } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { bestStep, constantAt } from "../../src/contraction/best-step.js";
import { type Linearization, linearize, quotientEigenvalues } from "../../src/contraction/linearization.js";
import { localConstant, localSpectrum } from "../../src/contraction/local.js";
import { defineEconomy } from "../../src/economy/build.js";
import { solve } from "../../src/index.js";
import type { Market, Readout } from "../../src/market/market.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { closedForm, randomSpec } from "../support/economies.js";
import { randomLogPrices } from "../support/prices.js";
import { ces, exchange, type Loose, t1Spec } from "./economies.js";
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
          expect(await localConstant(market, q, step)).toBeCloseTo(Math.abs(1 - step * sigma), 10);
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
      expect(await localConstant(market, q, step)).toBeCloseTo(expected, 10);
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

test("many prices, several orchestrators, complex pairs: within 2e-3 of the dense spectrum, and so is the best λ", async () => {
  let [complex, further] = [0, 0];
  for (let seed = 0; seed < 4; seed++) {
    const economy = defineEconomy(t1Spec(seed, { agents: 8, nodes: 9, orchestrators: 3 }));
    const market = new ReferenceMarket(economy);
    const q = randomLogPrices(seed, market.create().length, 1.5);
    const thetas = quotientEigenvalues((await linearize(market, q)) as Linearization);
    complex += thetas.filter(({ im }) => im > 1e-6).length;
    expect(thetas.length).toBeGreaterThan(128);
    for (const step of [0.1, 0.9]) {
      const plain = await localSpectrum(market, q, step);
      const spectrum = await localSpectrum(market, q, step, true);
      expect(spectrum?.products).toBeLessThanOrEqual(60);
      expect(spectrum?.products).toBeLessThanOrEqual((plain?.products ?? 0) + 30);
      further = Math.max(further, (spectrum?.products ?? 0) - (plain?.products ?? 0));
      expect(Math.abs((spectrum?.radius ?? Number.NaN) - constantAt(thetas, step))).toBeLessThan(2e-3);
      const { step: best, constant } = spectrum?.best ?? expect.fail();
      expect(constantAt(thetas, best)).toBeLessThan((bestStep(thetas)?.constant ?? 0) + 2e-3);
      expect(constant).toBeCloseTo(constantAt(thetas, best), 2);
    }
  }
  expect(complex).toBeGreaterThan(0);
  expect(further).toBeGreaterThan(10);
});

/** A market whose E is diagonal but for the projection that takes constants out, with spending alike everywhere. */
function diagonalMarket(thetas: Float64Array): Market<Float64Array> {
  const centered = (v: Float64Array) => {
    const mean = v.reduce((sum, x) => sum + x, 0) / v.length;
    return v.map((x) => x - mean);
  };
  const market: Partial<Market<Float64Array>> = {
    hints: { size: thetas.length, step: 1, resolution: 1e-12, potential: true },
    create: (value = 0) => new Float64Array(thetas.length).fill(value),
    release: () => {},
    adopt: (v) => v,
    download: (v) => v,
    prices: (q) => q.map(Math.exp),
    residual: () => ({ finite: true, afford: 1 }) as Readout,
    reweigh: () => {},
    dots: (vectors, v) =>
      Float64Array.from(vectors, (u) => u.reduce((sum, x, i) => sum + x * v[i], 0) / v.length),
    combine: (coefficients, vectors, out) => {
      out.set(out.map((_, i) => vectors.reduce((sum, v, j) => sum + coefficients[j] * v[i], 0)));
    },
    derivative: (_, dq, out) => {
      out.set(centered(centered(dq).map((x, i) => -thetas[i] * x)));
    },
  };
  return market as Market<Float64Array>;
}

test("a few products more settle the best λ; above 20 000 prices none", async () => {
  for (const size of [500, 21_000]) {
    // One price far from the others leads soon; those that are slowest lie close together.
    const thetas = Float64Array.from({ length: size }, (_, i) => (i === 0 ? 20 : 0.5 + (1.5 * i) / size));
    const market = diagonalMarket(thetas);
    const plain = (await localSpectrum(market, market.create(), 1)) ?? expect.fail();
    const spectrum = (await localSpectrum(market, market.create(), 1, true)) ?? expect.fail();
    expect(plain.converged).toBe(true);
    expect(plain.products).toBeLessThan(20);
    if (size > 20_000) expect(spectrum).toEqual(plain);
    else {
      // The outcome is looked at every ten products by then.
      expect(spectrum.products).toBeGreaterThanOrEqual(plain.products + 30);
      expect(spectrum.products).toBeLessThan(plain.products + 40);
      expect(spectrum.radius).toBeCloseTo(plain.radius, 10);
      expect(spectrum.best?.step).toBeCloseTo(2 / 20.5, 3);
    }
  }
});

test("no product more than what decides the best λ", async () => {
  const { spec, logPrice } = closedForm(3, { agents: 10, metrics: 3, nodes: 20 });
  const { grid } = defineEconomy(spec);
  const market = new ReferenceMarket(defineEconomy(spec));
  const spectrum = await localSpectrum(market, logPrice(grid.t, grid.weights), 0.9, true);
  expect(spectrum?.products).toBeLessThan(10);
  expect(spectrum?.best?.constant).toBeCloseTo(1 / 3, 9);
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

test("goods of hardly any value count: shares of 1e-30", async () => {
  const nodes = {
    u: { elasticity: 1.5, inputs: { x: 1, w: 2, v: 1e-30 } },
    v: { elasticity: 0.2, inputs: { y: 1, z: 1 } },
  };
  const endowment = { x: 1, w: 1, y: 1, z: 2 };
  const economy = defineEconomy(
    exchange({ a: { endowment, preferences: { root: "u", nodes } } }, ["x", "w", "y", "z"]),
  );
  const { prices, status } = await solve(economy);
  expect(status).toBe("solved");
  const market = new ReferenceMarket(economy);
  const spectrum = await localSpectrum(market, market.enter(Float64Array.from(prices.data)), 0.5);
  expect(spectrum?.radius).toBeCloseTo(1 - 0.5 * 0.2, 9);
  expect(spectrum?.best?.step).toBeCloseTo(2 / 1.7, 9);
});

test("null where floors cannot be paid, where f is not defined", async () => {
  const floors = { x: 0.9, y: 0.9 };
  const poor = exchange(
    {
      a: { endowment: { x: 1, y: 1 }, preferences: ces(1, { x: 1, y: 1 }) },
      b: { endowment: { x: 1 }, floors, preferences: ces(1, { x: 1, y: 1 }) },
    },
    ["x", "y"],
  );
  const market = new ReferenceMarket(defineEconomy(poor));
  expect(await localConstant(market, Float64Array.of(0, 0), 0.5)).toBeNull();
  expect(await localConstant(market, Float64Array.of(3, 0), 0.5)).not.toBeNull();
});

test("null where the derivative is not finite", async () => {
  const economy = defineEconomy(
    exchange({ a: { endowment: { x: 1, y: 1 }, preferences: ces(1, { x: 1, y: 1 }) } }, ["x", "y"]),
  );
  expect(await localConstant(new ReferenceMarket(economy), Float64Array.of(Number.NaN, 0), 0.5)).toBeNull();
});
