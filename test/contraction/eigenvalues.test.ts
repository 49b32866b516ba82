import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { eigenpairs } from "../../src/contraction/eigenvalues.js";

describe("eigenpairs", () => {
  /** ml-matrix alone iterates for ever on the first; a test that hangs is a test that fails. */
  test.each([
    [
      "a nilpotent block",
      [
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],
        [0, 0, 0, 1, 0],
        [1, 1, 0, 0, 1],
        [1, 0, 1, 0, 1],
      ],
      [0, 0, -0.6180339887498949, 0, 1.618033988749895],
    ],
    [
      "a Jordan block",
      [
        [0, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
      ],
      [0, 0, 0],
    ],
    [
      "zero",
      [
        [0, 0],
        [0, 0],
      ],
      [0, 0],
    ],
  ])("ends with %s", (_, rows, real) => {
    const { values } = eigenpairs(new Matrix(rows));
    const sorted = (xs: readonly number[]) => [...xs].sort((a, b) => a - b);
    sorted(values.map(({ re }) => re)).forEach((re, i) => {
      expect(re).toBeCloseTo(sorted(real)[i], 4);
    });
  });

  test("of small integers, zeros among them, it ends, and the trace and A x = θ x hold", () => {
    const entry = fc.oneof(fc.constant(0), fc.integer({ min: -2, max: 2 }));
    const matrices = fc
      .integer({ min: 1, max: 7 })
      .chain((n) =>
        fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
      );
    fc.assert(
      fc.property(matrices, (rows) => {
        const matrix = new Matrix(rows);
        const { values, vectors } = eigenpairs(matrix);
        expect(values.reduce((sum, { re }) => sum + re, 0)).toBeCloseTo(matrix.trace(), 9);
        expect(values.reduce((sum, { im }) => sum + im, 0)).toBeCloseTo(0, 12);
        values.forEach(({ re, im }, i) => {
          if (im !== 0) return;
          const x = vectors.getColumnVector(i);
          const residual = Matrix.sub(matrix.mmul(x), Matrix.mul(x, re)).norm();
          expect(residual).toBeLessThanOrEqual(1e-9 * x.norm() * (1 + matrix.norm()));
        });
      }),
      { numRuns: 1000 },
    );
  });

  test("of any size of number: 1e-300 to 1e300; NaN where there is no number", () => {
    for (const size of [1e-300, 1e-200, 1, 1e200, 1e300]) {
      const { values } = eigenpairs(
        Matrix.mul(
          new Matrix([
            [0, 1, 0],
            [-1, 0, 0],
            [0, 0, 2],
          ]),
          size,
        ),
      );
      const found = values.map(({ re, im }) => [re / size, im / size]).sort((a, b) => a[1] - b[1]);
      [
        [0, -1],
        [2, 0],
        [0, 1],
      ].forEach(([re, im], i) => {
        expect(found[i][0]).toBeCloseTo(re, 12);
        expect(found[i][1]).toBeCloseTo(im, 12);
      });
    }
    for (const { re } of eigenpairs(
      new Matrix([
        [0, 1e-310],
        [5e-324, 0],
      ]),
    ).values)
      expect(Math.abs(re)).toBeLessThan(1e-300);
    for (const hole of [Number.NaN, Infinity]) {
      for (const { re } of eigenpairs(
        new Matrix([
          [hole, 1, 0],
          [0, 1, 0],
          [1, 0, 1],
        ]),
      ).values)
        expect(re).toBeNaN();
    }
  });

  test("none of the empty matrix", () => {
    expect(eigenpairs(Matrix.zeros(0, 0)).values).toEqual([]);
  });
});
