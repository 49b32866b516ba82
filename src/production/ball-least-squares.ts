import { Matrix, SVD } from "ml-matrix";
import { Orthonormal } from "./orthonormal.js";

/**
 * The z that minimises |A z − b| over the ball |z| ≤ 1.
 *
 * A = U Σ Vᵀ. Inside the ball z = V Σ⁺Uᵀb; otherwise z(λ) = V Σ(Σ² + λ)⁻¹Uᵀb with the λ > 0 at which |z(λ)| = 1.
 *
 * @param columns of A, each of shape [m]; dependent and zero columns allowed.
 * @param b shape [m]. @returns z, shape [columns], |z| ≤ 1.
 */
export function ballLeastSquares(columns: readonly Float64Array[], b: Float64Array): Float64Array {
  const factor = new Orthonormal();
  for (const column of columns) factor.append(column);
  if (factor.q.length === 0) return new Float64Array(columns.length);
  // A = Q(QᵀA), of which the second factor is small.
  const small = new Matrix(columns.map((column) => Array.from(factor.coordinates(column)))).transpose();
  const svd = new SVD(small, { autoTranspose: true });
  const inner = Matrix.columnVector(Array.from(factor.coordinates(b)));
  const c = svd.leftSingularVectors.transpose().mmul(inner).to1DArray();
  const amplitudes = inBall(svd.diagonal, c);
  return Float64Array.from(svd.rightSingularVectors.mmul(Matrix.columnVector(amplitudes)).to1DArray());
}

/**
 * z in the singular basis: z_i = σ_i c_i/(σ_i² + λ), with the least λ ≥ 0 that has |z| ≤ 1: Newton's method on
 * 1/|z(λ)|, which from λ = 0 rises to it without overshooting (Moré and Sorensen 1983).
 */
function inBall(singular: readonly number[], c: readonly number[]): number[] {
  let lambda = 0;
  let z = at(singular, c, lambda);
  for (let iteration = 0; iteration < 100; iteration++) {
    const length = Math.hypot(...z);
    if (length <= 1 + 1e-15) break;
    // d|z|/dλ = −Σ z_i²/(σ_i² + λ) / |z|.
    const slope = z.reduce((sum, v, i) => sum + (v === 0 ? 0 : (v * v) / (singular[i] ** 2 + lambda)), 0);
    const next = lambda + ((length - 1) * length * length) / slope;
    if (!(next > lambda)) break;
    lambda = next;
    z = at(singular, c, lambda);
  }
  const length = Math.hypot(...z);
  return length > 1 ? z.map((v) => v / length) : z;
}

function at(singular: readonly number[], c: readonly number[], lambda: number): number[] {
  return singular.map((sigma, i) => (sigma === 0 ? 0 : (sigma * c[i]) / (sigma * sigma + lambda)));
}
