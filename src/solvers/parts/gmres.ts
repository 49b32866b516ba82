import type { Awaitable } from "../../market/market.js";

/** Vectors with an inner product; a market is one. */
export interface Space<V> {
  create(): V;
  dots(vectors: readonly V[], v: V): Awaitable<Float64Array>;
  combine(coefficients: ArrayLike<number>, vectors: readonly V[], out: V): void;
  /** These are needed no more. */
  release(vectors: readonly V[]): void;
}

/** A linear operator: writes A·x. */
export type Operator<V> = (x: V, out: V) => Awaitable<void>;

export interface LinearSolution<V> {
  readonly x: V;
  /** ‖b − A x‖ / ‖b‖ as the recurrence has it. */
  readonly residual: number;
  readonly iterations: number;
}

/** A new direction this much shorter than the vector it comes from is rounding: the Krylov space is invariant. */
const INVARIANT = 1e-14;

/**
 * GMRES (Y. Saad and M. H. Schultz, SIAM J. Sci. Stat. Comput. 7 (1986) 856), preconditioned on the right, so that the
 * residual it minimises is the true one: x = P⁻¹y, y minimises ‖b − A P⁻¹ y‖ over the Krylov space, in the inner product of
 * `space.dots`, in which E is self-adjoint at equilibrium for one consumer (T3). Full memory, no restarts.
 *
 * @param tolerance relative residual at which it stops, in (0, 1)
 * @param most largest number of iterations, each one application of A and one of P⁻¹
 * @returns null when a number that is not finite turns up
 */
export async function gmres<V>(
  space: Space<V>,
  apply: Operator<V>,
  precondition: Operator<V>,
  b: V,
  tolerance: number,
  most: number,
): Promise<LinearSolution<V> | null> {
  const norm = Math.sqrt((await space.dots([b], b))[0]);
  if (!Number.isFinite(norm)) return null;
  const zero = space.create();
  if (norm === 0) return { x: zero, residual: 0, iterations: 0 };
  const basis = [scaled(space, b, 1 / norm)];
  const rotated = new RotatedHessenberg(norm);
  const direction = space.create();
  while (rotated.size < most && rotated.residual > tolerance * norm) {
    await precondition(basis[basis.length - 1], direction);
    const next = space.create();
    await apply(direction, next);
    const column = await orthogonalize(space, basis, next);
    if (column === null) return null;
    rotated.add(column);
    const length = column[column.length - 1];
    if (length === 0) break;
    space.combine([1 / length], [next], next);
    basis.push(next);
  }
  // P⁻¹ is linear: one application to the combination instead of keeping that of every basis vector.
  space.combine(rotated.solve(), basis.slice(0, rotated.size), direction);
  const x = space.create();
  await precondition(direction, x);
  space.release([...basis, direction, zero]);
  return { x, residual: rotated.residual / norm, iterations: rotated.size };
}

/** Makes v orthogonal to the basis, twice; returns the products taken out and the length left (0 when that is rounding). */
async function orthogonalize<V>(space: Space<V>, basis: readonly V[], v: V): Promise<number[] | null> {
  const column = new Array<number>(basis.length).fill(0);
  const before = Math.sqrt((await space.dots([v], v))[0]);
  for (let pass = 0; pass < 2; pass++) {
    const products = await space.dots(basis, v);
    space.combine([1, ...products.map((x) => -x)], [v, ...basis], v);
    for (const [i, product] of products.entries()) column[i] += product;
  }
  const length = Math.sqrt((await space.dots([v], v))[0]);
  if (!column.every(Number.isFinite) || !Number.isFinite(length)) return null;
  return [...column, length > INVARIANT * before ? length : 0];
}

function scaled<V>(space: Space<V>, v: V, factor: number): V {
  const out = space.create();
  space.combine([factor], [v], out);
  return out;
}

/** The least-squares problem min ‖β e₁ − H y‖ kept triangular by Givens rotations as columns of H come. */
class RotatedHessenberg {
  private readonly columns: number[][] = [];
  private readonly rotations: { readonly cos: number; readonly sin: number }[] = [];
  private readonly right: number[];

  constructor(beta: number) {
    this.right = [beta];
  }

  get size(): number {
    return this.columns.length;
  }

  get residual(): number {
    return Math.abs(this.right[this.right.length - 1]);
  }

  /** Entries H_0j … H_{j+1,j}. */
  add(entries: readonly number[]): void {
    const column = [...entries];
    this.rotations.forEach(({ cos, sin }, i) => {
      [column[i], column[i + 1]] = [
        cos * column[i] + sin * column[i + 1],
        cos * column[i + 1] - sin * column[i],
      ];
    });
    const j = this.columns.length;
    const length = Math.hypot(column[j], column[j + 1]);
    // A column that those before span (a singular system) takes nothing off the residual.
    const dependent = length <= INVARIANT * Math.hypot(...entries);
    const [cos, sin] = dependent ? [0, 1] : [column[j] / length, column[j + 1] / length];
    this.rotations.push({ cos, sin });
    column[j] = dependent ? 0 : length;
    this.columns.push(column.slice(0, j + 1));
    const last = this.right[j];
    this.right[j] = cos * last;
    this.right.push(-sin * last);
  }

  solve(): number[] {
    const y = this.right.slice(0, this.columns.length);
    for (let i = y.length - 1; i >= 0; i--) {
      for (let j = i + 1; j < y.length; j++) y[i] -= this.columns[j][i] * y[j];
      y[i] = this.columns[i][i] === 0 ? 0 : y[i] / this.columns[i][i];
    }
    return y;
  }
}
