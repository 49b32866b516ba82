import { Matrix } from "ml-matrix";
import type { Market } from "../market/market.js";
import { type Eigenvalue, eigenpairs } from "./eigenvalues.js";

/** Up to this many active prices a dense matrix is made; its eigenvalues take 25 n³ operations. */
export const MOST_DENSE = 1024;
/** A budget share below this is taken for it where it scales a row or a column. */
const LEAST_SHARE = 1e-16;

/** f at a point, to first order: f(q + dq) = f(q) − E dq on the active instants, those with a market and not frozen. */
export interface Linearization {
  /** Their indices in the market's vectors, shape [n]. */
  readonly active: Int32Array;
  /** E = −∂f/∂q, shape [n, n]; E 1 = 0 by homogeneity. */
  readonly elasticities: Matrix;
  /** Budget shares w p D / Σ w p D, shape [n]; where f = 0 also E's left null vector, by Walras' law. */
  readonly shares: Float64Array;
}

/** The instants whose price can move at q, in order. */
export function activeInstants(market: Market<Float64Array>, q: Float64Array): Int32Array {
  const prices = market.prices(q);
  return Int32Array.from([...prices.keys()].filter((i) => prices[i] > 0));
}

/**
 * The dense linearization at q, by one derivative product for each active instant. Where a net put changes sign f is only
 * Lipschitz, and each column is one-sided. Enter an equilibrium through `market.enter`, which freezes what is free:
 * a price on its way to 0 moves nothing, and makes E singular.
 *
 * @returns null where more than MOST_DENSE instants are active, somebody cannot pay the floors, or f or f' is not finite
 */
export async function linearize(
  market: Market<Float64Array>,
  q: Float64Array,
): Promise<Linearization | null> {
  const active = activeInstants(market, q);
  const n = active.length;
  if (n > MOST_DENSE) return null;
  const { finite, afford } = await market.residual(q, market.create());
  if (!finite || !(afford > 0)) return null;
  market.reweigh();
  const elasticities = Matrix.zeros(n, n);
  const shares = new Float64Array(n);
  const [unit, column, one] = [market.create(), market.create(), market.create().fill(1)];
  for (let l = 0; l < n; l++) {
    unit[active[l]] = 1;
    await market.derivative(q, unit, column);
    [shares[l]] = await market.dots([unit], one);
    unit[active[l]] = 0;
    for (let k = 0; k < n; k++) elasticities.set(k, l, -column[active[k]]);
  }
  // A sum is finite only if every entry is.
  return Number.isFinite(elasticities.sum()) ? { active, elasticities, shares } : null;
}

/** √s, of unit length: Ê 1̂ = 0 for 1̂ = √s and Ê = diag(√s) E diag(√s)⁻¹, which is symmetric where T3 holds. */
export function rootShares({ shares }: Linearization): Float64Array {
  const roots = shares.map((s) => Math.sqrt(Math.max(s, LEAST_SHARE)));
  const length = Math.hypot(...roots);
  return roots.map((root) => root / length);
}

/** Ê = diag(√s) E diag(√s)⁻¹, shape [n, n]. */
export function balanced({ elasticities }: Linearization, roots: Float64Array): Matrix {
  return Matrix.from1DArray(
    elasticities.rows,
    elasticities.columns,
    elasticities.to1DArray().map((x, i) => {
      const [k, l] = [Math.floor(i / roots.length), i % roots.length];
      return (x * roots[k]) / roots[l];
    }),
  );
}

/**
 * A matrix of E on the quotient by constants, shape [n−1, n−1]: Ê in an orthonormal basis of the complement of √s, made by
 * the reflection that takes √s to an axis. For one orchestrator it is symmetric at the equilibrium (T3).
 */
export function quotient(linearization: Linearization): Matrix {
  const roots = rootShares(linearization);
  const n = roots.length;
  if (n <= 1) return Matrix.zeros(0, 0);
  const axis = heaviest(linearization);
  const v = Matrix.columnVector(Array.from(roots));
  v.set(axis, 0, roots[axis] + 1);
  const scale = 2 / v.dot(v);
  const matrix = balanced(linearization, roots);
  matrix.sub(matrix.mmul(v).mmul(v.transpose()).mul(scale));
  matrix.sub(v.mmul(v.transpose().mmul(matrix)).mul(scale));
  const others = [...roots.keys()].filter((k) => k !== axis);
  return matrix.selection(others, others);
}

/** The active instant that is most spent on, as a row of E. */
export function heaviest({ shares }: Linearization): number {
  return shares.reduce((best, share, k) => (share > shares[best] ? k : best), 0);
}

/** Eigenvalues of E on the quotient by constants, both of each complex pair, least real part first: the slowest to return. */
export function quotientEigenvalues(linearization: Linearization): Eigenvalue[] {
  return [...eigenpairs(quotient(linearization)).values].sort((a, b) => a.re - b.re || a.im - b.im);
}
