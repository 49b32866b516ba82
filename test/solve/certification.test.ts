import { expect, test } from "vitest";
import { openMarket } from "../../src/backends/registry.js";
import { BackendFailedError } from "../../src/core/errors.js";
import { defineEconomy } from "../../src/economy/build.js";
import { solve } from "../../src/index.js";
import type { Market } from "../../src/market/market.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { certificationOf } from "../../src/solve/certification.js";
import { randomSpec } from "../support/economies.js";

/** 348 prices: the constants are left to a fast backend. */
const economy = defineEconomy(randomSpec(3, { agents: 14, nodes: 12, orchestrators: 2 }));

test("constants are those of a fresh market on one that was used before, or that fails", async () => {
  const { prices, certificate } = await solve(economy);
  const p = Float64Array.from(prices.data);
  const { step, local, best_step } = certificate.contraction;
  const { contraction } = (await certificationOf(economy, p, step)).certificate;
  expect(contraction).toMatchObject({ local, best_step });

  const used = openMarket("wasm", economy).market as Market<Float64Array>;
  const q = used.enter(p.map((x, i) => (i === 0 ? 0 : x)));
  await used.residual(q, used.create());
  const again = await certificationOf(economy, p, step, [], used);
  expect(again.certificate.contraction.local).toBeCloseTo(local ?? Number.NaN, 12);
  expect(again.certificate.contraction.best_step).toBeCloseTo(best_step ?? Number.NaN, 9);
  used.dispose();

  let asked = 0;
  const failing = new ReferenceMarket(economy);
  failing.derivative = () => {
    asked++;
    throw new BackendFailedError("gone");
  };
  const without = await certificationOf(economy, p, step, [], failing);
  expect(asked).toBe(1);
  expect(without.certificate.contraction.local).toBeCloseTo(local ?? Number.NaN, 9);
});
