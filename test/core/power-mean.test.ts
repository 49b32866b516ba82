import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logPowerMean } from "../../src/core/power-mean.js";

const normalise = (a: readonly number[]) => a.map((v) => v / a.reduce((s, w) => s + w, 0));

/** Weights summing to 1 and log values, of equal length. */
const family = fc
  .array(
    fc.tuple(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true })),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((rows) => ({ a: normalise(rows.map((r) => r[0])), y: rows.map((r) => r[1]) }));

/** Cumulants of y under a, by definition: M_δ = k1 + δ k2/2 + δ² k3/6 + δ³ k4/24 + … */
function cumulantSeries(a: readonly number[], y: readonly number[], delta: number): number {
  const mean = a.reduce((s, w, i) => s + w * y[i], 0);
  const moment = (k: number) => a.reduce((s, w, i) => s + w * (y[i] - mean) ** k, 0);
  const k4 = moment(4) - 3 * moment(2) ** 2;
  return mean + (delta * moment(2)) / 2 + (delta ** 2 * moment(3)) / 6 + (delta ** 3 * k4) / 24;
}

describe("logPowerMean", () => {
  it("is the arithmetic, geometric, harmonic, largest and smallest of two numbers", () => {
    const a = [0.25, 0.75];
    const y = [Math.log(2), Math.log(8)];
    expect(Math.exp(logPowerMean(1, a, y))).toBeCloseTo(6.5, 13);
    expect(logPowerMean(0, a, y)).toBeCloseTo(2.5 * Math.log(2), 14);
    expect(Math.exp(logPowerMean(-1, a, y))).toBeCloseTo(1 / (0.125 + 0.09375), 13);
    expect(logPowerMean(Infinity, a, y)).toBe(Math.log(8));
    expect(logPowerMean(-Infinity, a, y)).toBe(Math.log(2));
  });

  it("agrees with the plain formula where that is accurate", () => {
    fc.assert(
      fc.property(
        family,
        fc.oneof(fc.double({ min: 0.5, max: 20, noNaN: true }), fc.constant(-3)),
        ({ a, y }, d) => {
          const plain = Math.log(a.reduce((s, w, i) => s + w * Math.exp(d * y[i]), 0)) / d;
          expect(Math.abs(logPowerMean(d, a, y) - plain)).toBeLessThan(1e-13);
        },
      ),
    );
  });

  it("agrees with its expansion in cumulants around delta = 0, to rounding", () => {
    for (const size of [1e-15, 1e-12, 1e-9, 1e-6, 1e-4]) {
      fc.assert(
        fc.property(family, fc.constantFrom(-size, size), ({ a, y }, delta) => {
          expect(Math.abs(logPowerMean(delta, a, y) - cumulantSeries(a, y, delta))).toBeLessThan(1e-14);
        }),
      );
    }
  });

  it("does not let a rounding error in the sum of weights in", () => {
    const a = [0.7, 0.2, 0.1];
    expect(a[0] + a[1] + a[2]).not.toBe(1);
    expect(logPowerMean(1e-10, a, [1, 1, 1])).toBe(1);
    expect(Math.abs(logPowerMean(1e-10, a, [1, 2, 3]) - 1.4)).toBeLessThan(1e-10);
  });

  it("increases with delta, lies between the extremes and shifts with y", () => {
    const exponent = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        family,
        exponent,
        exponent,
        fc.double({ min: -700, max: 700, noNaN: true }),
        ({ a, y }, d, e, s) => {
          const lower = logPowerMean(Math.min(d, e), a, y);
          const upper = logPowerMean(Math.max(d, e), a, y);
          expect(upper - lower).toBeGreaterThanOrEqual(-1e-14);
          expect(lower).toBeGreaterThanOrEqual(Math.min(...y) - 1e-14);
          expect(upper).toBeLessThanOrEqual(Math.max(...y) + 1e-14);
          const shifted = logPowerMean(
            d,
            a,
            y.map((v) => v + s),
          );
          expect(Math.abs(shifted - s - logPowerMean(d, a, y))).toBeLessThan(1e-12);
        },
      ),
    );
  });

  it("is continuous where it changes formula", () => {
    const a = [0.3, 0.3, 0.4];
    const y = [-2, 0.5, 3];
    for (const d of [0.2, -0.2]) {
      const below = logPowerMean(d * (1 - 1e-15), a, y);
      expect(Math.abs(below - logPowerMean(d * (1 + 1e-15), a, y))).toBeLessThan(5e-15);
    }
  });

  it("takes infinite entries to their limits and ignores entries of weight 0", () => {
    const a = [0.5, 0.5];
    expect(logPowerMean(1, a, [-Infinity, 2])).toBeCloseTo(2 + Math.log(0.5), 14);
    expect(logPowerMean(-1, a, [-Infinity, 2])).toBe(-Infinity);
    expect(logPowerMean(0, a, [-Infinity, 2])).toBe(-Infinity);
    expect(logPowerMean(1, a, [Infinity, 2])).toBe(Infinity);
    expect(logPowerMean(-1, a, [Infinity, 2])).toBeCloseTo(2 - Math.log(0.5), 14);
    expect(logPowerMean(0, a, [Infinity, 2])).toBe(Infinity);
    expect(logPowerMean(0, [0, 1], [-Infinity, 2])).toBe(2);
    expect(logPowerMean(-3, [0, 1], [-Infinity, 2])).toBe(2);
    const logValue = fc.oneof(
      fc.double({ min: -1e150, max: 1e150, noNaN: true }),
      fc.constantFrom(Infinity, -Infinity),
    );
    const delta = fc.oneof(
      fc.double({ noNaN: true }),
      fc.constantFrom(0, Infinity, -Infinity, 5e-324, 1e-310),
    );
    fc.assert(
      fc.property(delta, fc.array(logValue, { minLength: 2, maxLength: 2 }), (d, y) => {
        expect(logPowerMean(d, a, y)).not.toBeNaN();
      }),
      { numRuns: 1000 },
    );
  });
});
