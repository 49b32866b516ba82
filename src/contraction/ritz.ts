import { Matrix } from "ml-matrix";
import { type Eigenvalue, eigenpairs } from "./eigenvalues.js";

/** An eigenvalue that a Krylov space has found, and how far it is from being one. */
export interface RitzPair extends Eigenvalue {
  readonly modulus: number;
  /** ‖A x − θ x‖ of the unit Ritz vector x. */
  readonly residual: number;
}

/**
 * Eigenvalues of the Hessenberg matrix H = VᵀAV of an Arnoldi process, largest modulus first, both of each complex pair.
 *
 * @param columns column j holds H_ij for i ≤ j + 1; below the diagonal of the last stands the length left over, and the
 * residual of a pair is that times the last entry of its unit vector
 */
export function ritzPairs(columns: readonly (readonly number[])[]): RitzPair[] {
  const size = columns.length;
  if (size === 0) return [];
  const hessenberg = Matrix.zeros(size, size);
  columns.forEach((column, j) => {
    for (let i = 0; i <= Math.min(j + 1, size - 1); i++) hessenberg.set(i, j, column[i]);
  });
  const { values, vectors } = eigenpairs(hessenberg);
  const leftOver = columns[size - 1][size];
  return values
    .map(({ re, im }, i): RitzPair => {
      const residual = leftOver * lastEntry(vectors, i, im);
      return { re, im, modulus: Math.hypot(re, im), residual };
    })
    .sort((a, b) => b.modulus - a.modulus);
}

/** |last entry| of the unit eigenvector; those of a complex pair stand as real and imaginary part in two columns. */
function lastEntry(vectors: Matrix, i: number, im: number): number {
  const columns = im === 0 ? [i] : im > 0 ? [i, i + 1] : [i - 1, i];
  const parts = columns.map((j) => vectors.getColumn(j));
  const length = Math.hypot(...parts.flat());
  return Math.hypot(...parts.map((part) => part[part.length - 1])) / length;
}
