import { expect, test } from "vitest";
import { contractionBound } from "../../src/contraction/bound.js";
import { spectralInterval } from "../../src/contraction/interval.js";
import { defineEconomy } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import { t1Spec } from "../contraction/economies.js";

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
