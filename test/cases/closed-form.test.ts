import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineEconomy, solve } from "../../src/index.js";
import { closedForm } from "../support/economies.js";
import { hilbert } from "../support/prices.js";

const shapes = fc.record({
  agents: fc.integer({ min: 1, max: 8 }),
  metrics: fc.integer({ min: 1, max: 4 }),
  nodes: fc.integer({ min: 1, max: 24 }),
  rule: fc.constantFrom("midpoint" as const, "gauss-legendre" as const),
  fixed: fc.boolean(),
});

describe("the closed forms of model.md section 8", () => {
  test("one orchestrator, all elasticities 1: any size, any seed, both grids, to 1e-9", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), shapes, async (seed, shape) => {
        const { spec, logPrice } = closedForm(seed, shape);
        const economy = defineEconomy(spec);
        const solution = await solve(economy);
        expect(solution.status).toBe("solved");
        const expected = logPrice(economy.grid.t, economy.grid.weights);
        expect(hilbert(solution.prices.data.map(Math.log), expected)).toBeLessThan(1e-9);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [400, 5, 48],
    [40, 4, 500],
    [2, 2, 3000],
  ])("at %d agents × %d metrics × %d nodes", async (agents, metrics, nodes) => {
    const { spec, logPrice } = closedForm(1, { agents: Math.min(agents, 40), metrics, nodes });
    const economy = defineEconomy(spec);
    const solution = await solve(economy);
    expect(solution.status).toBe("solved");
    expect(
      hilbert(solution.prices.data.map(Math.log), logPrice(economy.grid.t, economy.grid.weights)),
    ).toBeLessThan(1e-9);
  });

  test("two log orchestrators in continuous time: p = W₁ρ̂₁ + W₂ρ̂₂, on both grids", async () => {
    const [r1, r2, delta] = [0.7, 2.1, 1.3];
    for (const rule of ["midpoint", "gauss-legendre"] as const) {
      const economy = defineEconomy({
        format: "walras/1",
        time: { horizon: 1, nodes: 40, rule },
        commodities: { good: {} },
        orchestrators: Object.fromEntries(
          [r1, r2].map((rate, i) => [
            `o${i}`,
            {
              endowment: { good: (t: number) => (i === 0 ? Math.exp(-delta * t) : 1 - Math.exp(-delta * t)) },
              discount: (t: number) => Math.exp(-rate * t),
              preferences: { root: "u", nodes: { u: { elasticity: 1, inputs: { good: 1 } } } },
            },
          ]),
        ),
      });
      const { t, weights } = economy.grid;
      const density = (rate: number): number[] => {
        const total = t.reduce((sum, x, n) => sum + weights[n] * Math.exp(-rate * x), 0);
        return Array.from(t, (x) => Math.exp(-rate * x) / total);
      };
      const [rho1, rho2] = [density(r1), density(r2)];
      const mean = (rho: number[]): number =>
        rho.reduce((sum, x, n) => sum + weights[n] * x * Math.exp(-delta * t[n]), 0);
      const [a, b] = [mean(rho1), mean(rho2)];
      const W1 = b / (1 - a + b);
      const expected = rho1.map((x, n) => Math.log(W1 * x + (1 - W1) * rho2[n]));
      const solution = await solve(economy);
      expect(solution.status).toBe("solved");
      expect(hilbert(solution.prices.data.map(Math.log), expected)).toBeLessThan(1e-9);
    }
  });
});
