import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Directions of the scaled Gram matrix below this eigenvalue (times the size) are rounding and are left out. */
const RANK_TOLERANCE = 1e-13;

/** Cosines below this are 0. */
const NOTHING = 1e-20;

/** Columns of smaller square are taken to be zero: their scaling would leave float64. */
const LEAST = 1e-280;

/** Pivots of Cholesky's factor from which on columns are independent beyond doubt. */
const FIRM = 1e-9;

/**
 * Minimiser γ of ‖f − Σ γ_j v_j‖² from the Gram matrix G_ij = ⟨v_i, v_j⟩ and b_j = ⟨v_j, f⟩: columns scaled to unit norm, then
 * Cholesky's factorisation; where columns are nearly dependent the pseudo-inverse of the symmetric Gram matrix, so that they do no harm.
 * Zero where the numbers are not finite: no combination, a plain step.
 */
export function leastSquares(gram: readonly Float64Array[], b: Float64Array): Float64Array {
  const m = b.length;
  if (![...gram.flatMap((row) => [...row]), ...b].every(Number.isFinite)) return new Float64Array(m);
  const scale = gram.map((row, i) => (row[i] > LEAST ? 1 / Math.sqrt(row[i]) : 0));
  const cosine = (g: number, i: number, j: number): number => {
    const product = g * scale[i] * scale[j];
    // Entries that underflow in products would send the eigenvalue iteration astray.
    return Math.abs(product) < NOTHING ? 0 : product;
  };
  const cosines = gram.map((row, i) => Array.from(row, (g, j) => cosine(g, i, j)));
  const scaled = b.map((x, j) => x * scale[j]);
  const gamma = byCholesky(cosines, scaled) ?? byEigenvalues(cosines, scaled);
  return gamma.map((x, j) => x * scale[j]);
}

/** A⁻¹b of a symmetric A of unit diagonal; null where it is not firmly positive definite. */
function byCholesky(A: readonly (readonly number[])[], b: Float64Array): Float64Array | null {
  const L: number[][] = [];
  for (const [i, row] of A.entries()) {
    const own = row.slice(0, i + 1);
    for (let j = 0; j <= i; j++) {
      for (let k = 0; k < j; k++) own[j] -= own[k] * (j < i ? L[j] : own)[k];
      if (j < i) own[j] /= L[j][j];
    }
    if (!(own[i] > FIRM)) return null;
    own[i] = Math.sqrt(own[i]);
    L.push(own);
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i] -= L[i][k] * x[k];
    x[i] /= L[i][i];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= L[k][i] * x[k];
    x[i] /= L[i][i];
  }
  return x;
}

/** The same by the pseudo-inverse. */
function byEigenvalues(A: readonly (readonly number[])[], b: Float64Array): Float64Array {
  const m = b.length;
  const { realEigenvalues: lambda, eigenvectorMatrix: U } = new EigenvalueDecomposition(
    new Matrix(A.map((row) => [...row])),
    { assumeSymmetric: true },
  );
  const x = new Float64Array(m);
  for (let k = 0; k < m; k++) {
    if (!(lambda[k] > RANK_TOLERANCE * m)) continue;
    let projection = 0;
    for (let j = 0; j < m; j++) projection += U.get(j, k) * b[j];
    for (let j = 0; j < m; j++) x[j] += (U.get(j, k) * projection) / lambda[k];
  }
  return x;
}
