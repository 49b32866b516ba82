import { describe, expect, test } from "vitest";
import { uniformSource } from "../../src/core/rng.js";
import { defineEconomy } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { randomSpec } from "../support/economies.js";

function blended(seed: number) {
  const economy = defineEconomy(randomSpec(seed, { orchestrators: 1 + (seed % 3), floors: seed % 2 === 0 }));
  const market = new ReferenceMarket(economy);
  const uniform = uniformSource(seed + 1000);
  const random = () => market.create().map(() => uniform() - 0.5);
  const start = market.enter(new Float64Array(market.create().length).fill(1));
  market.residual(start, market.create());
  market.anchor();
  const at = (q: Float64Array, t: number) => {
    const F = market.create();
    market.residual(q, market.create());
    market.blend(t, F);
    return F;
  };
  return { market, start, random, at };
}

const seeds = [1, 2, 3, 4, 5, 6];

describe("the trader of the convex homotopy", () => {
  test.each(seeds)("alone he is in equilibrium where he was anchored, and nowhere else (seed %i)", (seed) => {
    const { start, random, at } = blended(seed);
    expect(Math.max(...at(start, 1).map(Math.abs))).toBeLessThan(1e-12);
    const elsewhere = start.map((x, i) => x + random()[i]);
    expect(Math.max(...at(elsewhere, 1).map(Math.abs))).toBeGreaterThan(1e-2);
  });

  test.each(seeds)("without him it is the economy's own residual (seed %i)", (seed) => {
    const { market, start, random, at } = blended(seed);
    const q = start.map((x, i) => x + 0.3 * random()[i]);
    const f = market.create();
    market.residual(q, f);
    at(q, 0).forEach((x, i) => {
      expect(x).toBeCloseTo(f[i], 12);
    });
  });

  test.each(seeds)(
    "the derivative along (q, t) is that of differences, scale does not matter (seed %i)",
    (seed) => {
      const { market, start, random, at } = blended(seed);
      const q = start.map((x, i) => x + 0.3 * random()[i]);
      const [dq, dt, t, h] = [random(), 0.7, 0.4, 1e-6];
      const analytic = market.create();
      market.blendDerivative(q, t, dq, dt, analytic);
      const shifted = (side: number) =>
        at(
          q.map((x, i) => x + side * h * dq[i]),
          t + side * h * dt,
        );
      const [after, before] = [shifted(1), shifted(-1)];
      const scale = Math.max(...analytic.map(Math.abs));
      analytic.forEach((x, i) => {
        expect(Math.abs(x - (after[i] - before[i]) / (2 * h))).toBeLessThan(1e-6 * scale);
      });
      market.blendDerivative(q, t, market.create(1), 0, analytic);
      expect(Math.max(...analytic.map(Math.abs))).toBeLessThan(1e-12);
    },
  );
});
