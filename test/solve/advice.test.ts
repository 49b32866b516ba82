import { describe, expect, test } from "vitest";
import { linearize, quotientEigenvalues } from "../../src/contraction/linearization.js";
import { defineEconomy, type Economy, solve } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";

/** Scarf's economy: tâtonnement orbits around its only equilibrium, p = 1. */
const scarf = (): Economy => {
  const goods = ["a", "b", "c"];
  return defineEconomy({
    commodities: { a: {}, b: {}, c: {} },
    orchestrators: Object.fromEntries(
      goods.map((own, i) => {
        const inputs = { [own]: 1, [goods[(i + 1) % 3]]: 1 };
        const preferences = { root: "u", nodes: { u: { elasticity: 0, inputs } } };
        return [`owner of ${own}`, { endowment: { [own]: 1 }, preferences }];
      }),
    ),
  });
};

const startAt = (economy: Economy, values: readonly number[]) => ({
  grid: null,
  prices: new Map(economy.commodities.map(({ name }, m) => [name, Float64Array.of(values[m])])),
});

describe("outcomes and their advice", () => {
  test("cycling: the period is that of the eigenvalues; auto, as advised, solves it", async () => {
    const economy = scarf();
    const start = startAt(economy, [1.02, 1, 0.99]);
    const step = 0.2;
    const { status, message } = await solve(economy, { solver: "tatonnement", step, start });
    expect(status).toBe("cycling");
    const period = Number(/about (\d+) steps a turn/.exec(message)?.[1]);
    const market = new ReferenceMarket(economy);
    const [theta] = quotientEigenvalues(
      (await linearize(market, market.enter(new Float64Array(3).fill(1))))!,
    );
    const turn = Math.abs(Math.atan2(-step * theta.im, 1 - step * theta.re));
    expect(period / ((2 * Math.PI) / turn)).toBeGreaterThan(0.85);
    expect(period / ((2 * Math.PI) / turn)).toBeLessThan(1.15);
    expect(message).toContain("--solver auto");
    expect((await solve(economy, { start })).status).toBe("solved");
  });

  test("stalled: Newton's method alone far from Scarf's equilibrium; auto, as advised, solves it", async () => {
    const economy = scarf();
    const start = startAt(economy, [1, 0.05, 20]);
    const { status, message } = await solve(economy, { solver: "newton-krylov", start });
    expect(status).toBe("stalled");
    expect(message).toContain("--solver auto");
    expect((await solve(economy, { start })).status).toBe("solved");
  });

  /** Two goods, one CES of elasticity σ, fixed supply: p₁/p₂ = ((a₁/x₁)/(a₂/x₂))^{1/σ}. */
  const apart = (elasticity: number) =>
    defineEconomy({
      commodities: { x: {}, y: {} },
      orchestrators: {
        main: {
          endowment: { x: 1e3, y: 1e-3 },
          preferences: { root: "u", nodes: { u: { elasticity, inputs: { x: 0.5, y: 0.5 } } } },
        },
      },
    });

  test.each([0.5, 0.2, 0.1])("prices (1e6)^{1/σ} apart are found in logs (σ = %f)", async (elasticity) => {
    const solution = await solve(apart(elasticity));
    const [x, y] = solution.prices.data;
    expect(solution.status).toBe("solved");
    expect(Math.log(y / x) / (Math.log(1e6) / elasticity)).toBeCloseTo(1, 6);
  });

  test.each([0.02, 0.01, 1e-3])(
    "beyond float64 the outcome has a name and the numbers are numbers (σ = %f)",
    async (elasticity) => {
      const solution = await solve(apart(elasticity));
      expect(solution.message.length).toBeGreaterThan(20);
      for (const p of solution.prices.data) expect(p >= 0 && p < Infinity).toBe(true);
      if (solution.status === "solved") expect(solution.certificate.clearing).toBeLessThan(1e-8);
    },
  );
});
