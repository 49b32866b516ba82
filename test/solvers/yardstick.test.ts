import { describe, expect, test } from "vitest";
import { demoEconomy } from "../../src/cli/demo-economy.js";
import { spectralInterval } from "../../src/contraction/interval.js";
import { defineEconomy, type Solution, solve } from "../../src/index.js";
import { dagSpec } from "../support/dag-economies.js";

/** 7 680 prices, elasticities from 0.1 to 8. */
const economies = Array.from({ length: 8 }, (_, seed) =>
  defineEconomy(dagSpec(200 + seed, { spread: 2, rigid: 0 })),
);
const CLEARING = 1e-10;

/** Of the first iterate that clears to 1e-10: evaluations (derivative products counted) and steps. */
function reached({ trace }: Solution): { evaluations: number; step: number } {
  const record = trace.find(({ residual }) => residual <= CLEARING);
  return record ?? { evaluations: Infinity, step: Infinity };
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];

describe("from p = 1 to clearing 1e-10 on DAG economies of 7 680 prices", () => {
  test("auto takes at most 100 evaluations, 45 in the median", async () => {
    const counts: number[] = [];
    for (const economy of economies) {
      counts.push(reached(await solve(economy, { tolerance: CLEARING })).evaluations);
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(100);
    expect(median(counts)).toBeLessThanOrEqual(45);
  });

  test("Newton–Krylov takes at most 15 outer steps", async () => {
    for (const economy of economies) {
      const solution = await solve(economy, { solver: "newton-krylov", tolerance: CLEARING });
      expect(reached(solution).step).toBeLessThanOrEqual(15);
    }
  });

  test("heavy ball takes at most 150 evaluations, its parameters known from the data", async () => {
    for (const economy of economies) {
      const solution = await solve(economy, { solver: "heavy-ball", tolerance: CLEARING });
      expect(reached(solution).evaluations).toBeLessThanOrEqual(150);
    }
  });

  test.each([1, 2, 3])(
    "where elasticities are 0.1 or 8, auto takes at most a quarter of the best constant step (seed %i)",
    async (seed) => {
      const shape = { agents: 20, metrics: 4, nodes: 12, spread: 2, rigid: 0, extremes: true };
      const economy = defineEconomy(dagSpec(seed, shape));
      const auto = reached(await solve(economy, { tolerance: CLEARING })).evaluations;
      const { interval } = spectralInterval(economy);
      const best = await solve(economy, {
        solver: "tatonnement",
        step: interval?.step,
        tolerance: CLEARING,
        maxSteps: 4 * auto,
      });
      expect(auto).toBeLessThan(200);
      // Four times as many steps of the step that T3 says is best are not enough.
      expect(reached(best).evaluations).toBeGreaterThanOrEqual(4 * auto);
    },
  );
});

test.each([
  [96, "reference"],
  [720, "reference"],
  [720, "wasm"],
])(
  "where inputs are scarce by day and idle by night, a solve takes at most 150 evaluations (%i nodes, %s)",
  async (nodes, backend) => {
    const { status, evaluations, prices } = await solve(demoEconomy(nodes), { ladder: false, backend });
    expect(status).toBe("solved");
    expect(prices.data.filter((p) => p === 0).length).toBeGreaterThan(nodes / 3);
    expect(evaluations).toBeLessThanOrEqual(150);
  },
);
