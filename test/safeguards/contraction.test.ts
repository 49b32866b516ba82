import { expect, test } from "vitest";
import { contractionBound } from "../../src/contraction/bound.js";
import { spectralInterval } from "../../src/contraction/interval.js";
import { localSpectrum } from "../../src/contraction/local.js";
import { defineEconomy } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import { solve } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { exchange, t1Spec } from "../contraction/economies.js";

/** The same, but who owns gpu owes some of it at one instant: a file cannot say so, code can. */
function indebted(economy: Economy): Economy {
  const m = economy.commodities.findIndex(({ name }) => name === "gpu");
  const orchestrators = economy.orchestrators.map((orchestrator) => {
    const series = Float64Array.from(orchestrator.endowment.get(m) ?? expect.fail());
    series[1] = -0.01;
    return { ...orchestrator, endowment: new Map([...orchestrator.endowment, [m, series]]) };
  });
  return { ...economy, orchestrators };
}

test("no theorem speaks of endowments below 0", () => {
  const economy = defineEconomy(t1Spec(1));
  expect(contractionBound(economy, 0.01).theorem).toBe("T1");
  const { theorem, failures } = contractionBound(indebted(economy), 0.01);
  expect(theorem).toBeNull();
  expect(failures.map(({ hypothesis }) => hypothesis)).toContain("endowments");
  const { interval, failures: failing } = spectralInterval(indebted(economy));
  expect(interval).toBeNull();
  expect(failing.map(({ hypothesis }) => hypothesis)).toContain("endowments");
});

test("the local constant counts goods however little is spent on them: shares of 1e-60", async () => {
  const nodes = {
    u: { elasticity: 1.5, inputs: { x: 1, w: 2, v: 1e-60 } },
    v: { elasticity: 0.2, inputs: { y: 1, z: 1 } },
  };
  const endowment = { x: 1, w: 1, y: 1, z: 2 };
  const economy = defineEconomy(
    exchange({ a: { endowment, preferences: { root: "u", nodes } } }, ["x", "w", "y", "z"]),
  );
  const { prices, status } = await solve(economy);
  expect(status).toBe("solved");
  const market = new ReferenceMarket(economy);
  const spectrum = await localSpectrum(market, market.enter(Float64Array.from(prices.data)), 0.5);
  expect(spectrum?.radius).toBeCloseTo(1 - 0.5 * 0.2, 9);
});
