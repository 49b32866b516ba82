import { LuDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { uniformSource } from "../../src/core/rng.js";
import { defineEconomy, type Economy } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";

/** A random tree of CES nests over fixed endowments, one orchestrator, on several instants. */
function randomTree(seed: number, nodes: number): Economy {
  const uniform = uniformSource(seed);
  const draw = (low: number, high: number) => low + (high - low) * uniform();
  const goods = Array.from({ length: 9 }, (_, g) => `g${g}`);
  const wave = (mean: number) => ({
    t: [0, 0.25, 0.5, 1],
    values: Array.from({ length: 4 }, () => mean * draw(0.5, 1.5)),
  });
  const nest = (inputs: string[]) => ({
    elasticity: Math.exp(draw(Math.log(0.1), Math.log(8))),
    inputs: Object.fromEntries(inputs.map((name) => [name, draw(0.2, 1)])),
  });
  return defineEconomy({
    time: { horizon: 1, nodes },
    commodities: Object.fromEntries(goods.map((name) => [name, {}])),
    orchestrators: {
      main: {
        endowment: Object.fromEntries(goods.map((name) => [name, wave(draw(0.5, 2))])),
        discount: wave(1),
        intertemporal_elasticity: draw(0.3, 4),
        preferences: {
          root: "u",
          nodes: {
            u: nest(["a", "b", "g0"]),
            a: nest(["c", "g1", "g2"]),
            b: nest(["g3", "g4", "g5"]),
            c: nest(["g6", "g7", "g8"]),
          },
        },
      },
    },
  });
}

/** f and P⁻¹f at q. */
function stepAt(market: ReferenceMarket, q: Float64Array) {
  const [f, u] = [market.create(), market.create()];
  const readout = market.residual(q, f);
  market.precondition(f, u);
  return { f, u, readout };
}

const centred = (v: Float64Array) => {
  const mean = v.reduce((sum, x) => sum + x, 0) / v.length;
  return v.map((x) => x - mean);
};
const largest = (v: Float64Array) => v.reduce((max, x) => Math.max(max, Math.abs(x)), 0);

describe("the nest-wise step (model.md section 5)", () => {
  test.each([1, 2, 3, 4, 5, 6])(
    "is Newton's step on a tree with fixed supply at its equilibrium (seed %i)",
    (seed) => {
      const market = new ReferenceMarket(randomTree(seed, 2));
      let q = market.enter(new Float64Array(18).fill(1));
      for (let k = 0; k < 30; k++) q = q.map((x, i) => x + stepAt(market, q).u[i]);
      const n = q.length;
      // Near the equilibrium, so that E d = f can be solved up to constants: the bordered system, densely.
      const bumped = q.map((x, i) => x + 1e-4 * Math.sin(7 * i));
      const { f, u } = stepAt(market, bumped);
      const E = Matrix.zeros(n, n);
      for (let j = 0; j < n; j++) {
        const [unit, column] = [market.create(), market.create()];
        unit[j] = 1;
        market.derivative(bumped, unit, column);
        column.forEach((x, i) => {
          E.set(i, j, -x + 1 / n);
        });
      }
      const newton = Float64Array.from(new LuDecomposition(E).solve(Matrix.columnVector(f)).to1DArray());
      const [a, b] = [centred(u), centred(newton)];
      expect(largest(a.map((x, i) => x - b[i]))).toBeLessThan(1e-3 * largest(b));
    },
  );

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "converges quadratically, undamped, on a tree with fixed supply (seed %i)",
    (seed) => {
      const market = new ReferenceMarket(randomTree(seed, 4));
      let q = market.enter(new Float64Array(36).fill(1));
      const norms: number[] = [];
      for (let k = 0; k < 40 && (norms.at(-1) ?? 1) > 1e-13; k++) {
        const { f, u } = stepAt(market, q);
        norms.push(largest(centred(f)));
        q = q.map((x, i) => x + u[i]);
      }
      expect(norms.at(-1)).toBeLessThan(1e-13);
      // From 1e-2 downwards each step squares the residual, up to a constant and rounding.
      const near = norms.slice(norms.findIndex((x) => x < 1e-2));
      for (let k = 1; k < near.length; k++) expect(near[k]).toBeLessThan(30 * near[k - 1] ** 2 + 1e-13);
      expect(near.length).toBeLessThanOrEqual(5);
    },
  );

  test("is linear, keeps constants, and leaves frozen instants alone", () => {
    const market = new ReferenceMarket(randomTree(11, 2));
    const prices = new Float64Array(18).fill(1);
    prices[4] = 0;
    const q = market.enter(prices);
    market.residual(q, market.create());
    const [a, b] = [3, 5].map((k) => q.map((_, i) => Math.cos(k * i)));
    const apply = (v: Float64Array) => {
      const out = market.create();
      market.precondition(v, out);
      return out;
    };
    const [pa, pb, sum] = [apply(a), apply(b), apply(a.map((x, i) => 2 * x - b[i]))];
    sum.forEach((x, i) => {
      expect(x).toBeCloseTo(2 * pa[i] - pb[i], 12);
    });
    expect(pa[4]).toBe(0);
    market.thaw();
    market.residual(q, market.create());
    for (const x of apply(market.create(3))) expect(x).toBeCloseTo(3, 12);
  });
});
