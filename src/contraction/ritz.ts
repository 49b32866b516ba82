import { Matrix } from "ml-matrix";
import { type Eigenvalue, eigenpairs } from "./eigenvalues.js";
import { type Hessenberg, hessenbergEigenvalues, lastEntryOf } from "./hessenberg.js";
import { tridiagonalPairs } from "./tridiagonal.js";

/** An eigenvalue that a Krylov space has found, and how far it is from being one. */
export interface RitzPair extends Eigenvalue {
  readonly modulus: number;
  /** ‖A x − θ x‖ of the unit Ritz vector x. */
  readonly residual: number;
}

/** Entries of VᵀAV that differ by less from those of a symmetric matrix, beside the largest, make no difference to its eigenvalues. */
const ASYMMETRY = 1e-11;

/**
 * Eigenvalues of the Hessenberg matrix H = VᵀAV of an Arnoldi process, largest modulus first, both of each complex pair.
 *
 * @param columns column j holds H_ij for i ≤ j + 1; below the diagonal of the last stands the length left over, and the
 * residual of a pair is that times the last entry of its unit vector
 */
export function ritzPairs(columns: readonly (readonly number[])[]): RitzPair[] {
  const size = columns.length;
  if (size === 0) return [];
  if (isSymmetric(columns)) {
    const diagonal = columns.map((column, j) => column[j]);
    const below = columns.map((column, j) => column[j + 1]);
    return symmetricRitzPairs(diagonal, below);
  }
  const hessenberg = hessenbergOf(columns);
  const leftOver = columns[size - 1][size];
  return eigenvaluesOf(hessenberg)
    .map(({ re, im }): RitzPair => {
      return {
        re,
        im,
        modulus: Math.hypot(re, im),
        // Few are asked for.
        get residual() {
          return leftOver === 0 ? 0 : leftOver * lastEntryOf(hessenberg, { re, im });
        },
      };
    })
    .sort((a, b) => b.modulus - a.modulus);
}

function hessenbergOf(columns: readonly (readonly number[])[]): Hessenberg {
  const size = columns.length;
  const entries = new Float64Array(size * size);
  columns.forEach((column, j) => {
    for (let i = 0; i <= Math.min(j + 1, size - 1); i++) entries[i * size + j] = column[i];
  });
  return { size, entries };
}

function eigenvaluesOf(hessenberg: Hessenberg): readonly Eigenvalue[] {
  const { size, entries } = hessenberg;
  return (
    hessenbergEigenvalues(hessenberg) ??
    eigenpairs(Matrix.from1DArray(size, size, Array.from(entries))).values
  );
}

/**
 * The same of a self-adjoint A, for which H is symmetric and tridiagonal.
 *
 * @param diagonal H_jj, shape [n]
 * @param below H_{j+1,j}, shape [n]: the last is the length left over
 */
export function symmetricRitzPairs(diagonal: readonly number[], below: readonly number[]): RitzPair[] {
  const { values, lastEntries } = tridiagonalPairs(diagonal, below);
  const leftOver = below[diagonal.length - 1];
  return Array.from(values, (re, j): RitzPair => {
    return { re, im: 0, modulus: Math.abs(re), residual: leftOver * lastEntries[j] };
  }).sort((a, b) => b.modulus - a.modulus);
}

/** Whether H is tridiagonal and symmetric: as it is, to rounding, where A is self-adjoint. */
function isSymmetric(columns: readonly (readonly number[])[]): boolean {
  const largest = columns.reduce((most, column, j) => Math.max(most, Math.abs(column[j])), 0);
  return columns.every((column, j) =>
    column.slice(0, j).every((x, i) => {
      const mirrored = i === j - 1 ? columns[i][j] : 0;
      return Math.abs(x - mirrored) <= ASYMMETRY * largest;
    }),
  );
}
