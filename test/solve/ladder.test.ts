import { expect, test } from "vitest";
import { demoEconomy } from "../../src/cli/demo-economy.js";
import { solve } from "../../src/index.js";

test("through a ladder of grids: the same prices, and far fewer evaluations on the finest", async () => {
  const economy = demoEconomy(240);
  const [climbed, plain] = [await solve(economy), await solve(economy, { ladder: false })];
  expect([climbed.status, plain.status]).toEqual(["solved", "solved"]);
  climbed.prices.data.forEach((p, i) => {
    expect(Math.abs(p - plain.prices.data[i])).toBeLessThan(1e-6 * (1 + p));
  });
  const first = climbed.trace.findIndex(({ note }) => note?.includes("on 240 nodes"));
  expect(first).toBeGreaterThan(0);
  const finest = climbed.evaluations - climbed.trace[first - 1].evaluations;
  expect(finest).toBeLessThan(plain.evaluations / 2);
});
