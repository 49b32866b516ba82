import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bestStep, constantAt } from "../../src/contraction/best-step.js";
import type { Eigenvalue } from "../../src/contraction/eigenvalues.js";

const magnitude = fc.double({ min: -3, max: 3, noNaN: true }).map((x) => 10 ** x);
const real = magnitude.map((re): Eigenvalue[] => [{ re, im: 0 }]);
const pair = fc.tuple(magnitude, magnitude).map(([re, im]): Eigenvalue[] => [
  { re, im },
  { re, im: -im },
]);
const spectra = fc.array(fc.oneof(real, pair), { minLength: 1, maxLength: 12 }).map((parts) => parts.flat());

describe("the λ that minimises the local constant", () => {
  test("no other λ does better, and the constant is the one it has", () => {
    fc.assert(
      fc.property(spectra, (thetas) => {
        const found = bestStep(thetas);
        fc.pre(found !== null);
        const { step, constant } = found as NonNullable<typeof found>;
        expect(constant).toBeLessThanOrEqual(1);
        expect(constantAt(thetas, step)).toBeCloseTo(constant, 12);
        // From a thousandth to a thousand times λ, close together near it.
        const others = Array.from({ length: 801 }, (_, k) => step * 10 ** (3 * (k / 400 - 1) ** 3));
        const least = Math.min(...others.map((other) => constantAt(thetas, other)));
        expect(least).toBeGreaterThanOrEqual(constant - 1e-12);
      }),
      { numRuns: 300 },
    );
  });

  test("the eigenvalues that decide attain the constant, and suffice for it", () => {
    fc.assert(
      fc.property(spectra, (thetas) => {
        const found = bestStep(thetas);
        fc.pre(found !== null);
        const { step, constant, deciding } = found as NonNullable<typeof found>;
        for (const theta of deciding) {
          expect(thetas).toContain(theta);
          expect(constantAt([theta], step)).toBeCloseTo(constant, 10);
        }
        expect(bestStep(deciding)?.constant).toBeCloseTo(constant, 10);
      }),
    );
  });

  test("real spectra: 2/(θ_min + θ_max), as T3 has it", () => {
    fc.assert(
      fc.property(fc.array(magnitude, { minLength: 1, maxLength: 20 }), (thetas) => {
        const [low, high] = [Math.min(...thetas), Math.max(...thetas)];
        const found = bestStep(thetas.map((re) => ({ re, im: 0 })));
        expect((found?.step ?? Number.NaN) * (low + high)).toBeCloseTo(2, 10);
        expect(found?.constant).toBeCloseTo((high - low) / (high + low), 10);
      }),
    );
  });

  test("one complex pair: Re θ/|θ|², |Im θ|/|θ|", () => {
    const found = bestStep([
      { re: 3, im: 4 },
      { re: 3, im: -4 },
    ]);
    expect(found?.step).toBeCloseTo(3 / 25, 14);
    expect(found?.constant).toBeCloseTo(4 / 5, 14);
  });

  test("pairs with one real part: the widest decides, and it alone", () => {
    for (const widths of [
      [1, 2, 3],
      [3, 2, 1],
      [0, 3, 0],
    ]) {
      const found = bestStep(widths.flatMap((im) => [1, -1].map((sign) => ({ re: 2, im: sign * im }))));
      expect(found?.step).toBeCloseTo(2 / 13, 14);
      expect(found?.constant).toBeCloseTo(3 / Math.sqrt(13), 14);
      expect(found?.deciding).toHaveLength(1);
    }
  });

  test("a pair that decides beside a real eigenvalue that gives way", () => {
    // |1 − λ(1 ± 2i)|² = 1 − 2λ + 5λ² is least at 1/5, where the real one has |1 − 2/5| < 2/√5.
    const found = bestStep([
      { re: 2, im: 0 },
      { re: 1, im: 2 },
      { re: 1, im: -2 },
    ]);
    expect(found?.step).toBeCloseTo(1 / 5, 14);
    expect(found?.constant).toBeCloseTo(2 / Math.sqrt(5), 14);
  });
});

describe("null where no λ contracts", () => {
  test.each([
    ["a negative eigenvalue", [-0.1, 1]],
    ["zero", [0, 1]],
    ["zero to rounding", [1e-13, 1]],
    ["nothing to iterate", []],
    ["not a number", [Number.NaN, 1]],
  ])("%s", (_, thetas) => {
    expect(bestStep(thetas.map((re) => ({ re, im: 0 })))).toBeNull();
  });

  test("a pair on the imaginary axis", () => {
    expect(
      bestStep([
        { re: 1e-15, im: 1 },
        { re: 1e-15, im: -1 },
      ]),
    ).toBeNull();
  });
});
