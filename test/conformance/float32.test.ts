import { describe, expect, test } from "vitest";
import { defineEconomy } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { FAMILIES, randomSpec } from "../support/economies.js";
import { randomLogPrices } from "../support/prices.js";
import { FLOAT32 } from "./backends.js";
import { Pair } from "./pair.js";
import { askEverything } from "./walk.js";

const economy = (seed: number, elasticity: [number, number]) =>
  defineEconomy(
    randomSpec(seed, {
      agents: 8,
      metrics: 3,
      nodes: 17,
      families: FAMILIES,
      orchestrators: 1 + (seed % 3),
      floors: seed % 4 === 0,
      elasticity,
    }),
  );

/** Errors of f at log prices within ± width, which float32 has, too: the largest and the root of the mean square. */
async function errors(width: number, elasticity: [number, number]): Promise<{ max: number; rms: number }> {
  let [max, squares, count] = [0, 0, 0];
  for (let seed = 0; seed < 40; seed++) {
    const reference = new ReferenceMarket(economy(seed, elasticity));
    const subject = FLOAT32.open(economy(seed, elasticity));
    const q = randomLogPrices(seed, reference.layout.demanded.length, width).map(Math.fround);
    const [expected, f] = [reference.create(), subject.create()];
    const { finite, afford } = reference.residual(q, expected);
    if (!finite || afford <= 0.01) continue;
    await subject.residual(subject.adopt(q), f);
    const found = await subject.download(f);
    expected.forEach((x, i) => {
      // Farther apart D or S is all but nothing.
      if (Math.abs(x) > 30) return;
      const error = Math.abs(found[i] - x);
      max = Math.max(max, error);
      squares += error ** 2;
      count++;
    });
    subject.dispose();
  }
  expect(count).toBeGreaterThan(10_000);
  return { max, rms: Math.sqrt(squares / count) };
}

describe("float32 errs by what it is entitled to", () => {
  test.each<[number, [number, number]]>([
    [0.5, [0.3, 4]],
    [4, [0.05, 4]],
    [4, [0.9, 1.1]],
  ])(
    "in f: 1e-5 at most, 1e-6 in the mean, prices within e^±%f, elasticities in %j",
    async (width, elasticity) => {
      const { max, rms } = await errors(width, elasticity);
      expect(max).toBeLessThan(1e-5);
      expect(rms).toBeLessThan(1e-6);
    },
  );

  test.each<[number, number]>([
    [8, 20],
    [2, 50],
    [8, 4],
  ])(
    "outside, in proportion to |1 − σ| osc q (prices within e^±%f, elasticities up to %f)",
    async (width, sigma) => {
      const { max, rms } = await errors(width, [0.1, sigma]);
      const reach = 1 + (sigma - 1) * 2 * width;
      expect(max).toBeLessThan(4e-7 * reach);
      expect(rms).toBeLessThan(4e-8 * reach);
    },
  );

  test.each([0, 1, 2, 3, 4, 5, 6, 7])("in everything a solver asks for (economy %i)", async (seed) => {
    const pair = new Pair(economy(seed, [0.3, 4]), FLOAT32, new Map());
    await askEverything(pair, 0.5, seed);
    await askEverything(pair, 2, seed + 1);
    expect(pair.complaints().join("\n")).toBe("");
    pair.dispose();
  });
});
