/** An output or input of a frontier: which row of the set's arrays, and its weight α_o or a_i > 0. */
export interface Term {
  readonly row: number;
  readonly weight: number;
}

/** What defines a frontier (model.md section 2). */
export interface FrontierData {
  /** At least one. */
  readonly outputs: readonly Term[];
  /** None: F = 1, a fixed capacity. */
  readonly inputs: readonly Term[];
  /** τ ≥ 0, elasticity of transformation. */
  readonly transformation: number;
  /** σ ≥ 0, elasticity of substitution. */
  readonly substitution: number;
  /** ν in (0, 1), returns to scale. */
  readonly returns: number;
  /** φ ≥ 0, shape [N]. */
  readonly scale: Float64Array;
}

/** Σ of the weights, and exactly 1 where it differs from 1 by rounding only, which near σ = 1 would be divided by 1 − σ. */
export function weightTotal(terms: readonly Term[]): number {
  const total = terms.reduce((sum, { weight }) => sum + weight, 0);
  return Math.abs(total - 1) <= 4 * terms.length * Number.EPSILON ? 1 : total;
}
