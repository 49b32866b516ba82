import { describe, expect, test } from "vitest";
import { defineEconomy, solve } from "../../src/index.js";
import { forcingTerm } from "../../src/solvers/parts/forcing.js";
import { dagSpec } from "../support/dag-economies.js";
import { randomSpec } from "../support/economies.js";

describe("Newton–Krylov", () => {
  test.each([1, 2, 3, 4, 5, 6])(
    "agrees with auto on random economies of all families (seed %i)",
    async (seed) => {
      const economy = defineEconomy(
        randomSpec(seed, { floors: seed % 2 === 0, orchestrators: 1 + (seed % 2) }),
      );
      const [newton, auto] = [await solve(economy, { solver: "newton-krylov" }), await solve(economy)];
      expect([newton.status, auto.status]).toEqual(["solved", "solved"]);
      newton.prices.data.forEach((p, i) => {
        expect(Math.abs(p - auto.prices.data[i])).toBeLessThan(1e-7 * (1 + p));
      });
    },
  );

  test("its end-phase is quadratic: each step nearly squares the residual", async () => {
    const economy = defineEconomy(dagSpec(3, { agents: 12, metrics: 3, nodes: 8, spread: 2, rigid: 0 }));
    const { trace } = await solve(economy, { solver: "newton-krylov", tolerance: 1e-12 });
    const near = trace.map(({ residual }) => residual).filter((r) => r < 1e-2 && r > 1e-13);
    const orders = near.slice(1).map((r, k) => Math.log(r) / Math.log(near[k]));
    expect(orders.length).toBeGreaterThan(0);
    for (const order of orders) expect(order).toBeGreaterThan(1.4);
  });

  test("the forcing term follows Eisenstat and Walker's second choice within its bounds", () => {
    expect(forcingTerm(0.05, 0.1)).toBeCloseTo(0.9 * 0.01, 12);
    expect(forcingTerm(0.05, 1)).toBe(0.1);
    expect(forcingTerm(0.05, 1e-6)).toBe(1e-4);
  });

  test("a derivative that is not finite: linear-solve-failed, and auto, as advised, solves it", async () => {
    const economy = defineEconomy(randomSpec(2, { families: ["ellipsoid"] }));
    const broken = ({ set }: (typeof economy.agents)[number]): typeof set => ({
      family: set.family,
      metrics: set.metrics,
      nodes: set.nodes,
      profit: (p) => set.profit(p),
      supply: (p, out) => set.supply(p, out),
      supplyDerivative: (_p, _dp, out) => out.fill(Number.NaN),
      gap: (y) => set.gap(y),
      bounds: () => set.bounds(),
    });
    const agents = economy.agents.map((agent) => ({ ...agent, set: broken(agent) }));
    const pair = () => ({ ...economy, agents });
    const failed = await solve(pair(), { solver: "newton-krylov" });
    expect(failed.status).toBe("linear-solve-failed");
    expect(failed.message).toContain("--solver auto");
    for (const p of failed.prices.data) expect(Number.isFinite(p)).toBe(true);
    expect((await solve(pair())).status).toBe("solved");
  });
});
