import { LuDecomposition, Matrix } from "ml-matrix";
import { uniformSource } from "../core/rng.js";
import type { Eigenvalue } from "./eigenvalues.js";
import { balanced, heaviest, type Linearization, rootShares } from "./linearization.js";

/**
 * Eigenvalues and singular values this small are not told from 0. Entries of E are elasticities, sums of terms of the order
 * of 1 that may cancel, so this is relative to 1 where they are smaller.
 */
const ROUNDING = 1e-9;

/**
 * The index of an equilibrium (Dierker 1972; Kehoe 1991, section 2): the sign of det E with one row and the same column deleted.
 * Over all equilibria of an economy whose equilibria are regular the indices sum to +1, so where it is −1 there are
 * others. 0 means a critical equilibrium: neighbouring economies may have two here, or none.
 *
 * At an equilibrium E = diag(S)⁻¹ (−∂z/∂p) diag(p), so this is also the sign of the same minor of −∂z/∂p, the usual definition;
 * and by Walras' law it is the same whichever row is deleted. In floating point the minor is proportional to that row's
 * budget share.
 *
 * @param deleted row of E to delete; default the instant most spent on
 * @param rounding the least singular value (rows scaled to at most 1) that counts as above 0. Prices that clear only to δ stand
 * some √δ away from a critical equilibrium: to recognise one from them, give √δ.
 */
export function equilibriumIndex(
  linearization: Linearization,
  deleted = heaviest(linearization),
  rounding = ROUNDING,
): -1 | 0 | 1 {
  const matrix = balanced(linearization, rootShares(linearization));
  const kept = [...Array(matrix.rows).keys()].filter((k) => k !== deleted);
  if (kept.length === 0) return 1;
  const minor = matrix.selection(kept, kept);
  for (let k = 0; k < kept.length; k++) {
    const largest = minor.getRow(k).reduce((max, x) => Math.max(max, Math.abs(x)), 1);
    minor.mulRow(k, 1 / largest);
  }
  const lu = new LuDecomposition(minor);
  if (lu.isSingular() || leastSingularValue(lu, kept.length) < rounding) return 0;
  const negative = lu.upperTriangularMatrix.diagonal().filter((pivot) => pivot < 0).length;
  return (negative + transpositions(lu.pivotPermutationVector)) % 2 === 0 ? 1 : -1;
}

/** ‖v‖/‖A⁻¹v‖, which is no less than it: a pseudo-random v, and what A⁻¹ makes of that, lean to its direction. */
function leastSingularValue(lu: LuDecomposition, size: number): number {
  const uniform = uniformSource(0);
  let v = Matrix.columnVector(Array.from({ length: size }, () => 2 * uniform() - 1));
  let least = Infinity;
  for (let round = 0; round < 3; round++) {
    v.div(v.norm());
    v = lu.solve(v);
    const growth = v.norm();
    if (!Number.isFinite(growth)) return 0;
    least = Math.min(least, 1 / growth);
  }
  return least;
}

/** How many a permutation is made of: its length less its cycles. */
function transpositions(permutation: readonly number[]): number {
  const seen = new Set<number>();
  let cycles = 0;
  for (const start of permutation.keys()) {
    if (!seen.has(start)) cycles++;
    for (let k = start; !seen.has(k); k = permutation[k]) seen.add(k);
  }
  return permutation.length - cycles;
}

/** How prices near an equilibrium move under tâtonnement with small steps, dq/dt = f(q). */
export type Stability =
  /** Every eigenvalue of −E on the quotient has a negative real part: they return. */
  | "stable"
  /** Some real part is positive: from almost everywhere nearby they leave, whatever the step. */
  | "unstable"
  /** Some real part is 0 to rounding and none is positive: the linearization does not tell (Scarf's economy orbits). */
  | "neutral";

/**
 * @param eigenvalues of E on the quotient
 * @param rounding a real part is 0 when it is this small beside the largest modulus, or beside 1
 */
export function stability(eigenvalues: readonly Eigenvalue[], rounding = ROUNDING): Stability {
  const largest = eigenvalues.reduce((max, { re, im }) => Math.max(max, Math.hypot(re, im)), 1);
  if (eigenvalues.some(({ re }) => re < -rounding * largest)) return "unstable";
  return eigenvalues.every(({ re }) => re > rounding * largest) ? "stable" : "neutral";
}
