import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spectralInterval } from "../../src/contraction/interval.js";
import { linearize, quotientEigenvalues } from "../../src/contraction/linearization.js";
import { localSpectrum } from "../../src/contraction/local.js";
import { defineEconomy } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import { solve } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { closedForm, type RandomOptions, randomSpec } from "../support/economies.js";
import { ces, exchange, type Loose } from "./economies.js";

const seeds = fc.integer({ min: 0, max: 1e6 });

/** Eigenvalues of E = −∂f/∂q on the quotient at the equilibrium, densely, and that equilibrium. */
async function spectrumAtEquilibrium(economy: Economy) {
  const solution = await solve(economy, { tolerance: 1e-10 });
  expect(solution.status).toBe("solved");
  const market = new ReferenceMarket(economy);
  const linearization = await linearize(market, market.enter(Float64Array.from(solution.prices.data)));
  if (linearization === null) throw new Error("not linearized");
  return { eigenvalues: quotientEigenvalues(linearization), solution };
}

const homothetic: RandomOptions = {
  agents: 4,
  families: ["point", "ellipsoid"],
  elasticity: [0.1, 8],
  shared: false,
};

describe("T3", () => {
  test("the spectrum at the equilibrium is real and lies in [σ_min, σ_max + e_S], any elasticities, any DAG", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const economy = defineEconomy(randomSpec(seed, homothetic));
        const { interval } = spectralInterval(economy);
        const { eigenvalues } = await spectrumAtEquilibrium(economy);
        for (const { re, im } of eigenvalues) {
          expect(Math.abs(im)).toBeLessThan(1e-8);
          expect(re).toBeGreaterThan((interval?.least ?? Number.NaN) - 1e-8);
          expect(re).toBeLessThan((interval?.largest ?? Number.NaN) + 1e-8);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("its λ gives T_λ its local constant, or a better one; no λ does better than the best of the spectrum", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const economy = defineEconomy(randomSpec(seed, homothetic));
        const { interval } = spectralInterval(economy);
        const { eigenvalues, solution } = await spectrumAtEquilibrium(economy);
        const market = new ReferenceMarket(economy);
        const q = market.enter(Float64Array.from(solution.prices.data));
        const spectrum = await localSpectrum(market, q, interval?.step ?? Number.NaN);
        expect(spectrum?.radius).toBeLessThanOrEqual((interval?.rate ?? Number.NaN) + 1e-8);
        expect(spectrum?.best?.constant).toBeLessThanOrEqual((spectrum?.radius ?? Number.NaN) + 1e-12);
        const [least, largest] = [eigenvalues[0].re, eigenvalues[eigenvalues.length - 1].re];
        expect(spectrum?.best?.step).toBeCloseTo(2 / (least + largest), 7);
        expect(spectrum?.best?.constant).toBeCloseTo((largest - least) / (largest + least), 7);
      }),
      { numRuns: 15 },
    );
  });

  test("its λ is the best where the spectrum attains both ends", async () => {
    const { spec, logPrice } = closedForm(3, { agents: 3, metrics: 2, nodes: 4 });
    const economy = defineEconomy(spec);
    const market = new ReferenceMarket(economy);
    const q = logPrice(economy.grid.t, economy.grid.weights);
    const { interval } = spectralInterval(economy);
    const spectrum = await localSpectrum(market, q, 0.1);
    expect(interval?.step).toBeCloseTo(2 / 3, 14);
    expect(spectrum?.best?.step).toBeCloseTo(2 / 3, 10);
    expect(spectrum?.best?.constant).toBeCloseTo(interval?.rate ?? Number.NaN, 10);
    expect((await localSpectrum(market, q, 2 / 3))?.radius).toBeCloseTo(1 / 3, 10);
  });

  test("floors multiply σ_min by the least 1 − γ/D, known from a solution", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const spec: Loose = randomSpec(seed, homothetic);
        spec.orchestrators.o0.floors = { "a0/m0": 0.3, "a1/m1": 0.2 };
        const economy = defineEconomy(spec);
        expect(spectralInterval(economy).failures.map(({ hypothesis }) => hypothesis)).toEqual([
          "floors",
          "floors",
        ]);
        const { eigenvalues, solution } = await spectrumAtEquilibrium(economy);
        const { commodities, demand } = solution.plans.orchestrators[0];
        const beyond = [...commodities].flatMap((m, row) =>
          Array.from(economy.grid.t, (_, n) => {
            const floor = economy.orchestrators[0].floors.get(m)?.[n] ?? 0;
            return 1 - floor / demand[row * economy.grid.nodes + n];
          }),
        );
        const { interval } = spectralInterval(economy, Math.min(...beyond));
        for (const { re } of eigenvalues) {
          expect(re).toBeGreaterThan((interval?.least ?? Number.NaN) - 1e-8);
          expect(re).toBeLessThan((interval?.largest ?? Number.NaN) + 1e-8);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("proportional incomes demand as one consumer, with elasticity 1 between orchestrators", async () => {
    const owns = { endowment: { x: 1, y: 2, z: 0.5 } };
    const economy = defineEconomy(
      exchange(
        {
          a: { ...owns, preferences: ces(3, { x: 1, y: 1 }) },
          b: { ...owns, preferences: ces(2, { z: 1, y: 1 }) },
        },
        ["x", "y", "z"],
      ),
    );
    const { interval } = spectralInterval(economy);
    expect([interval?.least, interval?.largest]).toEqual([1, 3]);
    const { eigenvalues } = await spectrumAtEquilibrium(economy);
    for (const { re } of eigenvalues) {
      expect(re).toBeGreaterThan(1 - 1e-8);
      expect(re).toBeLessThan(3 + 1e-8);
    }
  });

  test("fixed supply and one CES node: the interval is a point, its λ exact", async () => {
    const economy = defineEconomy(
      exchange({ a: { endowment: { x: 1, y: 2 }, preferences: ces(2, { x: 1, y: 2 }) } }, ["x", "y"]),
    );
    const found = await localSpectrum(new ReferenceMarket(economy), Float64Array.of(0.3, -1), 0.2);
    expect(found?.best?.step).toBeCloseTo(0.5, 14);
    expect(found?.best?.constant).toBeCloseTo(0, 14);
    expect(spectralInterval(economy).interval).toEqual({
      least: 2,
      largest: 2,
      step: 0.5,
      rate: 0,
      heavyBall: { step: 0.5, momentum: 0, rate: 0 },
    });
  });

  test("names the hypothesis that fails", () => {
    const failing = (spec: Loose) => spectralInterval(defineEconomy(spec)).failures.map(({ where }) => where);
    const hull: Loose = randomSpec(1, { ...homothetic, families: ["point", "hull"] });
    expect(failing(hull).join()).toMatch(/agent a1/);
    expect(failing(randomSpec(1, { ...homothetic, orchestrators: 2 })).join()).toMatch(
      /orchestrators o0, o1/,
    );
  });
});
