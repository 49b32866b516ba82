import { dot, Orthonormal } from "./orthonormal.js";

/**
 * The x ≥ 0 that minimises |A x − b| (Lawson and Hanson's active-set method, Solving Least Squares Problems, 1974,
 * chapter 23). Columns enter the passive set, where x > 0, one at a time by the steepest gradient; a step that would
 * turn an entry negative stops where it vanishes. The residual falls at every step, so no passive set returns.
 *
 * @param columns of A, each of shape [m]. @param b shape [m]. @returns x, shape [columns].
 */
export function nonNegativeLeastSquares(columns: readonly Float64Array[], b: Float64Array): Float64Array {
  const lengths = columns.map((column) => Math.sqrt(dot(column, column)));
  const x = new Float64Array(columns.length);
  const refused = new Set<number>();
  const passive: number[] = [];
  // Always of the passive columns, with x the least squares solution over them.
  const factor = new Orthonormal();
  // Rounding could make columns of equal merit change places for ever; no sound run needs so many steps.
  for (let step = 0; step < 10 * (columns.length + 1); step++) {
    const residual = factor.remainder(b);
    if (dot(residual, residual) <= Number.EPSILON ** 2 * dot(b, b)) break;
    const entering = steepest(columns, lengths, residual, (j) => x[j] > 0 || refused.has(j));
    if (entering < 0) break;
    if (enter(entering, columns, b, x, passive, factor)) refused.clear();
    else refused.add(entering);
  }
  return x;
}

/** The column that makes the smallest angle with the residual; −1 where none is less than right, to rounding. */
function steepest(
  columns: readonly Float64Array[],
  lengths: readonly number[],
  residual: Float64Array,
  excluded: (j: number) => boolean,
): number {
  let best = -1;
  let steepness = 1e-15 * Math.sqrt(dot(residual, residual));
  for (let j = 0; j < columns.length; j++) {
    if (excluded(j) || lengths[j] === 0) continue;
    const descent = dot(columns[j], residual) / lengths[j];
    if (descent > steepness) {
      steepness = descent;
      best = j;
    }
  }
  return best;
}

/** Lets column j in and re-solves; false, with nothing changed, where it depends on the others or gets no weight. */
function enter(
  j: number,
  columns: readonly Float64Array[],
  b: Float64Array,
  x: Float64Array,
  passive: number[],
  factor: Orthonormal,
): boolean {
  if (!factor.append(columns[j])) return false;
  passive.push(j);
  let target = factor.solve(b);
  if (!(target[target.length - 1] > 0)) {
    passive.pop();
    factor.truncate(passive.length);
    return false;
  }
  while (target.some((value) => value <= 0)) {
    moveToBoundary(x, passive, target);
    dropZeros(x, passive, factor, columns);
    target = factor.solve(b);
  }
  passive.forEach((column, k) => {
    x[column] = target[k];
  });
  return true;
}

/** From x towards the target as far as x ≥ 0 allows; at least one entry becomes exactly 0. */
function moveToBoundary(x: Float64Array, passive: readonly number[], target: Float64Array): void {
  let fraction = 1;
  let blocking = -1;
  passive.forEach((column, k) => {
    if (target[k] > 0) return;
    const reach = x[column] / (x[column] - target[k]);
    if (blocking < 0 || reach < fraction) {
      fraction = reach;
      blocking = column;
    }
  });
  passive.forEach((column, k) => {
    x[column] = Math.max(0, x[column] + fraction * (target[k] - x[column]));
  });
  x[blocking] = 0;
}

function dropZeros(
  x: Float64Array,
  passive: number[],
  factor: Orthonormal,
  columns: readonly Float64Array[],
): void {
  const first = passive.findIndex((column) => x[column] === 0);
  const kept = passive.splice(first).filter((column) => x[column] > 0);
  factor.truncate(first);
  for (const column of kept) {
    if (factor.append(columns[column])) passive.push(column);
    else x[column] = 0;
  }
}
