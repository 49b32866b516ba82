import { LuDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { uniformSource } from "../../src/core/rng.js";
import { gmres, type Space } from "../../src/solvers/parts/gmres.js";

/** Plain arrays with the inner product Σ w u v. */
function space(weights: Float64Array): Space<Float64Array> {
  return {
    release() {},
    create: () => new Float64Array(weights.length),
    dots: (vectors, v) =>
      Float64Array.from(vectors, (u) => weights.reduce((sum, w, i) => sum + w * u[i] * v[i], 0)),
    combine(c, vectors, out) {
      out.set(out.map((_, i) => vectors.reduce((sum, v, j) => sum + c[j] * v[i], 0)));
    },
  };
}

function randomSystem(seed: number, n: number) {
  const uniform = uniformSource(seed);
  const A = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) A.set(i, j, uniform() - 0.5 + (i === j ? 3 : 0));
  }
  const b = Float64Array.from({ length: n }, () => uniform() - 0.5);
  const weights = Float64Array.from({ length: n }, () => 0.1 + uniform());
  return { A, b, weights, apply: by(A) };
}

const by = (A: Matrix) => (x: Float64Array, out: Float64Array) => {
  out.set(A.mmul(Matrix.columnVector(x)).to1DArray());
};
const identity = (x: Float64Array, out: Float64Array) => {
  out.set(x);
};

describe("GMRES", () => {
  test.each([1, 2, 3])(
    "solves as LU does, in any inner product, with any preconditioner (seed %i)",
    async (seed) => {
      const { A, b, weights, apply } = randomSystem(seed, 17);
      const direct = new LuDecomposition(A).solve(Matrix.columnVector(b)).to1DArray();
      const diagonal = (x: Float64Array, out: Float64Array) => {
        out.set(x.map((value, i) => value / A.get(i, i)));
      };
      for (const precondition of [identity, diagonal]) {
        const solution = await gmres(space(weights), apply, precondition, b, 1e-13, 17);
        expect(solution!.residual).toBeLessThan(1e-12);
        direct.forEach((x, i) => {
          expect(solution!.x[i]).toBeCloseTo(x, 11);
        });
      }
    },
  );

  test("its residual is the true one, and falls with every iteration", async () => {
    const { A, b, weights, apply } = randomSystem(5, 30);
    let last = 1;
    for (let most = 1; most < 12; most++) {
      const { x, residual, iterations } = (await gmres(space(weights), apply, identity, b, 1e-15, most))!;
      const out = new Float64Array(30);
      by(A)(x, out);
      const left = out.map((value, i) => b[i] - value);
      const size = (v: Float64Array) => Math.sqrt(weights.reduce((sum, w, i) => sum + w * v[i] ** 2, 0));
      expect(size(left) / size(b)).toBeCloseTo(residual, 12);
      expect(residual).toBeLessThanOrEqual(last);
      expect(iterations).toBe(most);
      last = residual;
    }
  });

  test("stops at the tolerance, at an invariant space, at a right-hand side of 0", async () => {
    const { A, b, weights, apply } = randomSystem(8, 20);
    const loose = (await gmres(space(weights), apply, identity, b, 0.1, 20))!;
    expect(loose.residual).toBeLessThan(0.1);
    expect(loose.iterations).toBeLessThan(10);
    const once = (await gmres(space(weights), identity, identity, b, 1e-14, 20))!;
    expect(once.iterations).toBe(1);
    const nothing = (await gmres(space(weights), apply, identity, new Float64Array(20), 0.1, 20))!;
    expect([...nothing.x]).toEqual(new Array(20).fill(0));
    expect(A.rows).toBe(20);
  });

  test("a singular, inconsistent system leaves its residual; a NaN gives null", async () => {
    const { b, weights } = randomSystem(9, 6);
    const project = (x: Float64Array, out: Float64Array) => {
      out.set(x.map((value, i) => (i === 0 ? 0 : value)));
    };
    const solution = (await gmres(space(weights), project, identity, b, 1e-12, 6))!;
    expect(solution.residual).toBeGreaterThan(0.01);
    expect(solution.x.every(Number.isFinite)).toBe(true);
    const broken = (_: Float64Array, out: Float64Array) => {
      out.fill(Number.NaN);
    };
    expect(await gmres(space(weights), broken, identity, b, 1e-12, 6)).toBeNull();
  });
});
