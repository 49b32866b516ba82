import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractionBound } from "../../src/contraction/bound.js";
import { localConstant } from "../../src/contraction/local.js";
import { sampledConstant } from "../../src/contraction/sampled.js";
import { defineEconomy, type EconomyDefinition } from "../../src/economy/build.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { closedForm, randomSpec } from "../support/economies.js";
import { hilbert, randomLogPrices } from "../support/prices.js";
import { ces, exchange, type Loose, t1Spec } from "./economies.js";
import { jacobian, oscillationNorm } from "./jacobian.js";

const seeds = fc.integer({ min: 0, max: 1e6 });

describe("under T1", () => {
  test("never exceeds the bound, and is the norm of J_λ where it says", async () => {
    await fc.assert(
      fc.asyncProperty(
        seeds,
        fc.record({
          agents: fc.integer({ min: 1, max: 6 }),
          nodes: fc.integer({ min: 1, max: 4 }),
          first: fc.double({ min: 1, max: 2.5, noNaN: true }),
          orchestrators: fc.integer({ min: 1, max: 2 }),
        }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        async (seed, shape, part) => {
          const economy = defineEconomy(
            t1Spec(seed, { ...shape, agents: Math.max(shape.agents, shape.orchestrators) }),
          );
          const market = new ReferenceMarket(economy);
          const step = part * market.hints.step;
          const { bound } = contractionBound(economy, step);
          const q = randomLogPrices(seed, market.create().length, 2);
          const sampled = await sampledConstant(market, q, step, { seed });
          expect(sampled?.samples).toBe(16);
          expect(sampled?.constant).toBeLessThanOrEqual((bound as number) + 1e-12);
          const norm = oscillationNorm(jacobian(market, sampled?.at as Float64Array, step));
          expect(sampled?.constant).toBeCloseTo(norm, 12);
        },
      ),
      { numRuns: 60 },
    );
  });

  const nests = exchange(
    {
      a: {
        endowment: { x: 1, y: 2, z: 3, w: 1 },
        preferences: {
          root: "u",
          nodes: {
            u: { elasticity: 1.5, inputs: { v: 1, t: 2 } },
            v: { elasticity: 3, inputs: { x: 1, y: 1 } },
            t: { elasticity: 4, inputs: { z: 1, w: 1 } },
          },
        },
      },
    },
    ["x", "y", "z", "w"],
  );
  const attained: [string, EconomyDefinition][] = [
    [
      "one CES node",
      exchange({ a: { endowment: { x: 1, y: 2 }, preferences: ces(2, { x: 1, y: 2 }) } }, ["x", "y"]),
    ],
    ["two nests", nests],
    ["Cobb–Douglas, three agents", closedForm(2, { agents: 3, metrics: 2, nodes: 2 }).spec],
  ];
  test.each(attained)("attains the bound where theory does: %s", async (_, definition) => {
    const economy = defineEconomy(definition);
    const market = new ReferenceMarket(economy);
    for (const step of [market.hints.step / 3, market.hints.step]) {
      const { bound } = contractionBound(economy, step);
      const sampled = await sampledConstant(market, market.create(), step);
      expect(sampled?.constant).toBeCloseTo(bound as number, 9);
    }
  });

  test("attains it wherever there are two agents and two instants: rows of either with nothing in common but what all have", async () => {
    await fc.assert(
      fc.asyncProperty(
        seeds,
        fc.record({ agents: fc.integer({ min: 2, max: 5 }), nodes: fc.integer({ min: 2, max: 3 }) }),
        async (seed, shape) => {
          const economy = defineEconomy(t1Spec(seed, shape));
          const market = new ReferenceMarket(economy);
          const { step } = market.hints;
          const sampled = await sampledConstant(market, randomLogPrices(seed, market.create().length), step, {
            samples: 4,
          });
          expect(sampled?.constant).toBeCloseTo(contractionBound(economy, step).bound as number, 9);
        },
      ),
      { numRuns: 40 },
    );
  });
});

test("no less than the local constant, at the first prices or any others", async () => {
  await fc.assert(
    fc.asyncProperty(
      seeds,
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      async (seed, orchestrators, floors) => {
        const economy = defineEconomy(randomSpec(seed, { orchestrators, floors, nodes: 2 }));
        const market = new ReferenceMarket(economy);
        const q = randomLogPrices(seed, market.create().length, 0.3);
        const sampled = await sampledConstant(market, q, 0.3, { decades: 1 });
        expect(sampled?.constant).toBeGreaterThanOrEqual(
          ((await localConstant(market, q, 0.3)) as number) - 1e-9,
        );
        const at = sampled?.at as Float64Array;
        expect(sampled?.constant).toBeGreaterThanOrEqual(
          ((await localConstant(market, at, 0.3)) as number) - 1e-9,
        );
      },
    ),
    { numRuns: 30 },
  );
});

test("two prices near the worst part by nearly so much: it is a lower bound that somebody attains", async () => {
  const economy = defineEconomy(randomSpec(11, { elasticity: [0.2, 4], nodes: 1 }));
  const market = new ReferenceMarket(economy);
  const step = 0.6;
  const { at, constant } = (await sampledConstant(market, market.create(), step)) ?? expect.fail();
  expect(constant).toBeGreaterThan(1);
  const rows = jacobian(market, at, step);
  // The best direction for rows k and l is the sign of their difference.
  let [largest, direction] = [0, at];
  for (const a of rows) {
    for (const b of rows) {
      const signs = Float64Array.from(a, (x, j) => Math.sign(x - b[j]));
      const gain = a.reduce((sum, x, j) => sum + signs[j] * (x - b[j]), 0);
      if (gain > largest) [largest, direction] = [gain, signs];
    }
  }
  const other = at.map((x, i) => x + 1e-6 * direction[i]);
  const stepped = (q: Float64Array) => {
    const f = market.create();
    market.residual(q, f);
    return q.map((x, i) => x + step * f[i]);
  };
  expect(hilbert(stepped(other), stepped(at)) / hilbert(other, at)).toBeCloseTo(constant, 4);
});

describe("where the matrix would be too large", () => {
  test("random directions stay below the norm, and say something", async () => {
    for (let seed = 0; seed < 10; seed++) {
      const market = new ReferenceMarket(defineEconomy(randomSpec(seed, { nodes: 3 })));
      const q = randomLogPrices(seed, market.create().length, 0.5);
      const exact = await sampledConstant(market, q, 0.4, { samples: 1 });
      const before = market.evaluations;
      const rough = await sampledConstant(market, q, 0.4, { samples: 1, dense: 0 });
      expect(market.evaluations - before).toBeLessThan(10);
      expect(rough?.constant).toBeLessThanOrEqual((exact?.constant as number) + 1e-12);
      expect(rough?.constant).toBeGreaterThan(0.3 * (exact?.constant as number));
    }
  });

  test("signs by agent and instant find the bound that a T1 economy attains between them", async () => {
    const { spec } = closedForm(5, { agents: 20, metrics: 3, nodes: 8 });
    const market = new ReferenceMarket(defineEconomy(spec));
    const sampled = await sampledConstant(market, market.create(), 0.5, { samples: 4 });
    expect(sampled?.constant).toBeCloseTo(0.5, 12);
  });
});

test("the given prices come first", async () => {
  const market = new ReferenceMarket(defineEconomy(randomSpec(5, { nodes: 1 })));
  const q = randomLogPrices(5, market.create().length, 1);
  const sampled = await sampledConstant(market, q, 0.4, { samples: 1 });
  expect(sampled?.at).toEqual(q);
  expect(sampled?.constant).toBeCloseTo(oscillationNorm(jacobian(market, q, 0.4)), 12);
});

test("the same digits again, others from another seed", async () => {
  const economy = defineEconomy(randomSpec(4));
  const run = async (seed: number) => {
    const market = new ReferenceMarket(economy);
    return (await sampledConstant(market, market.create(), 0.4, { seed })) ?? expect.fail();
  };
  expect(await run(1)).toEqual(await run(1));
  expect((await run(1)).at).not.toEqual((await run(2)).at);
});

test("prices at which nobody can pay the floors are no sample; null where none is left", async () => {
  const spec: Loose = exchange(
    {
      a: {
        endowment: { x: 1, y: 1 },
        floors: { x: 0.9, y: 0.9 },
        preferences: ces(0.5, { x: 1, y: 2 }),
      },
      b: { endowment: { x: 3 }, floors: { y: 0.01 }, preferences: ces(2, { x: 1, y: 2 }) },
    },
    ["x", "y"],
  );
  const market = new ReferenceMarket(defineEconomy(spec));
  const sampled = await sampledConstant(market, Float64Array.of(0, 0), 0.3);
  expect(sampled?.samples).toBeGreaterThan(3);
  expect(sampled?.samples).toBeLessThan(16);
  expect(Number.isFinite(sampled?.constant)).toBe(true);
  expect(await sampledConstant(market, Float64Array.of(0, 30), 0.3, { samples: 1 })).toBeNull();
  expect(await sampledConstant(market, Float64Array.of(Number.NaN, 0), 0.3)).toBeNull();
});

test("one price cannot move, a frozen one does not", async () => {
  const one = exchange({ a: { endowment: { x: 1 }, preferences: ces(1, { x: 1 }) } }, ["x"]);
  expect(
    (await sampledConstant(new ReferenceMarket(defineEconomy(one)), new Float64Array(1), 0.5))?.constant,
  ).toBe(0);
  const nodes = {
    u: { elasticity: 1.5, inputs: { x: 1, v: 1 } },
    v: { elasticity: 0, inputs: { y: 1, idle: 1 } },
  };
  const idle = exchange({ a: { endowment: { x: 1, y: 1, idle: 5 }, preferences: { root: "u", nodes } } }, [
    "x",
    "y",
    "idle",
  ]);
  const market = new ReferenceMarket(defineEconomy(idle));
  const sampled = await sampledConstant(market, market.enter(Float64Array.of(1, 1, 0)), 0.5);
  expect(sampled?.constant).toBeCloseTo(1 - 0.5 * 1.5, 10);
});
