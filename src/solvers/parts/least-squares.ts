import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Directions of the scaled Gram matrix below this eigenvalue (times the size) are rounding and are left out. */
const RANK_TOLERANCE = 1e-13;

/** Cosines below this are 0. */
const NOTHING = 1e-20;

/** Columns of smaller square are taken to be zero: their scaling would leave float64. */
const LEAST = 1e-280;

/**
 * Minimiser γ of ‖f − Σ γ_j v_j‖² from the Gram matrix G_ij = ⟨v_i, v_j⟩ and b_j = ⟨v_j, f⟩: columns scaled to unit norm,
 * then the pseudo-inverse of the symmetric Gram matrix, so that nearly dependent columns do no harm. Zero where the
 * numbers are not finite: no combination, a plain step.
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
  const scaled = new Matrix(gram.map((row, i) => Array.from(row, (g, j) => cosine(g, i, j))));
  const { realEigenvalues: lambda, eigenvectorMatrix: U } = new EigenvalueDecomposition(scaled, {
    assumeSymmetric: true,
  });
  const gamma = new Float64Array(m);
  for (let k = 0; k < m; k++) {
    if (!(lambda[k] > RANK_TOLERANCE * m)) continue;
    let projection = 0;
    for (let j = 0; j < m; j++) projection += U.get(j, k) * scale[j] * b[j];
    for (let j = 0; j < m; j++) gamma[j] += (U.get(j, k) * scale[j] * projection) / lambda[k];
  }
  return gamma;
}
