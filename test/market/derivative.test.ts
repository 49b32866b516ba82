import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineEconomy } from "../../src/economy/build.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { FAMILIES, type RandomOptions, randomSpec, setsOf } from "../support/economies.js";
import { oracle } from "../support/oracle.js";
import { largest, randomLogPrices } from "../support/prices.js";

/** f and f'·dq by the market, and both by dual numbers through the formulas of model.md. */
function bothRoutes(seed: number, options: RandomOptions) {
  const spec = randomSpec(seed, options);
  const economy = defineEconomy(spec);
  const market = new ReferenceMarket(economy);
  const [M, N] = market.shape;
  const q = randomLogPrices(seed + 1, M * N);
  const dq = randomLogPrices(seed + 2, M * N);
  const [f, df] = [market.create(), market.create()];
  const readout = market.residual(q, f);
  market.derivative(q, dq, df);
  const second = oracle(economy, setsOf(spec), q, dq, market.layout.demanded);
  return { market, q, dq, f, df, second, readout, demanded: market.layout.demanded };
}

const seeds = fc.integer({ min: 0, max: 1e6 });
const options = (overrides: RandomOptions = {}) =>
  fc.record({
    agents: fc.integer({ min: 1, max: 7 }),
    nodes: fc.integer({ min: 1, max: 4 }),
    rule: fc.constantFrom("midpoint" as const, "gauss-legendre" as const),
    orchestrators: fc.integer({ min: 1, max: 3 }),
    floors: fc.boolean(),
    ...Object.fromEntries(Object.entries(overrides).map(([key, value]) => [key, fc.constant(value)])),
  });

describe("the reference market against dual numbers", () => {
  test.each(FAMILIES)("f and f'·dq agree to 1e-12 with %s agents", (family) => {
    fc.assert(
      fc.property(seeds, options({ families: [family] }), (seed, shape) => {
        const { f, df, second, demanded } = bothRoutes(seed, shape);
        const scale = 1 + largest(df);
        expect(largest(second.map(({ v }, i) => (demanded[i] ? v - f[i] : 0)))).toBeLessThan(1e-12);
        expect(largest(second.map(({ d }, i) => (demanded[i] ? d - df[i] : 0)))).toBeLessThan(1e-12 * scale);
      }),
      { numRuns: 40 },
    );
  });

  test("and with all families in one economy, several orchestrators, floors and elasticities from 0.05 to 6", () => {
    fc.assert(
      fc.property(seeds, options({ agents: 7, floors: true, elasticity: [0.05, 6] }), (seed, shape) => {
        const { f, df, second, demanded, readout } = bothRoutes(seed, shape);
        fc.pre(readout.afford > 0.01);
        const scale = 1 + largest(df);
        expect(largest(second.map(({ v }, i) => (demanded[i] ? v - f[i] : 0)))).toBeLessThan(1e-12);
        expect(largest(second.map(({ d }, i) => (demanded[i] ? d - df[i] : 0)))).toBeLessThan(1e-12 * scale);
      }),
      { numRuns: 60 },
    );
  });
});

test("f'·dq agrees with central differences to 1e-7", () => {
  fc.assert(
    fc.property(seeds, options({ agents: 7 }), (seed, shape) => {
      const { market, q, dq, df } = bothRoutes(seed, shape);
      const h = 1e-5;
      const [up, down] = [market.create(), market.create()];
      market.residual(q.map((x, i) => x + h * dq[i]) as Float64Array, up);
      market.residual(q.map((x, i) => x - h * dq[i]) as Float64Array, down);
      const scale = 1 + largest(df);
      expect(largest(df.map((d, i) => d - (up[i] - down[i]) / (2 * h)))).toBeLessThan(1e-7 * scale);
    }),
    { numRuns: 60 },
  );
});

test("where one commodity of every nest has elasticity 0 or 1 exactly, the two routes still agree", () => {
  for (const elasticity of [0, 1]) {
    const spec = randomSpec(5, { agents: 3, families: ["ellipsoid"], shared: false });
    const orchestrator = spec.orchestrators.o0 as { preferences: { dag: { steps: Record<string, object> } } };
    for (const step of Object.values(orchestrator.preferences.dag.steps)) {
      Object.assign(step, { metric_elasticity: elasticity, chain_elasticity: elasticity });
    }
    const economy = defineEconomy(spec);
    const market = new ReferenceMarket(economy);
    const [q, dq] = [randomLogPrices(1, market.create().length), randomLogPrices(2, market.create().length)];
    const [f, df] = [market.create(), market.create()];
    market.residual(q, f);
    market.derivative(q, dq, df);
    const second = oracle(economy, setsOf(spec), q, dq, market.layout.demanded);
    second.forEach(({ v, d }, i) => {
      if (!market.layout.demanded[i]) return;
      expect(Math.abs(v - f[i])).toBeLessThan(1e-12);
      expect(Math.abs(d - df[i])).toBeLessThan(1e-11);
    });
  }
});
