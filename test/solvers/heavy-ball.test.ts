import { describe, expect, test } from "vitest";
import { spectralInterval } from "../../src/contraction/interval.js";
import { defineEconomy, solve } from "../../src/index.js";
import { dagSpec } from "../support/dag-economies.js";
import { randomSpec } from "../support/economies.js";

const small = { agents: 10, metrics: 3, nodes: 8, spread: 2, rigid: 0 };

describe("heavy ball with T3's parameters", () => {
  test.each([1, 2, 3, 4])(
    "ends no slower than T3 promises, and beats tâtonnement (seed %i)",
    async (seed) => {
      const economy = defineEconomy(dagSpec(seed, small));
      const { interval } = spectralInterval(economy);
      const { status, trace, steps } = await solve(economy, { solver: "heavy-ball", tolerance: 1e-11 });
      expect(status).toBe("solved");
      const end = trace.map(({ residual }) => residual).filter((r) => r < 1e-4 && r > 1e-11);
      const rate = (end[end.length - 1] / end[0]) ** (1 / (end.length - 1));
      // The double root of the heavy ball adds a factor k to rate^k: a little slower than the rate over a finite stretch.
      expect(rate).toBeLessThan((interval?.heavyBall.rate ?? 0) + 0.04);
      const plain = await solve(economy, { solver: "tatonnement", step: interval?.step, tolerance: 1e-11 });
      expect(steps).toBeLessThan(plain.steps);
    },
  );

  test("says where the interval is only a guess, and solves all the same", async () => {
    const economy = defineEconomy(randomSpec(4, { orchestrators: 2, shared: true }));
    const { status, trace } = await solve(economy, { solver: "heavy-ball" });
    expect(status).toBe("solved");
    expect(trace[0].note).toContain("T3 does not apply");
  });
});
