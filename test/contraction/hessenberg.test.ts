import fc from "fast-check";
import { Matrix, QrDecomposition } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { eigenpairs } from "../../src/contraction/eigenvalues.js";
import { type Hessenberg, hessenbergEigenvalues, lastEntryOf } from "../../src/contraction/hessenberg.js";

function hessenberg(rows: readonly (readonly number[])[]): Hessenberg {
  return { size: rows.length, entries: Float64Array.from(rows.flat()) };
}

/** Entries below the first lower diagonal are 0. */
function randomly(entry: fc.Arbitrary<number>, largest: number): fc.Arbitrary<Hessenberg> {
  return fc
    .integer({ min: 1, max: largest })
    .chain((n) => fc.array(entry, { minLength: n * n, maxLength: n * n }))
    .map((drawn) => {
      const size = Math.sqrt(drawn.length);
      const below = (i: number) => Math.floor(i / size) > (i % size) + 1;
      return { size, entries: Float64Array.from(drawn, (x, i) => (below(i) ? 0 : x)) };
    });
}

/** Of this norm a matrix is as near to having any eigenvalue 0 as it need be. */
const TINY = 1e-13;

/**
 * How far H is from having the eigenvalue θ: ‖(H − θI)x‖ of a unit x that inverse iteration makes small, an upper bound of the least singular
 * value, as that of a real matrix of twice the size. (ml-matrix's singular values may iterate for ever where one is 0.)
 */
function distance({ size, entries }: Hessenberg, re: number, im: number): number {
  const real = Matrix.zeros(2 * size, 2 * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const x = entries[i * size + j] - (i === j ? re : 0);
      real.set(i, j, x);
      real.set(i + size, j + size, x);
    }
    real.set(i, i + size, im);
    real.set(i + size, i, -im);
  }
  const norm = real.norm("frobenius");
  if (norm < TINY) return norm;
  const R = new QrDecomposition(real).upperTriangularMatrix;
  const least = Number.EPSILON * norm;
  for (let i = 0; i < 2 * size; i++) if (Math.abs(R.get(i, i)) < least) R.set(i, i, least);
  let x = Matrix.columnVector(Array.from({ length: 2 * size }, (_, i) => 1 + Math.sin(i)));
  for (let k = 0; k < 6; k++) {
    x = upperSolve(R, lowerSolve(R.transpose(), x));
    x.div(x.norm("frobenius"));
  }
  return real.mmul(x).norm("frobenius");
}

/** L⁻¹b, up to a factor. */
function lowerSolve(L: Matrix, b: Matrix): Matrix {
  const x = b.clone();
  for (let i = 0; i < x.rows; i++) {
    for (let k = 0; k < i; k++) x.set(i, 0, x.get(i, 0) - L.get(i, k) * x.get(k, 0));
    x.set(i, 0, x.get(i, 0) / L.get(i, i));
    // Pivots of nearly 0, one after the other, would leave the numbers.
    x.div(Math.max(1, x.norm("frobenius")));
  }
  return x;
}

/** U⁻¹b, up to a factor. */
function upperSolve(U: Matrix, b: Matrix): Matrix {
  const x = b.clone();
  for (let i = x.rows - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.rows; k++) x.set(i, 0, x.get(i, 0) - U.get(i, k) * x.get(k, 0));
    x.set(i, 0, x.get(i, 0) / U.get(i, i));
    x.div(Math.max(1, x.norm("frobenius")));
  }
  return x;
}

const smallIntegers = fc.oneof(fc.constant(0), fc.integer({ min: -2, max: 2 }));
const numbers = fc.oneof(fc.constant(0), fc.double({ min: -2, max: 2, noNaN: true, minExcluded: true }));

describe("eigenvalues of a Hessenberg matrix", () => {
  test.each([
    ["small integers", smallIntegers, 7],
    ["any numbers", numbers, 12],
  ])("of %s: each is one of a matrix next to it; the trace, and pairs", (_, entry, largest) => {
    fc.assert(
      fc.property(randomly(entry, largest), (matrix) => {
        const found = hessenbergEigenvalues(matrix) ?? expect.fail();
        const { size, entries } = matrix;
        expect(found.length).toBe(size);
        const sum = (of: (at: (typeof found)[number]) => number) =>
          found.reduce((all, at) => all + of(at), 0);
        const trace = Array.from({ length: size }, (_, i) => entries[i * size + i]).reduce(
          (a, b) => a + b,
          0,
        );
        expect(sum(({ re }) => re)).toBeCloseTo(trace, 10);
        expect(sum(({ im }) => im)).toBeCloseTo(0, 12);
        for (const { re, im } of found) {
          expect(distance(matrix, re, im)).toBeLessThan(1e-12);
          if (im !== 0) expect(found).toContainEqual({ re, im: expect.closeTo(-im, 12) });
        }
      }),
      { numRuns: 500 },
    );
  });

  test("what the usual shifts turn round in circles: cyclic permutations", () => {
    for (const n of [3, 4, 5, 8]) {
      const rows = Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (_, j) => (j === (i + n - 1) % n ? 1 : 0)),
      );
      const found = hessenbergEigenvalues(hessenberg(rows)) ?? expect.fail();
      for (let k = 0; k < n; k++) {
        const angle = (2 * Math.PI * k) / n;
        const gaps = found.map(({ re, im }) => Math.hypot(re - Math.cos(angle), im - Math.sin(angle)));
        expect(Math.min(...gaps)).toBeLessThan(1e-12);
      }
    }
  });

  test("of any size of number; zero; none of nothing; null where there is no number", () => {
    for (const size of [1e-300, 1, 1e300]) {
      const rows = [
        [0, -size, size],
        [size, 0, size],
        [0, 0, 2 * size],
      ];
      const found = hessenbergEigenvalues(hessenberg(rows)) ?? expect.fail();
      const scaled = found.map(({ re, im }) => [re / size, im / size]).sort((a, b) => a[1] - b[1]);
      expect(scaled.flat().map((x) => Math.round(1e10 * x) / 1e10 + 0)).toEqual([0, -1, 2, 0, 0, 1]);
    }
    expect(
      hessenbergEigenvalues(
        hessenberg([
          [0, 0],
          [0, 0],
        ]),
      ),
    ).toEqual([
      { re: 0, im: 0 },
      { re: 0, im: 0 },
    ]);
    expect(hessenbergEigenvalues(hessenberg([]))).toEqual([]);
    for (const hole of [Number.NaN, Infinity]) expect(hessenbergEigenvalues(hessenberg([[hole]]))).toBeNull();
  });
});

test("the last entries of the unit vectors are those of all vectors together", () => {
  // Off the diagonal nothing is 0, and eigenvalues are apart: each has one vector.
  const entry = fc.integer({ min: 1, max: 300 }).map((k) => k / 100);
  fc.assert(
    fc.property(randomly(entry, 12), (matrix) => {
      const { size, entries } = matrix;
      const { values, vectors } = eigenpairs(Matrix.from1DArray(size, size, Array.from(entries)));
      values.forEach((theta, i) => {
        const gap = values.reduce(
          (min, { re, im }, j) => (i === j ? min : Math.min(min, Math.hypot(re - theta.re, im - theta.im))),
          Infinity,
        );
        if (gap < 1e-3) return;
        const columns = theta.im === 0 ? [i] : theta.im > 0 ? [i, i + 1] : [i - 1, i];
        const parts = columns.map((j) => vectors.getColumn(j));
        const last = Math.hypot(...parts.map((part) => part[size - 1])) / Math.hypot(...parts.flat());
        expect(lastEntryOf(matrix, theta)).toBeCloseTo(last, 7);
      });
    }),
    { numRuns: 200 },
  );
});

test("a pivot of 0 at once: rows are interchanged", () => {
  const matrix = hessenberg([
    [2, 1, 0],
    [1, 1, 2],
    [0, 3, 2],
  ]);
  // (2, 0, −1) belongs to 2.
  expect(lastEntryOf(matrix, { re: 2, im: 0 })).toBeCloseTo(1 / Math.sqrt(5), 14);
});
