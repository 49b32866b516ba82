import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NestGraph } from "../../src/economy/economy.js";
import { CesPreferences } from "../../src/preferences/ces-preferences.js";
import { createGrid } from "../../src/time/grid.js";
import { largest, randomLogPrices } from "../support/prices.js";

/** Two nests that share leaf 1 and node "n1": several parents of a commodity and of a node. */
function graph(elasticities: readonly [number, number, number, number], weightScale = 1): NestGraph {
  const node = (name: string, elasticity: number, children: number[], weights: number[]) => {
    const total = elasticity === 1 ? weights.reduce((s, x) => s + x, 0) : 1 / weightScale;
    return {
      name,
      elasticity,
      children: Int32Array.from(children),
      weights: Float64Array.from(weights, (x) => x / total),
    };
  };
  return {
    leaves: Int32Array.of(0, 1, 2, 3),
    nodes: [
      node("n1", elasticities[0], [0, 1], [0.3, 0.7]),
      node("n2", elasticities[1], [1, 2, 4], [0.2, 0.5, 0.3]),
      node("n3", elasticities[2], [3, 4], [0.6, 0.4]),
      node("u", elasticities[3], [5, 6, 3], [0.5, 0.4, 0.1]),
    ],
    routing: [{ from: "a", to: "b", node: 1, child: 2 }],
  };
}

function preferences(
  nest: NestGraph,
  intertemporalElasticity: number,
  nodes = 3,
  intensity = [0.1, 0.4, 0.5],
) {
  const grid = createGrid({ horizon: 2, nodes });
  const rho = Float64Array.from({ length: nodes }, (_, n) => intensity[n % intensity.length]);
  const total = rho.reduce((sum, x, n) => sum + x * grid.weights[n], 0);
  return {
    grid,
    preferences: new CesPreferences(
      { preferences: nest, intensity: rho.map((x) => x / total), intertemporalElasticity },
      grid,
    ),
  };
}

const elasticity = fc.oneof(
  fc.constantFrom(0, 1, 1 - 1e-9, 1 + 1e-6, 0.999, 50),
  fc.double({ min: 0.05, max: 8, noNaN: true }),
);
const elasticities = fc.tuple(elasticity, elasticity, elasticity, elasticity);
const seeds = fc.integer({ min: 0, max: 1e6 });
const LEAVES = 4;

test("Shephard: the budget shares are ∂log E/∂log p, and sum to 1", () => {
  fc.assert(
    fc.property(elasticities, elasticity, seeds, (sigma, epsilon, seed) => {
      const { preferences: u } = preferences(graph(sigma), epsilon);
      const q = randomLogPrices(seed, LEAVES * 3);
      const [shares, scratch] = [new Float64Array(q.length), new Float64Array(q.length)];
      u.shares(q, shares);
      expect(shares.reduce((sum, s) => sum + s, 0)).toBeCloseTo(1, 13);
      for (let i = 0; i < q.length; i++) {
        const at = (h: number): number =>
          u.shares(q.map((x, k) => (k === i ? x + h : x)) as Float64Array, scratch);
        expect((at(1e-4) - at(-1e-4)) / 2e-4).toBeCloseTo(shares[i], 5);
      }
    }),
    { numRuns: 80 },
  );
});

test("the derivative of the shares agrees with central differences, and dlog E with the shares", () => {
  fc.assert(
    fc.property(elasticities, elasticity, seeds, (sigma, epsilon, seed) => {
      const { preferences: u } = preferences(graph(sigma), epsilon);
      const q = randomLogPrices(seed, LEAVES * 3);
      const dq = randomLogPrices(seed + 1, q.length);
      const [shares, ds, up, down] = Array.from({ length: 4 }, () => new Float64Array(q.length));
      u.shares(q, shares);
      const dLogE = u.sharesDerivative(q, dq, ds);
      expect(dLogE).toBeCloseTo(
        shares.reduce((sum, s, i) => sum + s * dq[i], 0),
        12,
      );
      const h = 1e-5;
      u.shares(q.map((x, i) => x + h * dq[i]) as Float64Array, up);
      u.shares(q.map((x, i) => x - h * dq[i]) as Float64Array, down);
      const scale = Math.max(...sigma, epsilon, 1) ** 2;
      expect(largest(ds.map((x, i) => x - (up[i] - down[i]) / (2 * h)))).toBeLessThan(1e-7 * scale);
    }),
    { numRuns: 80 },
  );
});

test("duality: the utility of what a budget M° buys is M°/E, evaluated bottom-up from quantities", () => {
  fc.assert(
    fc.property(
      elasticities,
      elasticity,
      seeds,
      fc.constantFrom(1, 2.5, 0.1),
      (sigma, epsilon, seed, scale) => {
        // Unnormalised weights put log A/(1−σ) into the index, which leaves float64 at σ → 1 (formats.md warns of it).
        fc.pre(scale === 1 || sigma.every((s) => s === 1 || Math.abs(s - 1) > 0.02));
        const { preferences: u, grid } = preferences(graph(sigma, scale), epsilon);
        const q = randomLogPrices(seed, LEAVES * 3);
        const shares = new Float64Array(q.length);
        const logE = u.shares(q, shares);
        const c = shares.map((s, i) => (7 * s) / (grid.weights[i % 3] * Math.exp(q[i])));
        expect(u.logUtility(q, c as Float64Array)).toBeCloseTo(Math.log(7) - logE, 11);
      },
    ),
    { numRuns: 100 },
  );
});

describe("elasticities at and near their exact cases", () => {
  const q = randomLogPrices(9, LEAVES * 3);
  const logE = (sigma: number, epsilon = 1): number =>
    preferences(graph([sigma, sigma, sigma, sigma]), epsilon).preferences.shares(
      q,
      new Float64Array(q.length),
    );

  test("the index is continuous at elasticity 1, to 1e-9 at 1 ± 1e-9", () => {
    expect(Math.abs(logE(1 + 1e-9) - logE(1))).toBeLessThan(2e-9);
    expect(Math.abs(logE(1 - 1e-9) - logE(1))).toBeLessThan(2e-9);
    expect(Math.abs(logE(1, 1 + 1e-9) - logE(1))).toBeLessThan(2e-9);
  });

  test("near 1 it keeps its digits: the second difference over ±1e-6 is the one over ±1e-2", () => {
    const second = (h: number): number => (logE(1 + h) - 2 * logE(1) + logE(1 - h)) / h ** 2;
    const first = (h: number): number => (logE(1 + h) - logE(1 - h)) / (2 * h);
    expect(first(1e-6)).toBeCloseTo(first(1e-3), 5);
    expect(Math.abs(second(1e-2))).toBeLessThan(1);
  });

  test("elasticity 0 is Leontief: quantities in fixed proportion whatever the prices", () => {
    const { preferences: u, grid } = preferences(graph([0, 0, 0, 0]), 0);
    const quantities = (seed: number): Float64Array => {
      const at = randomLogPrices(seed, LEAVES * 3, 3);
      const shares = new Float64Array(at.length);
      const e = u.shares(at, shares);
      return shares.map(
        (s, i) => (s * Math.exp(e)) / (grid.weights[i % 3] * Math.exp(at[i])),
      ) as Float64Array;
    };
    const [a, b] = [quantities(1), quantities(2)];
    a.forEach((x, i) => {
      expect(x).toBeCloseTo(b[i], 12);
    });
  });
});

test("instants without demand intensity get nothing, and their prices do not matter", () => {
  const { preferences: u } = preferences(graph([0.5, 1.5, 1, 2]), 0.5, 3, [0, 1, 2]);
  const q = randomLogPrices(4, LEAVES * 3);
  const [one, two] = [new Float64Array(q.length), new Float64Array(q.length)];
  const e = u.shares(q, one);
  const moved = q.map((x, i) => (i % 3 === 0 ? x + 5 : x)) as Float64Array;
  expect(u.shares(moved, two)).toBe(e);
  expect(one.filter((_, i) => i % 3 === 0)).toEqual(new Float64Array(LEAVES));
  expect(two).toEqual(one);
});

test("prices over six hundred decades give shares, not NaN", () => {
  for (const sigma of [0, 0.5, 1, 3, 50]) {
    const { preferences: u } = preferences(graph([sigma, sigma, sigma, sigma]), sigma);
    const shares = new Float64Array(LEAVES * 3);
    const e = u.shares(randomLogPrices(1, shares.length, 690), shares);
    expect(Number.isFinite(e)).toBe(true);
    expect(shares.reduce((sum, s) => sum + s, 0)).toBeCloseTo(1, 12);
  }
});

test("the routing policy is a probability vector: the shares of an edge's node", () => {
  const { preferences: u } = preferences(graph([1, 2, 1, 1]), 1);
  const q = randomLogPrices(3, LEAVES * 3);
  const [row] = u.routing(q);
  for (const share of row) {
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
  }
});
