import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verify } from "../../src/certificates/verify.js";
import type { NestGraph } from "../../src/economy/economy.js";
import { defineEconomy, InputError, solve } from "../../src/index.js";
import { CesPreferences } from "../../src/preferences/ces-preferences.js";
import { preferencesOf } from "../../src/preferences/preferences.js";
import { createGrid } from "../../src/time/grid.js";
import { hostileSpec } from "../support/hostile.js";
import { randomLogPrices } from "../support/prices.js";

interface Node {
  readonly elasticity: number;
  readonly children: number[];
  readonly weights: number[];
}

function preferences(
  leaves: number,
  nodes: readonly Node[],
  intertemporalElasticity: number,
  instants: number,
) {
  const grid = createGrid({ horizon: 2, nodes: instants });
  const graph: NestGraph = {
    leaves: Int32Array.from({ length: leaves }, (_, l) => l),
    nodes: nodes.map(({ elasticity, children, weights }, k) => ({
      name: `n${k}`,
      elasticity,
      children: Int32Array.from(children),
      weights: Float64Array.from(weights),
    })),
    routing: [],
  };
  const orchestrator = {
    preferences: graph,
    intensity: new Float64Array(instants).fill(0.5),
    intertemporalElasticity,
  };
  return { grid, preferences: new CesPreferences(orchestrator, grid) };
}

/**
 * Leaf 0 is wanted by itself and in a nest beside leaf 1, whose weight of 1e-12 at elasticity near 1 makes the nest's own share of
 * leaf 0 about 1e-12^(1/|1 − σ|): far below any float64, and yet essential.
 */
const thin = (sigma: number, instants = 1) =>
  preferences(
    3,
    [
      { elasticity: sigma, children: [0, 1], weights: [1e-12, 0.3] },
      { elasticity: 0.001, children: [3, 0, 2], weights: [0.5, 0.2, 0.3] },
    ],
    0.1,
    instants,
  );

describe("quantities whose shares are below float64's range", () => {
  test.each([0.999, 1.001, 1.01])("σ = %s: what M° buys is worth M°/E, from log quantities", (sigma) => {
    for (const instants of [1, 4]) {
      const { grid, preferences: u } = thin(sigma, instants);
      for (const spread of [0, 5, 100]) {
        const q = randomLogPrices(3, 3 * instants, spread);
        const [share, logShare] = [new Float64Array(q.length), new Float64Array(q.length)];
        const logE = u.shares(q, share);
        u.logShares(q, logShare);
        const logC = logShare.map((s, j) => Math.log(7) + s - q[j] - Math.log(grid.weights[j % instants]));
        const found = u.logUtilityOfLogs(q, logC);
        expect(Math.abs(found - (Math.log(7) - logE))).toBeLessThan(1e-10 * (1 + Math.abs(logE)));
      }
    }
  });

  test("log shares are the logs of the shares, and finite where those are 0", () => {
    const { preferences: u } = thin(0.999, 4);
    const q = randomLogPrices(5, 12, 3);
    const [share, logShare] = [new Float64Array(12), new Float64Array(12)];
    u.shares(q, share);
    u.logShares(q, logShare);
    expect(share.some((s) => s === 0)).toBe(true);
    share.forEach((s, j) => {
      if (s > 1e-300) expect(logShare[j]).toBeCloseTo(Math.log(s), 11);
      else expect(logShare[j]).toBeLessThan(-690);
      expect(Number.isFinite(logShare[j])).toBe(true);
    });
  });

  test("the split among parents leaves nothing out and makes nothing up", () => {
    // Two plain nests over one leaf, each half of the spending: 6 are worth 3 in either.
    const { preferences: u } = preferences(
      1,
      [
        { elasticity: 1, children: [0], weights: [1] },
        { elasticity: 1, children: [0], weights: [1] },
        { elasticity: 1, children: [1, 2], weights: [0.5, 0.5] },
      ],
      1,
      1,
    );
    // Index of one nest of a good at price 1 at elasticity 1 within another: Q = 2√(x₁x₂), at intensity ½.
    const one = u.logUtility(Float64Array.of(0), Float64Array.of(6));
    const logE = u.shares(Float64Array.of(0), new Float64Array(1));
    expect(one).toBeCloseTo(Math.log(12) - logE, 12);
    expect(u.logUtility(Float64Array.of(0), Float64Array.of(0))).toBe(-Infinity);
  });
});

test("an instant nobody wants has no share", () => {
  const grid = createGrid({ nodes: 2 });
  const { preferences: graph } = defineEconomy({
    commodities: { a: {} },
    orchestrators: {
      o: { endowment: { a: 1 }, preferences: { root: "u", nodes: { u: { inputs: { a: 1 } } } } },
    },
  }).orchestrators[0];
  const u = new CesPreferences(
    { preferences: graph, intensity: Float64Array.of(2, 0), intertemporalElasticity: 1 },
    grid,
  );
  const out = new Float64Array(2);
  u.logShares(Float64Array.of(0, 3), out);
  expect(Array.from(out)).toEqual([0, -Infinity]);
});

test("preferences that a user wrote have log shares too", () => {
  const economy = defineEconomy({
    commodities: { a: {}, b: {} },
    orchestrators: {
      o: {
        endowment: { a: 1, b: 1 },
        preferences: {
          written: {
            commodities: ["a", "b"],
            elasticity: 1,
            build: () => ({
              nodes: 1,
              shares: (q, out) => {
                out.set([0.25, 0.75]);
                return 0.25 * q[0] + 0.75 * q[1];
              },
              sharesDerivative: (_q, dq, out) => {
                out.fill(0);
                return 0.25 * dq[0] + 0.75 * dq[1];
              },
              logUtility: (_q, c) => 0.25 * Math.log(c[0] / 0.25) + 0.75 * Math.log(c[1] / 0.75),
            }),
          },
        },
      },
    },
  });
  const u = preferencesOf(economy.orchestrators[0], economy.grid);
  const out = new Float64Array(2);
  u.logShares(Float64Array.of(0, 0), out);
  expect(out[1]).toBeCloseTo(Math.log(0.75), 15);
  const logC = Float64Array.of(Math.log(2), Math.log(3));
  expect(u.logUtilityOfLogs(Float64Array.of(0, 0), logC)).toBeCloseTo(
    u.logUtility(Float64Array.of(0, 0), Float64Array.of(2, 3)),
    14,
  );
});

describe("the verifier on hostile economies", () => {
  test("plans at any prices cost the least that their utility can be had for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.constantFrom(0, 5), (seed, spread) => {
        const economy = (() => {
          try {
            return defineEconomy(hostileSpec(seed));
          } catch (error) {
            if (error instanceof InputError) return null;
            throw error;
          }
        })();
        fc.pre(economy !== null);
        const size = economy!.commodities.length * economy!.grid.nodes;
        const prices = randomLogPrices(seed, size, spread).map(Math.exp) as Float64Array;
        expect(verify(economy!, prices).certificate.expenditure_gap).toBeLessThan(1e-8);
      }),
      { numRuns: 200 },
    );
  });

  // Shared vertices whose split underflows, and essential goods wanted in amounts below 1e-308.
  test.each([88, 130, 166, 418, 909, 3666, 62, 221, 884, 962])("%i is solved and certified", async (seed) => {
    const solution = await solve(defineEconomy(hostileSpec(seed)), { maxSteps: 1000 });
    expect(solution.message).toMatch(/verifier agrees/);
    expect(solution.certificate.expenditure_gap).toBeLessThan(1e-8);
    expect(solution.certificate.utilization).toBeGreaterThan(1 - 1e-8);
  });
});
