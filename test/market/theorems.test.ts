import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineEconomy } from "../../src/economy/build.js";
import { Allocation } from "../../src/market/allocation.js";
import { layOut } from "../../src/market/layout.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { FAMILIES, type RandomOptions, randomSpec, type Spec } from "../support/economies.js";
import { largest, randomLogPrices } from "../support/prices.js";

const seeds = fc.integer({ min: 0, max: 1e6 });
const shapes = fc.record({
  agents: fc.integer({ min: 1, max: 7 }),
  nodes: fc.integer({ min: 1, max: 5 }),
  rule: fc.constantFrom("midpoint" as const, "gauss-legendre" as const),
  orchestrators: fc.integer({ min: 1, max: 3 }),
  floors: fc.boolean(),
});

function marketOf(spec: Spec): ReferenceMarket {
  return new ReferenceMarket(defineEconomy(spec));
}

function residual(market: ReferenceMarket, q: Float64Array): Float64Array {
  const f = market.create();
  market.residual(q, f);
  return f;
}

describe("Walras' law, ⟨p,z⟩ = 0 at every price", () => {
  const relativeValue = (spec: Spec, q: Float64Array): number => {
    const layout = layOut(defineEconomy(spec));
    const at = new Allocation(layout);
    at.evaluate(q, new Uint8Array(q.length));
    let value = 0;
    for (let i = 0; i < q.length; i++) {
      value += layout.weights[i % layout.nodes] * at.price[i] * (at.demand[i] - at.supply[i]);
    }
    return Math.abs(value) / at.wealth();
  };

  test.each(FAMILIES)("with %s agents", (family) => {
    fc.assert(
      fc.property(seeds, shapes, fc.double({ min: 0.1, max: 8, noNaN: true }), (seed, shape, width) => {
        const spec = randomSpec(seed, { ...shape, families: [family] });
        const { length } = marketOf(spec).create();
        expect(relativeValue(spec, randomLogPrices(seed, length, width))).toBeLessThanOrEqual(1e-13);
      }),
      { numRuns: 60 },
    );
  });
});

test("f is homogeneous of degree 0, over two hundred decades of the price level", () => {
  fc.assert(
    fc.property(seeds, shapes, fc.double({ min: -230, max: 230, noNaN: true }), (seed, shape, shift) => {
      const market = marketOf(randomSpec(seed, shape));
      const q = randomLogPrices(seed, market.create().length);
      const f = residual(market, q);
      const shifted = residual(market, q.map((x) => x + shift) as Float64Array);
      // log p + 230 keeps 13 digits after the point.
      expect(largest(f.map((x, i) => x - shifted[i]))).toBeLessThan(1e-11);
    }),
    { numRuns: 60 },
  );
});

test("renaming and reordering agents, orchestrators and commodities changes nothing but the order", () => {
  fc.assert(
    fc.property(seeds, shapes, (seed, shape) => {
      const spec = randomSpec(seed, shape);
      const reversed: Spec = {
        ...spec,
        agents: Object.fromEntries(Object.entries(spec.agents).reverse()),
        orchestrators: Object.fromEntries(Object.entries(spec.orchestrators).reverse()),
      };
      const [one, other] = [defineEconomy(spec), defineEconomy(reversed)];
      const N = one.grid.nodes;
      const place = one.commodities.map(({ name }) => other.commodities.findIndex((c) => c.name === name));
      const q = randomLogPrices(seed, one.commodities.length * N);
      const q2 = new Float64Array(q.length);
      place.forEach((to, from) => {
        q2.set(q.subarray(from * N, (from + 1) * N), to * N);
      });
      const f = residual(new ReferenceMarket(one), q);
      const f2 = residual(new ReferenceMarket(other), q2);
      place.forEach((to, from) => {
        for (let n = 0; n < N; n++) expect(f2[to * N + n]).toBeCloseTo(f[from * N + n], 11);
      });
    }),
    { numRuns: 40 },
  );
});

describe("the potential V of T2", () => {
  const withPotential: RandomOptions = { agents: 7, nodes: 3, orchestrators: 1, floors: true };

  test("∇V·d = −⟨w p z, d⟩/M°, against central differences", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const market = marketOf(randomSpec(seed, withPotential));
        const q = randomLogPrices(seed, market.create().length);
        const d = randomLogPrices(seed + 1, q.length);
        const V = (t: number): number =>
          market.residual(q.map((x, i) => x + t * d[i]) as Float64Array, market.create()).potential as number;
        const numeric = (V(1e-5) - V(-1e-5)) / 2e-5;
        market.residual(q, market.create());
        expect(market.slope(d)).toBeCloseTo(numeric, 8);
      }),
      { numRuns: 60 },
    );
  });

  test("f is a descent direction: the slope along f is minus a sum of (D−S)·log(D/S) ≥ 0", () => {
    fc.assert(
      fc.property(seeds, shapes, (seed, shape) => {
        const market = marketOf(randomSpec(seed, { ...shape, orchestrators: 1 }));
        const q = randomLogPrices(seed, market.create().length, 3);
        expect(market.slope(residual(market, q))).toBeLessThan(0);
      }),
      { numRuns: 60 },
    );
  });

  test("with proportional incomes and with identical preferences too", () => {
    const base = randomSpec(3, { agents: 3, orchestrators: 1 });
    const [owner] = Object.values(base.orchestrators);
    const scaled = (k: number, seed: number) => ({
      ...owner,
      shares: k,
      endowment: { gpu: 4 * k },
      preferences: randomSpec(seed, { agents: 3 }).orchestrators.o0.preferences,
    });
    const proportional: Spec = { ...base, orchestrators: { a: scaled(0.25, 10), b: scaled(0.75, 11) } };
    const identical: Spec = {
      ...base,
      orchestrators: {
        a: { ...scaled(0.25, 10), endowment: { gpu: 7 }, floors: { "a0/m0": 0.02 } },
        b: scaled(0.75, 10),
      },
    };
    for (const spec of [proportional, identical]) {
      const market = marketOf(spec);
      expect(market.hints.potential).toBe(true);
      const q = randomLogPrices(1, market.create().length);
      const d = randomLogPrices(2, q.length);
      const V = (t: number): number =>
        market.residual(q.map((x, i) => x + t * d[i]) as Float64Array, market.create()).potential as number;
      const numeric = (V(1e-5) - V(-1e-5)) / 2e-5;
      market.residual(q, market.create());
      expect(market.slope(d)).toBeCloseTo(numeric, 8);
    }
  });

  test("and none where orchestrators differ in both", () => {
    expect(marketOf(randomSpec(1, { orchestrators: 2 })).hints.potential).toBe(false);
  });
});
