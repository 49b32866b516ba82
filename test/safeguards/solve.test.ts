import { expect, test } from "vitest";
import { defineEconomy, type EconomyDefinition } from "../../src/economy/build.js";
import { solve } from "../../src/index.js";
import { affordableStart } from "../../src/solve/start.js";
import { ces, exchange } from "../contraction/economies.js";

test("prices that jump to and fro over a tie have stalled, and do not cycle", async () => {
  const wants = { "maker/x": 1, "maker/y": 1, z: 1 };
  const definition: EconomyDefinition = {
    commodities: { z: {} },
    agents: {
      maker: {
        production: {
          set: "hull",
          smoothing: 0,
          trajectories: [
            { x: 2, y: 0.5 },
            { x: 0.5, y: 1 },
          ],
        },
      },
    },
    orchestrators: {
      owner: { shares: 1, endowment: { z: 0.1 }, preferences: ces(1, wants) },
      other: { shares: 0, endowment: { z: 1 }, preferences: ces(1, { ...wants, "maker/y": 2 }) },
    },
  };
  const { status, steps } = await solve(defineEconomy(definition), { solver: "tatonnement" });
  expect(status).toBe("stalled");
  // A verdict that waits for patience would take 200.
  expect(steps).toBeLessThan(100);
});

/** Who owes twice what it owns of a, and owns a little b. */
const indebted = (b: number) =>
  defineEconomy(
    exchange(
      {
        poor: { endowment: { a: 1, b }, floors: { a: 2 }, preferences: ces(1, { a: 1, b: 1 }) },
        rich: { endowment: { a: 5, b: 9 }, preferences: ces(1, { a: 3, b: 1 }) },
      },
      ["a", "b"],
    ),
  );

test("no step is made from prices at which somebody cannot pay, when none better are found", async () => {
  const { status, steps, message } = await solve(indebted(0));
  expect([status, steps]).toEqual(["stalled", 0]);
  expect(message).toContain('"poor"');
});

test.each([1e-3, 1e-6, 1e-12])("prices at which everybody can pay are found decades away (%d)", (b) => {
  const economy = indebted(b);
  const [pa, pb] = affordableStart(economy, Float64Array.of(1, 1));
  // At them a costs less than the little b that is owned earns.
  expect(pa).toBeLessThan(b * pb);
  expect(pa).toBeGreaterThan(0.1 * b * pb);
});
