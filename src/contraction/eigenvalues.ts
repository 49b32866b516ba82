import { EigenvalueDecomposition, Matrix } from "ml-matrix";

export interface Eigenvalue {
  readonly re: number;
  readonly im: number;
}

/** Eigenvalues, both of each complex pair, and their vectors. */
export interface Eigenpairs {
  readonly values: readonly Eigenvalue[];
  /** Column i belongs to value i; those of a complex pair hold the real and the imaginary part. */
  readonly vectors: Matrix;
}

/**
 * Eigenvalues and eigenvectors of a square matrix A; NaN where A is not finite.
 *
 * ml-matrix has EISPACK's hqr2, which takes an entry below the diagonal for 0 when it is small beside the two diagonal
 * entries next to it: where these vanish (a nilpotent block, as a map that converges in finitely many steps has) it
 * iterates for ever. So the eigenvalues are those of A + cI less c, with c = 2‖A‖_F: then no diagonal entry falls below
 * c/2 in any orthonormal basis, and "small" means small beside ‖A‖, which is all that a backward stable method promises.
 * Before that A is scaled to largest entry 1, lest ‖A‖ overflow.
 */
export function eigenpairs(matrix: Matrix): Eigenpairs {
  const n = matrix.rows;
  if (n === 0) return { values: [], vectors: Matrix.zeros(0, 0) };
  const largest = matrix.to1DArray().reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  if (!Number.isFinite(largest)) {
    const unknown = { re: Number.NaN, im: Number.NaN };
    return { values: Array(n).fill(unknown), vectors: Matrix.zeros(n, n).fill(Number.NaN) };
  }
  const scale = Math.max(largest, Number.MIN_VALUE / Number.EPSILON ** 2);
  const scaled = Matrix.div(matrix, scale);
  const shift = 2 * scaled.norm("frobenius");
  const { realEigenvalues, imaginaryEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    scaled.add(Matrix.eye(n).mul(shift)),
  );
  const values = realEigenvalues.map((re, i) => {
    return { re: scale * (re - shift), im: scale * imaginaryEigenvalues[i] };
  });
  return { values, vectors: eigenvectorMatrix };
}
