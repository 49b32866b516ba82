import { expect, test } from "vitest";
import { openMarket } from "../../src/backends/registry.js";
import { krylovSpectrum } from "../../src/contraction/arnoldi.js";
import { lanczosSpectrum } from "../../src/contraction/lanczos.js";
import { linearize, quotientEigenvalues } from "../../src/contraction/linearization.js";
import { localSpectrum } from "../../src/contraction/local.js";
import { defineEconomy } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import { solve } from "../../src/index.js";
import type { Market } from "../../src/market/market.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { closedForm, randomSpec } from "../support/economies.js";
import { randomLogPrices } from "../support/prices.js";
import { t1Spec } from "./economies.js";

const ALL = () => false;

async function atEquilibrium(economy: Economy) {
  const { prices, status } = await solve(economy);
  expect(status).toBe("solved");
  const market = new ReferenceMarket(economy);
  return { market, q: market.enter(Float64Array.from(prices.data)) };
}

/** One orchestrator, ellipsoids with center ≥ 0, any elasticities: T3 holds. */
const selfAdjoint = (seed: number) => defineEconomy(t1Spec(seed, { agents: 9, nodes: 12 }));

test("where T3 holds the ends of the spectrum are those of Arnoldi's method, and the dense ones", async () => {
  for (const seed of [1, 2, 3]) {
    const { market, q } = await atEquilibrium(selfAdjoint(seed));
    const thetas = quotientEigenvalues((await linearize(market, q)) ?? expect.fail()).map(({ re }) => re);
    for (const products of [15, 40, 120]) {
      const lanczos = (await lanczosSpectrum(market, q, products, ALL)) ?? expect.fail();
      const arnoldi = (await krylovSpectrum(market, q, products, ALL)) ?? expect.fail();
      const ends = (found: typeof lanczos) => {
        const values = found.pairs.map(({ re }) => re);
        return [Math.min(...values), Math.max(...values)];
      };
      const [least, largest] = ends(lanczos);
      expect(least).toBeCloseTo(ends(arnoldi)[0], 8);
      expect(largest).toBeCloseTo(ends(arnoldi)[1], 8);
      // Every Ritz value lies between eigenvalues, and within its residual of one of them: no constant has crept in, with its 0.
      expect(least).toBeGreaterThan(thetas[0] - 1e-8);
      expect(largest).toBeLessThan((thetas.at(-1) ?? 0) + 1e-8);
      for (const { re, im, residual } of lanczos.pairs) {
        const nearest = thetas.reduce((min, theta) => Math.min(min, Math.abs(theta - re)), Infinity);
        expect(nearest).toBeLessThan(residual + 1e-7);
        expect(im).toBe(0);
      }
    }
  }
});

test("ends where the space is invariant: Cobb–Douglas and center-0 ellipsoids have the eigenvalues 1 and 2 alone", async () => {
  const { spec, logPrice } = closedForm(3, { agents: 10, metrics: 3, nodes: 20 });
  const { grid } = defineEconomy(spec);
  const market = new ReferenceMarket(defineEconomy(spec));
  const found = await lanczosSpectrum(market, logPrice(grid.t, grid.weights), 60, ALL);
  expect(found?.invariant).toBe(true);
  expect(found?.pairs.map(({ re }) => re)).toEqual([expect.closeTo(2, 12), expect.closeTo(1, 12)]);
});

test("null where E is not self-adjoint: away from the equilibrium, and with several orchestrators at it", async () => {
  const economy = selfAdjoint(1);
  const market = new ReferenceMarket(economy);
  const away = randomLogPrices(1, market.create().length, 0.3);
  expect(await lanczosSpectrum(market, away, 40, ALL)).toBeNull();
  const several = await atEquilibrium(
    defineEconomy(randomSpec(3, { agents: 7, nodes: 3, orchestrators: 3, floors: false })),
  );
  expect(await lanczosSpectrum(several.market, several.q, 40, ALL)).toBeNull();
});

test("as wasm computes it, so does the reference", async () => {
  const economy = selfAdjoint(4);
  const { market, q } = await atEquilibrium(economy);
  const wasm = openMarket("wasm", economy).market as Market<Float64Array>;
  const there = wasm.enter(Float64Array.from(q, Math.exp));
  const [a, b] = [await localSpectrum(market, q, 0.2, true), await localSpectrum(wasm, there, 0.2, true)];
  expect(a?.radius).toBeCloseTo(b?.radius ?? Number.NaN, 9);
  expect(a?.best?.step).toBeCloseTo(b?.best?.step ?? Number.NaN, 9);
  wasm.dispose();
});
