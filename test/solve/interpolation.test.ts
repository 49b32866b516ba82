import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prolongPrices } from "../../src/solve/interpolation.js";
import { createGrid, type Grid } from "../../src/time/grid.js";

const midpoint = (nodes: number) => createGrid({ nodes });
const gauss = (nodes: number) => createGrid({ nodes, rule: "gauss-legendre" });
const row = ({ t }: Grid, logPrice: (t: number) => number) => t.map((x) => Math.exp(logPrice(x)));

/** Largest error of log prices after going from one grid to another. */
function error(from: Grid, to: Grid, logPrice: (t: number) => number): number {
  const prices = prolongPrices(row(from, logPrice), from, to);
  return prices.reduce((worst, p, n) => Math.max(worst, Math.abs(Math.log(p) - logPrice(to.t[n]))), 0);
}

describe("smooth rows", () => {
  test("polynomials up to degree 9 are exact, beyond the last node too", () => {
    const powers = (t: number) => 2 * t ** 9 - 3 * (t - 0.4) ** 5 + t;
    for (const grid of [midpoint(20), gauss(70)])
      expect(error(grid, midpoint(60), powers)).toBeLessThan(1e-11);
  });

  test("the error falls with the tenth power of the mesh on midpoint, spectrally on a few gauss-legendre nodes", () => {
    const wave = (t: number) => Math.sin(6 * Math.PI * t);
    const errors = [40, 80, 160].map((nodes) => error(midpoint(nodes), midpoint(3 * nodes), wave));
    expect(Math.log2(errors[0] / errors[1])).toBeGreaterThan(8);
    expect(Math.log2(errors[1] / errors[2])).toBeGreaterThan(8);
    expect(error(gauss(30), gauss(90), wave)).toBeLessThan(1e-10);
  });

  test("nodes that coincide keep their prices, on any rule", () => {
    const prices = row(midpoint(7), (t) => Math.cos(40 * t));
    const fine = prolongPrices(prices, midpoint(7), midpoint(21));
    prices.forEach((p, n) => {
      expect(fine[3 * n + 1]).toBeCloseTo(p, 12);
    });
    expect(prolongPrices(prices, midpoint(7), midpoint(7))).toEqual(prices);
  });
});

describe("rows with kinks", () => {
  test("a kink between nodes is found, and both sides keep their order", () => {
    const roof = (t: number) => 5 * Math.abs(t - 0.3) + Math.sin(5 * t);
    expect(error(midpoint(81), midpoint(243), roof)).toBeLessThan(1e-10);
    expect(error(gauss(81), gauss(243), roof)).toBeLessThan(1e-9);
  });

  test("a jump stays in its cell, without overshoot", () => {
    const step = (t: number) => (t < 0.37 ? 0 : 1);
    const to = midpoint(243);
    const logs = prolongPrices(row(midpoint(81), step), midpoint(81), to).map(Math.log);
    logs.forEach((q, n) => {
      expect(q).toBeGreaterThan(-0.3);
      expect(q).toBeLessThan(1.3);
      if (Math.abs(to.t[n] - 0.37) > 1 / 81) expect(q).toBeCloseTo(step(to.t[n]), 9);
    });
  });

  test("whatever the row, values stay near those around them", () => {
    const rows = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 2, maxLength: 40 });
    const grids = fc.constantFrom(midpoint, gauss);
    fc.assert(
      fc.property(rows, grids, fc.integer({ min: 1, max: 100 }), (q, rule, nodes) => {
        const to = rule(nodes);
        const from = createGrid({ nodes: q.length });
        const logs = prolongPrices(Float64Array.from(q, Math.exp), from, to).map(Math.log);
        const [low, high] = [Math.min(...q), Math.max(...q)];
        for (const x of logs) {
          expect(x).toBeGreaterThanOrEqual(low - 0.26 * (high - low) - 1e-9);
          expect(x).toBeLessThanOrEqual(high + 0.26 * (high - low) + 1e-9);
        }
      }),
    );
  });
});

describe("free instants", () => {
  test("prices go to 0 along their line, as far as it goes; what was free stays free", () => {
    // p = max(0, t − 0.5): free on the first half.
    const from = midpoint(20);
    const to = midpoint(60);
    const fine = prolongPrices(
      from.t.map((t) => Math.max(0, t - 0.5)),
      from,
      to,
    );
    fine.forEach((p, n) => {
      expect(Math.abs(p - Math.max(0, to.t[n] - 0.5))).toBeLessThan(0.01);
      expect(p === 0).toBe(to.t[n] <= 0.5);
    });
  });

  test("a single price, all prices 0, a price alone between free ones", () => {
    expect(Array.from(prolongPrices(Float64Array.of(2), midpoint(1), gauss(3)))).toEqual([2, 2, 2]);
    expect(Array.from(prolongPrices(new Float64Array(4), midpoint(4), midpoint(12)))).toEqual(
      new Array(12).fill(0),
    );
    const alone = prolongPrices(Float64Array.of(0, 3, 0, 0), midpoint(4), midpoint(12));
    expect(alone.every((p) => p >= 0 && p <= 3)).toBe(true);
    expect(alone[4]).toBeCloseTo(3, 12);
    expect(alone[5]).toBeCloseTo(2, 12);
    expect(Array.from(alone.subarray(7))).toEqual([0, 0, 0, 0, 0]);
  });

  test("never NaN nor below 0, whatever is free", () => {
    const price = fc.oneof(fc.constant(0), fc.double({ min: 1e-200, max: 1e200, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(price, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 60 }),
        (prices, nodes) => {
          for (const rule of [midpoint, gauss]) {
            const fine = prolongPrices(Float64Array.from(prices), rule(prices.length), rule(nodes));
            expect(fine.every((p) => p >= 0 && p < Infinity)).toBe(true);
          }
        },
      ),
    );
  });
});
