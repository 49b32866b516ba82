import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memberOf, profitByFormula } from "./definition.js";
import {
  derivativeAt,
  directionsFor,
  KINDS,
  largest,
  pricesFor,
  real,
  type Sample,
  samples,
  supplyAt,
  value,
} from "./random-sets.js";

/** Σ w p |y|: what profits and their rounding are relative to. */
const turnover = (sample: Sample, p: Float64Array, y: Float64Array) => value(sample, p, y.map(Math.abs));

const shifted = (p: Float64Array, step: number, d: Float64Array) => p.map((x, k) => x + step * d[k]);

describe.each(KINDS)("%s", (kind) => {
  const withPrices = samples(kind).chain((sample) =>
    fc.tuple(fc.constant(sample), pricesFor(sample), pricesFor(sample), directionsFor(sample)),
  );

  it("makes the profit of the formula, which is the value of its supply", () => {
    fc.assert(
      fc.property(withPrices, ([sample, p]) => {
        const y = supplyAt(sample, p);
        const h = sample.set.profit(p);
        const scale = turnover(sample, p, y) + Math.abs(h);
        expect(Math.abs(value(sample, p, y) - h)).toBeLessThanOrEqual(1e-13 * scale);
        expect(Math.abs(profitByFormula(sample, p) - h)).toBeLessThanOrEqual(1e-12 * scale);
      }),
    );
  });

  it("supplies the gradient of profit (Hotelling)", () => {
    fc.assert(
      fc.property(withPrices, ([sample, p, , u]) => {
        const d = u.map((x, k) => x * p[k]);
        const [y, step] = [supplyAt(sample, p), 5e-5];
        // Fourth-order central difference.
        const h = (s: number) => sample.set.profit(shifted(p, s * step, d));
        const slope = (8 * (h(1) - h(-1)) - (h(2) - h(-2))) / (12 * step);
        expect(Math.abs(slope - value(sample, d, y))).toBeLessThanOrEqual(1e-9 * turnover(sample, p, y));
      }),
    );
  });

  it("does not notice a change of numeraire", () => {
    fc.assert(
      fc.property(withPrices, fc.constantFrom(1e150, 1e-150, 3.7, 1e-9), ([sample, p], c) => {
        const [y, z] = [
          supplyAt(sample, p),
          supplyAt(
            sample,
            p.map((x) => c * x),
          ),
        ];
        expect(largest(y.map((v, k) => (v - z[k]) / (Math.abs(v) + largest(y))))).toBeLessThan(1e-12);
        const [h, hc] = [sample.set.profit(p), sample.set.profit(p.map((x) => c * x)) / c];
        expect(Math.abs(h - hc)).toBeLessThanOrEqual(1e-12 * turnover(sample, p, y));
      }),
    );
  });

  it("supplies more of what got dearer: ⟨p − p′, η(p) − η(p′)⟩ ≥ 0", () => {
    fc.assert(
      fc.property(withPrices, ([sample, p, other]) => {
        const [y, z] = [supplyAt(sample, p), supplyAt(sample, other)];
        const gain = value(sample, shifted(p, -1, other), shifted(y, -1, z));
        expect(gain).toBeGreaterThanOrEqual(-1e-12 * (turnover(sample, p, y) + turnover(sample, other, z)));
      }),
    );
  });

  it("does at least as well as every member, and knows members when it sees them", () => {
    fc.assert(
      fc.property(withPrices, real(0.05, 1), ([sample, p, , u], inner) => {
        const y = memberOf(sample, u, inner);
        expect(value(sample, p, y)).toBeLessThanOrEqual(
          sample.set.profit(p) + 1e-12 * turnover(sample, p, y),
        );
        expect(sample.set.gap(y)).toBeLessThanOrEqual(1e-11);
      }),
    );
  });

  it("supplies a member", () => {
    fc.assert(
      fc.property(withPrices, ([sample, p]) => {
        expect(sample.set.gap(supplyAt(sample, p))).toBeLessThanOrEqual(1e-11);
      }),
    );
  });

  it("stays within its bounds", () => {
    fc.assert(
      fc.property(withPrices, ([sample, p]) => {
        const { lower, upper } = sample.set.bounds();
        supplyAt(sample, p).forEach((y, k) => {
          const slack = 1e-13 * (1 + Math.abs(y));
          expect(y).toBeGreaterThanOrEqual(lower[k] - slack);
          expect(y).toBeLessThanOrEqual(upper[k] + slack);
        });
      }),
    );
  });

  it("has the derivative of central differences", () => {
    fc.assert(
      fc.property(withPrices, ([sample, p, , u]) => {
        const d = u.map((x, k) => x * p[k]);
        const step = 5e-5;
        const at = (s: number) => supplyAt(sample, shifted(p, s * step, d));
        const [a, b, c, e] = [at(1), at(-1), at(2), at(-2)];
        const numeric = a.map((_, k) => (8 * (a[k] - b[k]) - (c[k] - e[k])) / (12 * step));
        const analytic = derivativeAt(sample, p, d);
        const scale = largest(supplyAt(sample, p)) + largest(analytic);
        expect(largest(analytic.map((v, k) => v - numeric[k]))).toBeLessThanOrEqual(1e-7 * scale);
      }),
    );
  });

  it("has a symmetric, positive semidefinite derivative that vanishes along p", () => {
    fc.assert(
      fc.property(withPrices, ([sample, p, other, u]) => {
        const [d, e] = [u.map((x, k) => x * p[k]), other.map((x, k) => x - p[k])];
        const [yd, ye] = [derivativeAt(sample, p, d), derivativeAt(sample, p, e)];
        // Relative to the size of the two price changes; the exact derivative of a ball along p is 0.
        const scale = turnover(sample, p, supplyAt(sample, p)) * (1 + largest(e.map((x, k) => x / p[k])));
        expect(Math.abs(value(sample, d, ye) - value(sample, e, yd))).toBeLessThanOrEqual(1e-11 * scale);
        expect(value(sample, d, yd)).toBeGreaterThanOrEqual(-1e-11 * scale);
        const along = turnover(sample, p, derivativeAt(sample, p, p));
        expect(along).toBeLessThanOrEqual(1e-11 * turnover(sample, p, supplyAt(sample, p)));
      }),
    );
  });

  it("has no NaN at prices of 0 and over three hundred decades", () => {
    const levels = fc.constantFrom(0, 0, 1, 3, 1e-150, 1e150, 1e-300);
    const edges = samples(kind).chain((sample) => {
      const length = sample.metrics.length * sample.grid.nodes;
      const prices = fc.array(levels, { minLength: length, maxLength: length });
      return fc.tuple(
        fc.constant(sample),
        prices.map((v) => Float64Array.from(v)),
        directionsFor(sample),
      );
    });
    fc.assert(
      fc.property(edges, ([sample, p, u]) => {
        const y = supplyAt(sample, p);
        expect(y.every(Number.isFinite)).toBe(true);
        expect(Number.isFinite(sample.set.profit(p))).toBe(true);
        expect(derivativeAt(sample, p, u).some(Number.isNaN)).toBe(false);
        expect(
          derivativeAt(
            sample,
            p,
            u.map((x, k) => x * p[k]),
          ).some(Number.isNaN),
        ).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
