/**
 * What a solver sees of an economy: vectors of log prices, a residual and a few reductions (architecture.md). Vectors
 * have shape [commodities, nodes], node fastest; on the reference backend a Vector is a Float64Array.
 */
export type Awaitable<T> = T | Promise<T>;

export interface MarketHints {
  /** Number of commodity-instants that have a market (not removed for want of demand). */
  readonly size: number;
  /** Default step λ = 1/(σ_max + e_S) (model.md section 5). */
  readonly step: number;
  /** V is known to about this fraction of itself: 1e-12, and 1e-6 where vectors are float32. */
  readonly resolution: number;
  /** The potential V of T2 exists: one orchestrator, proportional incomes, or identical preferences. */
  readonly potential: boolean;
}

/** Reductions fused into a residual. */
export interface Readout {
  /** max |z| / (time mean of S), the certificate's clearing item; frozen instants count only z > 0. */
  readonly clearing: number;
  /** Where it is attained, as index into the vectors. */
  readonly worst: number;
  /**
   * Clearing as complementarity: excess supply counts by the lesser of |z|/(time mean of S) and the instant's revenue in units of
   * the average, so that it falls while the price of an idle good does.
   */
  readonly complementarity: number;
  /** osc f = max f − min f over unfrozen instants. */
  readonly oscillation: number;
  /** ‖f‖ weighted by spending (Σ = 1), plus a tenth as much spread over all unfrozen instants alike. */
  readonly norm: number;
  /** V(q) = log M° − log E; null without a potential. */
  readonly potential: number | null;
  /** min over orchestrators of M°_i / M_i, and who attains it; where it is ≤ 0 f is not defined. */
  readonly afford: number;
  readonly poorest: number;
  /** Σ M°_i / Σ M_i; below 0 it proves that no production plan pays the floors. */
  readonly affordAll: number;
  /** The log of the mean price. */
  readonly level: number;
  /** osc q over unfrozen instants. */
  readonly spread: number;
  /** Two fixed random functionals of p/⟨p,1⟩, in whose plane a cycle is seen to wind. */
  readonly probe: readonly [number, number];
  /** q, f and the incomes are all finite. */
  readonly finite: boolean;
}

/** Σ c_j v_j. */
export interface Sum<Vector> {
  readonly coefficients: ArrayLike<number>;
  readonly vectors: readonly Vector[];
}

/** c v. */
export function multiple<Vector>(c: number, v: Vector): Sum<Vector> {
  return { coefficients: [c], vectors: [v] };
}

export interface Market<Vector = unknown> {
  readonly shape: readonly [commodities: number, nodes: number];
  readonly hints: MarketHints;
  /** Residuals and Jacobian-vector products so far. */
  readonly evaluations: number;

  /** A vector whose entries are all `value`, default 0. */
  create(value?: number): Vector;
  /** A vector to be written: its entries are whatever. */
  room(): Vector;
  copy(from: Vector, to: Vector): void;
  /** These vectors are needed no more. */
  release(vectors: readonly Vector[]): void;
  /** Between two steps: no vector is needed any more but those in `live`. */
  recycle(live: ReadonlySet<unknown>): void;
  /** A vector of given entries, as a checkpoint has them. */
  adopt(values: Float64Array): Vector;
  /** Log prices of given prices ≥ 0; instants of price 0 are frozen. */
  enter(prices: Float64Array): Vector;
  download(v: Vector): Awaitable<Float64Array>;

  /** f(q) = log D − log S; 0 where there is no market and at frozen instants. What follows "at the last residual" means this q. */
  residual(q: Vector, f: Vector): Awaitable<Readout>;
  /** f'(q)·dq. */
  derivative(q: Vector, dq: Vector, out: Vector): Awaitable<void>;
  /** The nest-wise step P⁻¹v at the last residual (model.md section 5): Newton's step, nearly, at the cost of two sweeps. */
  precondition(v: Vector, out: Vector): Awaitable<void>;
  /** dV along d at the last residual: −Σ w p z d / M°. */
  slope(d: Vector): Awaitable<number>;
  /**
   * out = q + d, each entry moved by at most `clip`, then mean price 1 (to within the change of a small step). With a finite clip, a good that has been falling in excess supply that does not respond falls faster, up to the
   * clip, unless `fall` is false: it is on its way to being free. Returns whether any did.
   */
  advance(q: Vector, d: Sum<Vector>, clip: number, out: Vector, fall?: boolean): boolean;
  /** Looks which goods are falling, at the last residual, which was at q, as `advance` does; no price is moved. */
  watch(q: Vector, clip: number): void;
  /** A step with faster falls was refused: no good falls faster until it has shown again that nothing responds. */
  forgetFalls(): void;
  /** The additive process (model.md section 5) from the last residual at q, in logs. */
  advanceAdditive(q: Vector, step: number, out: Vector): void;
  /** p = exp q up to a factor, mean price 1, exactly 0 where there is no market and where frozen: now, or when `freed` was had. */
  prices(q: Vector, freed?: Uint8Array): Vector;
  /** 1 where frozen now; it stays as it is when others are frozen later. */
  freed(): Uint8Array;
  /** Shifts q to mean price 1. */
  normalize(q: Vector): void;

  /**
   * The inner product of `dots` becomes spending at the last residual, Σ = 1. With `evenly` > 0 that much more is spread over all
   * instants alike, so that goods on which hardly anything is spent count too.
   */
  reweigh(evenly?: number): void;
  /** ⟨u, v⟩ for each u; for several v one after the other, shape [others, vectors]. */
  dots(vectors: readonly Vector[], ...others: readonly Vector[]): Awaitable<Float64Array>;
  /** out = Σ c_j v_j − shift; default 0. */
  combine(coefficients: ArrayLike<number>, vectors: readonly Vector[], out: Vector, shift?: number): void;

  /** Anchors the trader of the convex homotopy at the last residual: there D_t = S_t at t = 1 (see market/trader.ts). */
  anchor(): void;
  /** out = log D_t − log S_t at the last residual; at t = 0 that is f. */
  blend(t: number, out: Vector): Awaitable<void>;
  /** out = the derivative of `blend` along (dq, dt) at the last residual, which is at q. */
  blendDerivative(q: Vector, t: number, dq: Vector, dt: number, out: Vector): Awaitable<void>;

  /**
   * Free commodities (model.md section 4) at the last residual: freezes instants in excess supply whose value is negligible,
   * Σ w p|z| ≤ tolerance·ΣM, once everything else clears to 10·tolerance; releases frozen ones with z > 0.
   * Returns how many changed; when any did, evaluate again.
   */
  settleFree(tolerance: number): Awaitable<number>;
  /** Releases all frozen instants; evaluate again. */
  thaw(): void;
  /** What the market remembers between residuals (freed commodities, counts), as plain data; and back, the last residual at q. */
  save(): unknown;
  restore(memory: unknown, q: Vector): Awaitable<void>;
  dispose(): void;
}
