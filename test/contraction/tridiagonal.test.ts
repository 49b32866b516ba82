import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { expect, test } from "vitest";
import { tridiagonalPairs } from "../../src/contraction/tridiagonal.js";

function dense(diagonal: readonly number[], below: readonly number[]): Matrix {
  const n = diagonal.length;
  const matrix = Matrix.zeros(n, n);
  diagonal.forEach((x, j) => {
    matrix.set(j, j, x);
    if (j + 1 === n) return;
    matrix.set(j, j + 1, below[j]);
    matrix.set(j + 1, j, below[j]);
  });
  return matrix;
}

/** ml-matrix breaks down on denormal numbers: hundredths. */
const entry = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -300, max: 300 }).map((k) => k / 100),
);
const matrices = fc.integer({ min: 1, max: 40 }).chain((n) => {
  const row = fc.array(entry, { minLength: n, maxLength: n });
  return fc.tuple(row, row);
});

test("the eigenvalues are those of the dense matrix, with the last entries of its vectors", () => {
  fc.assert(
    fc.property(matrices, ([diagonal, below]) => {
      const matrix = dense(diagonal, below);
      const { values, lastEntries } = tridiagonalPairs(diagonal, below);
      const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
        assumeSymmetric: true,
      });
      const order = realEigenvalues.map((_, j) => j).sort((a, b) => realEigenvalues[a] - realEigenvalues[b]);
      values.forEach((x, k) => {
        expect(x).toBeCloseTo(realEigenvalues[order[k]], 12);
      });
      // Vectors of equal eigenvalues may be turned against each other: the last entries of all of these together may not.
      const last = (j: number) => eigenvectorMatrix.get(diagonal.length - 1, j);
      values.forEach((x, k) => {
        const near = [...values.keys()].filter((l) => Math.abs(values[l] - x) < 1e-6);
        const square = near.reduce((sum, l) => sum + lastEntries[l] ** 2, 0);
        const expected = near.reduce((sum, l) => sum + last(order[l]) ** 2, 0);
        if (near.length === 1 || near[0] === k) expect(square).toBeCloseTo(expected, 8);
      });
    }),
    { numRuns: 500 },
  );
});

test("a vibrating string: 2 cos(kπ/(n+1)), of any size of number", () => {
  for (const size of [1e-200, 1, 1e200]) {
    const n = 60;
    const { values, lastEntries } = tridiagonalPairs(Array(n).fill(0), Array(n).fill(size));
    values.forEach((x, k) => {
      expect(x / size).toBeCloseTo(-2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12);
      const entry = Math.sqrt(2 / (n + 1)) * Math.sin(((k + 1) * Math.PI) / (n + 1));
      expect(lastEntries[k]).toBeCloseTo(entry, 12);
    });
  }
});

test("NaN where there is no number; none of the empty matrix; zero", () => {
  expect([...tridiagonalPairs([1, Number.NaN, 2], [1, 1]).values]).toEqual([NaN, NaN, NaN]);
  expect([...tridiagonalPairs([1, 2], [Infinity]).values]).toEqual([NaN, NaN]);
  expect(tridiagonalPairs([], []).values.length).toBe(0);
  expect([...tridiagonalPairs([0, 0], [0]).values]).toEqual([0, 0]);
});
