import { describe, expect, it } from "vitest";
import { gaussLegendre } from "../../src/time/gauss-legendre.js";

/** Neumaier's compensated sum: the test must not add rounding of its own. */
function sum(values: Iterable<number>): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

const integral = (n: number, f: (x: number) => number) => {
  const { nodes, weights } = gaussLegendre(n);
  return sum(Array.from(nodes, (x, k) => weights[k] * f(x)));
};

describe("gaussLegendre", () => {
  it("has the known nodes and weights for n = 1, 2, 3, 5", () => {
    expect(gaussLegendre(1)).toEqual({ nodes: new Float64Array(1), weights: Float64Array.of(2) });
    const two = gaussLegendre(2);
    expect(two.nodes[1]).toBeCloseTo(1 / Math.sqrt(3), 15);
    expect(two.weights[0]).toBeCloseTo(1, 15);
    const three = gaussLegendre(3);
    expect(three.nodes[2]).toBeCloseTo(Math.sqrt(0.6), 15);
    expect(Array.from(three.weights).map((w) => w * 9)).toEqual([5, 8, 5].map((w) => expect.closeTo(w, 14)));
    const five = gaussLegendre(5);
    expect(five.nodes[4]).toBeCloseTo(Math.sqrt(5 + 2 * Math.sqrt(10 / 7)) / 3, 15);
    expect(five.weights[4]).toBeCloseTo((322 - 13 * Math.sqrt(70)) / 900, 15);
    expect(five.weights[2]).toBeCloseTo(128 / 225, 15);
  });

  it("agrees with published digits at n = 64 (Abramowitz and Stegun 25.4)", () => {
    const { nodes, weights } = gaussLegendre(64);
    expect(Math.abs(nodes[63] - 0.999305041735772139)).toBeLessThan(2e-16);
    expect(Math.abs(weights[63] - 0.001783280721696432947)).toBeLessThan(1e-17);
    expect(Math.abs(nodes[32] - 0.0243502926634244325)).toBeLessThan(1e-16);
    expect(Math.abs(weights[32] - 0.0486909570091397204)).toBeLessThan(3e-17);
  });

  it("is symmetric, increasing, positive and sums to 2", () => {
    for (const n of [1, 2, 3, 7, 16, 33, 100, 257, 1000, 4096, 10_000]) {
      const { nodes, weights } = gaussLegendre(n);
      for (let k = 0; k < n; k++) {
        expect(nodes[k] + nodes[n - 1 - k]).toBe(0);
        expect(weights[k]).toBe(weights[n - 1 - k]);
        expect(weights[k]).toBeGreaterThan(0);
        if (k > 0) expect(nodes[k]).toBeGreaterThan(nodes[k - 1]);
      }
      expect(nodes[0]).toBeGreaterThan(-1);
      expect(Math.abs(sum(weights) - 2)).toBeLessThanOrEqual(1e-15);
    }
  });

  it("is exact for Legendre polynomials and powers up to degree 2n − 1, and not beyond", () => {
    for (const n of [1, 2, 3, 4, 8, 20, 33]) {
      for (let degree = 0; degree < 2 * n; degree++) {
        const exact = degree % 2 === 0 ? 2 / (degree + 1) : 0;
        expect(Math.abs(integral(n, (x) => x ** degree) - exact)).toBeLessThan(1e-15);
      }
    }
    // The error at degree 2n, ∫P_n²/leading², is 4/9 · 0.4 for n = 2.
    expect(2 / 5 - integral(2, (x) => x ** 4)).toBeCloseTo(8 / 45, 14);
  });

  it("integrates an oscillating function at large n, where Newton needs a good start", () => {
    for (const n of [1500, 10_000]) {
      expect(Math.abs(integral(n, (x) => Math.cos(1000 * x)) - Math.sin(1000) / 500)).toBeLessThan(5e-15);
    }
  });

  it("has the nodes and weights of n = 10 000, the ends included (45-digit decimal arithmetic)", () => {
    const { nodes, weights } = gaussLegendre(10_000);
    const known = [
      [0, 0.999999971086961724811621862, 7.42001927323932279657983208e-8],
      [1234, 0.925709666360792102023560372, 1.18820045490708836051925546e-4],
      [4999, 1.5707177824834783417641311e-4, 3.14143553913226827634558399e-4],
    ];
    for (const [k, node, weight] of known) {
      expect(Math.abs(nodes[9999 - k] - node)).toBeLessThan(3e-16);
      expect(Math.abs(weights[k] / weight - 1)).toBeLessThan(2e-14);
    }
  });

  it("refuses sizes that are no sizes", () => {
    for (const n of [0, -1, 1.5, Number.NaN]) expect(() => gaussLegendre(n)).toThrow(RangeError);
  });
});
