/**
 * Least squares on a growing list of columns: A = Q R by Gram–Schmidt, each column orthogonalised twice, which keeps
 * QᵀQ = 1 to rounding. Small problems only: the number of columns is that of modes or trajectories.
 */
export class Orthonormal {
  /** Columns of Q. */
  readonly q: Float64Array[] = [];
  /** Columns of R: r[k] has k + 1 entries. */
  readonly r: Float64Array[] = [];

  /** Appends a column, unless it depends on the others to `tolerance`, relative to its length. Says whether it did. */
  append(column: Float64Array, tolerance = 1e-13): boolean {
    const coefficients = new Float64Array(this.q.length + 1);
    const rest = this.remainder(column, coefficients);
    const length = Math.sqrt(dot(rest, rest));
    if (!(length > tolerance * Math.sqrt(dot(column, column)))) return false;
    coefficients[this.q.length] = length;
    this.q.push(rest.map((v) => v / length));
    this.r.push(coefficients);
    return true;
  }

  /** What of b the columns do not reach, b − QQᵀb, to its own relative accuracy; adds Qᵀb to `coordinates`. */
  remainder(b: Float64Array, coordinates = new Float64Array(this.q.length)): Float64Array {
    const rest = Float64Array.from(b);
    for (let pass = 0; pass < 2; pass++) {
      this.q.forEach((q, k) => {
        const c = dot(q, rest);
        coordinates[k] += c;
        for (let i = 0; i < rest.length; i++) rest[i] -= c * q[i];
      });
    }
    return rest;
  }

  /** Drops column `first` and those after it. */
  truncate(first: number): void {
    this.q.length = first;
    this.r.length = first;
  }

  /** Qᵀb, shape [columns]. */
  coordinates(b: Float64Array): Float64Array {
    return Float64Array.from(this.q, (q) => dot(q, b));
  }

  /** The x that minimises |A x − b|: R x = Qᵀb. */
  solve(b: Float64Array): Float64Array {
    const x = this.coordinates(b);
    for (let k = x.length - 1; k >= 0; k--) {
      x[k] /= this.r[k][k];
      for (let i = 0; i < k; i++) x[i] -= this.r[k][i] * x[k];
    }
    return x;
  }
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
