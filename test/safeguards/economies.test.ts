import { expect, test } from "vitest";
import { defineEconomy, type Economy, solve } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { newtonDirection } from "../../src/solvers/parts/newton-direction.js";
import { dagSpec } from "../support/dag-economies.js";
import { randomSpec } from "../support/economies.js";

const SMALL = { agents: 8, metrics: 3, nodes: 4, spread: 2, rigid: 0.3 } as const;
const dag = (seed: number): Economy => defineEconomy(dagSpec(seed, SMALL));
const mixed = (seed: number): Economy => defineEconomy(dagSpec(seed, { ...SMALL, family: "mixed" }));
const far = (seed: number): Economy =>
  defineEconomy(
    randomSpec(seed, {
      agents: 1 + (seed % 5),
      nodes: 1 + (seed % 3),
      floors: seed % 2 === 0,
      elasticity: [0.05, 6],
    }),
  );

/** Evaluations are counted, not timed: the same on every machine. */
test.each([1, 18])("Anderson sees goods of hardly any value, too (economy %i)", async (seed) => {
  const { status, evaluations } = await solve(dag(seed), { solver: "anderson" });
  expect(status).toBe("solved");
  expect(evaluations).toBeLessThan(100);
});

test.each([
  [4, 63],
  [39, 74],
])(
  "Anderson's differences are weighed anew as it comes closer (economy %i, fewer than %i evaluations)",
  async (seed, most) => {
    const { status, evaluations } = await solve(mixed(seed), { solver: "anderson" });
    expect(status).toBe("solved");
    expect(evaluations).toBeLessThan(most);
  },
);

test("Newton's bordered system has a solution off equilibrium, and its direction does not move the numeraire", async () => {
  const market = new ReferenceMarket(far(6));
  const q = market.enter(new Float64Array(market.create().length).fill(1));
  const f = market.create();
  market.residual(q, f);
  const solution = await newtonDirection(market, q, f, 1e-10, 60);
  expect(solution?.residual).toBeLessThan(1e-9);
  const [mean] = market.dots([market.create(1)], solution?.x ?? market.create(Number.NaN));
  expect(Math.abs(mean)).toBeLessThan(1e-12);
});

test.each([3, 11])(
  "where Newton's method does not take over the homotopy's path is followed farther (economy %i)",
  async (seed) => {
    expect((await solve(mixed(seed), { solver: "homotopy" })).status).toBe("solved");
  },
);

test("where the homotopy's path bends its steps are shortened", async () => {
  expect((await solve(mixed(7), { solver: "homotopy" })).status).toBe("solved");
});

test("tâtonnement is clipped where no theorem makes it contract (economy 2)", async () => {
  expect((await solve(far(2), { solver: "tatonnement" })).status).toBe("solved");
});
