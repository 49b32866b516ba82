import { expect, test } from "vitest";
import { uniformSource } from "../../src/core/rng.js";
import { gmres, type Space } from "../../src/solvers/parts/gmres.js";
import { leastSquares } from "../../src/solvers/parts/least-squares.js";

const dot = (u: ArrayLike<number>, v: Float64Array) => v.reduce((sum, x, i) => sum + u[i] * x, 0);
const gramOf = (columns: readonly Float64Array[]) =>
  columns.map((u) => Float64Array.from(columns, (v) => dot(u, v)));

test("least squares: columns that depend on one another but for rounding make no huge combinations", () => {
  const columns = [
    [1, 2, 3, 4],
    [1 + 1e-9, 2, 3, 4 - 1e-9],
    [1, 2 + 2e-9, 3 - 1e-9, 4],
    [2, 4, 6 + 1e-9, 8],
  ].map((column) => Float64Array.from(column));
  const f = Float64Array.of(1, -1, 2, 5);
  const gamma = leastSquares(
    gramOf(columns),
    Float64Array.from(columns, (v) => dot(v, f)),
  );
  expect(Math.max(...gamma.map(Math.abs))).toBeLessThan(1);
  const fitted = f.map((_, i) => columns.reduce((sum, column, j) => sum + gamma[j] * column[i], 0));
  // The projection of f on (1, 2, 3, 4).
  fitted.forEach((x, i) => {
    expect(x).toBeCloseTo((25 / 30) * (i + 1), 6);
  });
});

test("least squares: of independent columns the residual is orthogonal to all, whatever their lengths", () => {
  const uniform = uniformSource(3);
  const columns = Array.from({ length: 6 }, (_, j) =>
    Float64Array.from({ length: 10 }, () => 10 ** (3 * j - 8) * (uniform() - 0.5)),
  );
  const f = Float64Array.from({ length: 10 }, () => uniform() - 0.5);
  const gamma = leastSquares(
    gramOf(columns),
    Float64Array.from(columns, (v) => dot(v, f)),
  );
  const residual = f.map((x, i) => x - columns.reduce((sum, column, j) => sum + gamma[j] * column[i], 0));
  for (const column of columns)
    expect(Math.abs(dot(column, residual))).toBeLessThan(1e-12 * Math.sqrt(dot(column, column)));
});

test("least squares: a column of nothing is left out", () => {
  const gamma = leastSquares([Float64Array.of(0, 0), Float64Array.of(0, 1)], Float64Array.of(0, 2));
  expect([...gamma]).toEqual([0, 2]);
});

test("least squares: numbers that are not finite make no combination", () => {
  for (const bad of [Number.NaN, Infinity]) {
    expect([
      ...leastSquares([Float64Array.of(bad, 0), Float64Array.of(0, 1)], Float64Array.of(0, 2)),
    ]).toEqual([0, 0]);
    expect([...leastSquares([Float64Array.of(1)], Float64Array.of(bad))]).toEqual([0]);
  }
});

test("GMRES: its basis stays orthogonal where one pass loses it, over thirteen decades", async () => {
  const n = 14;
  const space: Space<Float64Array> = {
    release() {},
    create: () => new Float64Array(n),
    dots: (vectors, v) => Float64Array.from(vectors, (u) => dot(u, v)),
    combine(c, vectors, out) {
      out.set(out.map((_, i) => vectors.reduce((sum, v, j) => sum + c[j] * v[i], 0)));
    },
  };
  const diagonal = Float64Array.from({ length: n }, (_, i) => 10 ** -i);
  const b = Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1));
  const apply = (x: Float64Array, out: Float64Array) => out.set(x.map((value, i) => value * diagonal[i]));
  const solution = await gmres(space, apply, (x, out) => out.set(x), b, 1e-15, n);
  const left = b.map((value, i) => value - diagonal[i] * (solution?.x[i] ?? Number.NaN));
  expect(Math.sqrt(dot(left, left) / dot(b, b))).toBeLessThan(1e-3);
});
