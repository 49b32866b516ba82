import { LuDecomposition, Matrix } from "ml-matrix";
import { pivot, type Unknown } from "./simplicial-pivot.js";
import { across, type Simplex, vertexOf } from "./triangulation.js";

/**
 * A path on its way: the t-simplex it is entering, by way of the facet opposite its fresh vertex. Coordinates are in units of the
 * mesh, relative to the path's beginning v.
 */
export interface Path {
  readonly simplex: Simplex;
  /** The one vertex that has no label yet. */
  readonly fresh: number;
  /** Labels of the others in order, each [n]. */
  readonly labels: readonly (readonly number[])[];
  /** Where the path enters. */
  readonly point: readonly number[];
}

/** A full-dimensional simplex in which the piecewise-linear F is equal in all entries at `point` = Σ weights_i yⁱ. */
export interface Complete {
  readonly simplex: Simplex;
  readonly labels: readonly (readonly number[])[];
  readonly weights: readonly number[];
  readonly point: readonly number[];
}

export type Next =
  | { readonly path: Path; readonly complete?: undefined }
  | { readonly complete: Complete; readonly path?: undefined };

/** The path from v, whose label is given: it raises first the price in greatest excess demand. n ≥ 2. */
export function beginPath(label: readonly number[]): Path {
  const first = label.reduce((best, x, h) => (x > label[best] ? h : best), 0);
  const base = new Array<number>(label.length).fill(0);
  return { simplex: { base, order: [first] }, fresh: 1, labels: [label], point: base };
}

/** The vertex whose label the path wants. */
export function freshVertex({ simplex, fresh }: Path): number[] {
  return vertexOf(simplex, fresh);
}

/**
 * Follows the path into the next simplex without a label for one of its vertices, or to its end, by the variable-dimension
 * algorithm of G. van der Laan and A. J. J. Talman (Math. Programming 17 (1979) 74) with vector labels: in the cone v + Σ_{j∈T} ℝ₊ e_j
 * it keeps the entries of the piecewise-linear F on T equal and no others above them. An entry that catches up joins
 * T, a price that has come back to v's leaves it; when all entries are equal the simplex is complete.
 *
 * @param label F at the fresh vertex, [n], finite
 * @returns null where rounding has lost the path
 */
export function followPath(path: Path, label: readonly number[]): Next | null {
  let { simplex } = path;
  let labels = [...path.labels.slice(0, path.fresh), label, ...path.labels.slice(path.fresh)];
  let entering: Unknown = { vertex: path.fresh };
  for (;;) {
    const step = pivot(labels, simplex.order, entering);
    if (step === null) return null;
    const { leaving, weights } = step;
    const point = combine(simplex, weights);
    if (leaving.slack !== undefined) {
      if (simplex.order.length === label.length - 1) return { complete: { simplex, labels, weights, point } };
      simplex = { base: simplex.base, order: [...simplex.order, leaving.slack] };
      return { path: { simplex, fresh: simplex.order.length, labels, point } };
    }
    labels = labels.filter((_, i) => i !== leaving.vertex);
    const beyond = across(simplex, leaving.vertex);
    if (beyond !== null) return { path: { ...beyond, labels, point } };
    const slack = simplex.order[simplex.order.length - 1];
    simplex = { base: simplex.base, order: simplex.order.slice(0, -1) };
    // Only the beginning has no dimension, and no path comes back to it.
    if (simplex.order.length === 0) return null;
    entering = { slack };
  }
}

/** Σ weights_i yⁱ; where weights sum to 0 a direction. */
function combine(simplex: Simplex, weights: readonly number[]): number[] {
  const sum = new Array<number>(simplex.base.length).fill(0);
  weights.forEach((weight, i) => {
    vertexOf(simplex, i).forEach((x, h) => {
      sum[h] += weight * x;
    });
  });
  return sum;
}

/**
 * The inverse of a complete simplex's linear map: the matrix N, [n][n], such that F, which is `label` at a point, would be equal in all
 * entries N·label away from it, in units of the mesh, were it everywhere as linear as in this simplex. Null where that map is singular.
 */
export function inverseMap({ simplex, labels }: Complete): number[][] | null {
  const n = labels.length;
  const B = new Matrix([...labels.map((F) => [...F, 1]), [...new Array<number>(n).fill(-1), 0]]).transpose();
  const lu = new LuDecomposition(B);
  if (lu.isSingular()) return null;
  const columns = lu.solve(Matrix.eye(n + 1, n)).mul(-1);
  const steps = Array.from({ length: n }, (_, h) => combine(simplex, columns.getColumn(h).slice(0, n)));
  const N = new Matrix(steps).transpose().to2DArray();
  return N.every((row) => row.every(Number.isFinite)) ? N : null;
}
