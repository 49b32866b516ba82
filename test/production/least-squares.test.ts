import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ballLeastSquares } from "../../src/production/ball-least-squares.js";
import { nonNegativeLeastSquares } from "../../src/production/non-negative.js";
import { dot, Orthonormal } from "../../src/production/orthonormal.js";
import { real } from "./random-sets.js";

const problems = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([m, n]) => {
  const vector = fc.array(real(-1, 1), { minLength: m, maxLength: m }).map((v) => Float64Array.from(v));
  return fc.record({ columns: fc.array(vector, { minLength: n, maxLength: n }), b: vector });
});

function residual(columns: Float64Array[], x: ArrayLike<number>, b: Float64Array): Float64Array {
  return b.map((v, i) => v - columns.reduce((sum, column, j) => sum + column[i] * x[j], 0));
}

describe("nonNegativeLeastSquares", () => {
  it("meets the conditions of optimality, dependent columns or not", () => {
    fc.assert(
      fc.property(problems, ({ columns, b }) => {
        const x = nonNegativeLeastSquares(columns, b);
        const rest = residual(columns, x, b);
        columns.forEach((column, j) => {
          const descent = dot(column, rest);
          expect(x[j]).toBeGreaterThanOrEqual(0);
          expect(descent).toBeLessThan(1e-12);
          if (x[j] > 0) expect(Math.abs(descent)).toBeLessThan(1e-12 * (1 + x[j]));
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("finds points of the cone exactly", () => {
    fc.assert(
      fc.property(problems, fc.array(real(0, 2), { minLength: 6, maxLength: 6 }), ({ columns, b }, x) => {
        const target = residual(columns, x, b).map((v, i) => b[i] - v);
        const rest = residual(columns, nonNegativeLeastSquares(columns, target), target);
        expect(Math.sqrt(dot(rest, rest))).toBeLessThan(1e-13);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("ballLeastSquares", () => {
  it("meets the conditions of optimality: Aᵀ(b − Az) = λz with λ ≥ 0, and λ = 0 inside the ball", () => {
    fc.assert(
      fc.property(problems, real(0.1, 5), ({ columns, b }, size) => {
        const target = b.map((v) => size * v);
        const z = ballLeastSquares(columns, target);
        const length = Math.sqrt(dot(z, z));
        expect(length).toBeLessThanOrEqual(1 + 1e-14);
        const gradient = columns.map((column) => dot(column, residual(columns, z, target)));
        const lambda = gradient.reduce((sum, g, j) => sum + g * z[j], 0) / Math.max(length, 1e-300) ** 2;
        if (length < 1 - 1e-9) for (const g of gradient) expect(Math.abs(g)).toBeLessThan(1e-11);
        else {
          expect(lambda).toBeGreaterThan(-1e-11);
          gradient.forEach((g, j) => {
            expect(Math.abs(g - lambda * z[j])).toBeLessThan(1e-11);
          });
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("recovers a point of the sphere through singular values over nine decades", () => {
    const columns = [1, 1e-3, 1e-6, 1e-9].map((size, j) => {
      const column = new Float64Array(8).fill(size / 10);
      column[j] = size;
      return column;
    });
    const z = [0.1, -0.7, 0.5, Math.sqrt(1 - 0.75)];
    const b = residual(columns, z, new Float64Array(8)).map((v) => -v);
    const found = ballLeastSquares(columns, b);
    const rest = residual(columns, found, b);
    expect(Math.sqrt(dot(rest, rest))).toBeLessThan(2e-16);
  });
});

describe("Orthonormal", () => {
  it("refuses dependent columns and keeps the others orthonormal to rounding", () => {
    const basis = new Orthonormal();
    expect(basis.append(Float64Array.of(1, 1, 1))).toBe(true);
    expect(basis.append(Float64Array.of(2, 2, 2))).toBe(false);
    expect(basis.append(Float64Array.of(0, 0, 0))).toBe(false);
    expect(basis.append(Float64Array.of(1, 1, 1 + 1e-10))).toBe(true);
    expect(Math.abs(dot(basis.q[0], basis.q[1]))).toBeLessThan(1e-15);
    expect(dot(basis.q[1], basis.q[1])).toBeCloseTo(1, 15);
  });
});
