import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { uniformSource } from "../../src/core/rng.js";
import { defineEconomy, type Economy, solve } from "../../src/index.js";
import { randomSpec } from "../support/economies.js";
import { sharedCases } from "../support/require.js";

/** Scarf's economy (1960): three goods, three consumers, each owning one good and wanting two in fixed proportions. */
const scarf = (): Economy => {
  const goods = ["a", "b", "c"];
  return defineEconomy({
    commodities: { a: {}, b: {}, c: {} },
    orchestrators: Object.fromEntries(
      goods.map((own, i) => [
        `owner of ${own}`,
        {
          endowment: { [own]: 1 },
          preferences: {
            root: "u",
            nodes: { u: { elasticity: 0, inputs: { [own]: 1, [goods[(i + 1) % 3]]: 1 } } },
          },
        },
      ]),
    ),
  });
};

function randomStart(economy: Economy, seed: number, spread: number) {
  const uniform = uniformSource(seed);
  const prices = new Map(
    economy.commodities.map(({ name }) => [name, new Float64Array([Math.exp(spread * (uniform() - 0.5))])]),
  );
  return { grid: null, prices };
}

describe("homotopy", () => {
  test.each(Array.from({ length: 20 }, (_, k) => k))(
    "reaches Scarf's equilibrium from anywhere (start %i)",
    async (k) => {
      const economy = scarf();
      const solution = await solve(economy, { solver: "homotopy", start: randomStart(economy, k, 6) });
      expect(solution.status).toBe("solved");
      for (const p of solution.prices.data) expect(p).toBeCloseTo(1, 8);
    },
  );

  test("where tâtonnement orbits, and the trace tells how the trader's part goes to 0", async () => {
    const economy = scarf();
    const start = randomStart(economy, 3, 2);
    expect((await solve(economy, { solver: "tatonnement", start })).status).toBe("cycling");
    const { status, trace } = await solve(economy, { solver: "homotopy", start });
    expect(status).toBe("solved");
    const parts = trace.flatMap(({ note }) => (note?.startsWith("t = ") ? [Number(note.slice(4))] : []));
    expect(parts.length).toBeGreaterThan(3);
    expect(Math.min(...parts)).toBeLessThan(1e-2);
  });

  test.each([1, 2, 3, 4, 5, 6])(
    "agrees with auto on random economies with a potential (seed %i)",
    async (seed) => {
      const economy = defineEconomy(randomSpec(seed, { floors: seed % 2 === 0 }));
      const [a, b] = [await solve(economy, { solver: "homotopy" }), await solve(economy)];
      expect([a.status, b.status]).toEqual(["solved", "solved"]);
      a.prices.data.forEach((p, i) => {
        expect(Math.abs(p - b.prices.data[i])).toBeLessThan(1e-7 * (1 + p));
      });
    },
  );
});

const folder = sharedCases();
describe.skipIf(folder === null)("homotopy on economies with several equilibria (../shared/cases)", () => {
  test.each(["kehoe1991", "mwg-15b6", "scarf1960", "scarf-permutation-2"])(
    "%s from 10 random starts",
    async (name) => {
      const economy = defineEconomy(
        JSON.parse(readFileSync(join(folder as string, `${name}.json`), "utf8")).economy,
      );
      for (let k = 0; k < 10; k++) {
        const solution = await solve(economy, {
          solver: "homotopy",
          start: randomStart(economy, 100 + k, 8),
        });
        expect(solution.status).toBe("solved");
      }
    },
  );
});
