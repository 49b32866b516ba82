import type { Awaitable, MarketHints, Readout } from "./market.js";

/**
 * What a solver sees of economies of one structure that are solved together. A vector holds those of all economies side by side,
 * shape [batch, commodities, nodes], node fastest.
 *
 * Every operation is told which economies are `live` (indices, each once, in any order): the others cost nothing, and what vectors
 * hold of them is left alone. No economy's numbers depend on the others. What is given or returned by economy comes in the order of `live`.
 * Nothing is ever frozen and no price falls faster than it is told to: an economy with idle goods is for Market.
 */
export interface BatchMarket<Vector = unknown> {
  readonly shape: readonly [batch: number, commodities: number, nodes: number];
  /** Of each economy. */
  readonly hints: readonly MarketHints[];

  /** A vector of zeros. */
  create(): Vector;
  /** Log prices of prices > 0, shape [batch, commodities, nodes]. */
  enter(prices: Float64Array): Vector;
  /** An economy's p = exp q, mean price 1, exactly 0 where there is no market, shape [commodities, nodes]. */
  prices(q: Vector, economy: number): Awaitable<Float64Array>;

  /** f(q) = log D − log S; what follows "at the last residual" means an economy's own last q. */
  residual(q: Vector, f: Vector, live: readonly number[]): Awaitable<readonly Readout[]>;
  /** The nest-wise step P⁻¹v at the last residual. */
  precondition(v: Vector, out: Vector, live: readonly number[]): Awaitable<void>;

  /** The inner product becomes spending at the last residual, Σ = 1, with `evenly` more spread over all instants alike. */
  reweigh(evenly: number, live: readonly number[]): void;
  /** ⟨u, v⟩ of each economy's own, u of `vectors` and v of `others`; shape [live, others, vectors]. */
  dots(
    vectors: readonly Vector[],
    others: readonly Vector[],
    live: readonly number[],
  ): Awaitable<Float64Array>;
  /**
   * out = Σ c_j v_j − shift, out none of the v_j. Vectors with coefficient 0 are not looked at.
   *
   * @param coefficients shape [live, vectors], or [vectors] for the same in all economies
   * @param shifts shape [live]; default 0
   */
  combine(
    coefficients: ArrayLike<number>,
    vectors: readonly Vector[],
    out: Vector,
    live: readonly number[],
    shifts?: ArrayLike<number>,
  ): void;
  /** out = q + Σ c_j v_j, each entry moved by at most `clip`, then mean price about 1. Coefficients as in `combine`. */
  advance(
    q: Vector,
    coefficients: ArrayLike<number>,
    vectors: readonly Vector[],
    clip: number,
    out: Vector,
    live: readonly number[],
  ): void;
  dispose(): void;
}

/** The coefficients of the k-th live economy, out of those of `combine`: shape [vectors]. */
export function rowOf(coefficients: ArrayLike<number>, k: number, vectors: number): number[] {
  const first = coefficients.length === vectors ? 0 : k * vectors;
  return Array.from({ length: vectors }, (_, j) => coefficients[first + j]);
}
