import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { geometricRate } from "../../src/convergence/rate.js";

/** Distances above rounding, and the first below it. */
function history(distance: (k: number) => number, floor = 1e-12): { above: number[]; after: number } {
  const above: number[] = [];
  for (let k = 0; distance(k) > floor && k < 5000; k++) above.push(distance(k));
  return { above, after: distance(above.length) };
}

describe("the geometric-mean rate", () => {
  test("of a geometric history is its factor, settled", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 0.99, noNaN: true }), (kappa) => {
        const { above, after } = history((k) => 1e-3 * kappa ** k);
        const { rate, settled } = geometricRate(above, after, 0);
        expect(rate).toBeCloseTo(kappa, 10);
        expect(settled).toBe(true);
      }),
    );
  });

  test("of a mode that turns is its modulus, whatever the angle: osc swings, whole half-turns do not", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.8, max: 0.99, noNaN: true }),
        fc.double({ min: 0.3, max: Math.PI - 0.3, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (kappa, angle, phase) => {
          // osc of a vector that turns in a plane: even, so of period π.
          const swing = (k: number) => 1 + 0.6 * Math.cos(2 * (angle * k + phase));
          const { above, after } = history((k) => 1e-3 * kappa ** k * swing(k));
          expect(Math.abs((geometricRate(above, after, angle).rate ?? 0) - kappa)).toBeLessThan(0.03);
        },
      ),
    );
  });

  test("of λ at its best, where +κ and −κ lead together", () => {
    const { above, after } = history((k) => 1e-3 * 0.6 ** k * (k % 2 === 0 ? 1 : 0.3));
    const { rate, settled } = geometricRate(above, after, 0);
    expect(rate).toBeCloseTo(0.6, 10);
    expect(settled).toBe(true);
  });

  test("is not settled while a faster mode still fades, nor where a slow turn has no room", () => {
    const fading = history((k) => 1e-3 * 0.9 ** k + 3 * 0.6 ** k, 1e-4);
    expect(geometricRate(fading.above, fading.after, 0).settled).toBe(false);
    const turning = history((k) => 1e-3 * 0.5 ** k);
    expect(geometricRate(turning.above, turning.after, 0.05).settled).toBe(false);
  });

  test("of a map that is done at once is what it made in all its steps", () => {
    expect(geometricRate([1e-3], 1e-13, 0)).toEqual({ rate: expect.closeTo(1e-10, 15), settled: true });
    expect(geometricRate([1e-3, 4e-5], 1e-13, 0).rate).toBeCloseTo(1e-5, 10);
    expect(geometricRate([1e-3], undefined, 0)).toEqual({ rate: null, settled: false });
    expect(geometricRate([], 0, 0)).toEqual({ rate: null, settled: false });
    expect(geometricRate([1e-3], Number.NaN, 0)).toEqual({ rate: null, settled: false });
  });

  test("above 1 is growth", () => {
    const growing = Array.from({ length: 40 }, (_, k) => 1e-6 * 1.1 ** k);
    expect(geometricRate(growing, undefined, 0).rate).toBeCloseTo(1.1, 10);
  });
});
