import fc from "fast-check";
import { expect, test } from "vitest";
import { contractionBound } from "../../src/contraction/bound.js";
import { defineEconomy, solve } from "../../src/index.js";
import { multiple } from "../../src/market/market.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { t1Spec } from "../contraction/economies.js";
import { hilbert, randomLogPrices } from "../support/prices.js";

const seeds = fc.integer({ min: 0, max: 1e6 });
const shapes = fc.record({
  agents: fc.integer({ min: 1, max: 6 }),
  nodes: fc.integer({ min: 1, max: 5 }),
  first: fc.constantFrom(1, 1.3, 2.5),
});

test("under T1 every step of a whole tâtonnement comes closer to p* by 1 − λσ₀, and osc(f)/σ₀ bounds the distance", async () => {
  await fc.assert(
    fc.asyncProperty(seeds, shapes, async (seed, shape) => {
      const economy = defineEconomy(t1Spec(seed, shape));
      const market = new ReferenceMarket(economy);
      const { step } = market.hints;
      const { bound, sigma0, theorem } = contractionBound(economy, step);
      fc.pre(theorem === "T1" && sigma0 !== null && bound !== null);
      const solution = await solve(economy, { tolerance: 1e-12 });
      const active = Array.from(solution.prices.data.keys()).filter((i) => solution.prices.data[i] > 0);
      const distanceOf = (q: Float64Array): number =>
        hilbert(
          active.map((i) => q[i]),
          active.map((i) => Math.log(solution.prices.data[i])),
        );
      let q = randomLogPrices(seed, market.create().length, 4);
      const f = market.create();
      for (let k = 0; k < 40; k++) {
        const { oscillation } = market.residual(q, f);
        const distance = distanceOf(q);
        expect(distance).toBeLessThanOrEqual(oscillation / (sigma0 as number) + 1e-11);
        if (distance < 1e-9) break;
        const next = market.create();
        market.advance(q, multiple(step, f), Infinity, next);
        expect(distanceOf(next)).toBeLessThanOrEqual((bound as number) * distance + 1e-11);
        q = next;
      }
    }),
    { numRuns: 40 },
  );
});

test("under T1 a solve is certified with a bound that holds, by every solver", async () => {
  await fc.assert(
    fc.asyncProperty(seeds, shapes, async (seed, shape) => {
      const economy = defineEconomy(t1Spec(seed, shape));
      const close = await solve(economy, { tolerance: 1e-12 });
      for (const solver of ["tatonnement", "anderson", "krasnoselskii"]) {
        const rough = await solve(economy, { solver, tolerance: 1e-3 });
        expect(rough.certificate.error_kind).toBe("bound");
        const logs = (p: Float64Array) => Array.from(p).flatMap((x) => (x > 0 ? [Math.log(x)] : []));
        const distance = hilbert(logs(rough.prices.data), logs(close.prices.data));
        expect(distance).toBeLessThanOrEqual((rough.certificate.error_bound as number) + 1e-10);
      }
    }),
    { numRuns: 25 },
  );
});
