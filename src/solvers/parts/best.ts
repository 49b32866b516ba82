import type { Market } from "../../market/market.js";
import type { Iterate } from "../solver.js";

/** A residual has fallen noticeably when it is below this fraction of what it was when it last had. */
const NOTICEABLE = 0.8;
/** How good an iterate is: it clears within the tolerance; all but idle goods nearly clear; neither. */
export const GOOD = 2;
const NEAR = 1;
const FAR = 0;
/** Complementarity below which idle goods on their way to being free are forgiven; near the corners that a cycle passes it is far larger. */
const NEARLY = 1e-4;

/** The best usable iterate: of those of the highest rank the one that clears best, NEAR ones as complementarity. */
export class Best<V> {
  residual = Infinity;
  rank: number = FAR;
  /** Offers since the residual last fell noticeably, and what it was then. */
  age = 0;
  private mark = Infinity;
  /** No copy: between steps only a shift is ever written over the log prices of an iterate. */
  q: V;
  /** What was frozen there. */
  freed: Uint8Array;

  constructor(
    private readonly market: Market<V>,
    first: Iterate<V>,
    private readonly tolerance: number,
  ) {
    this.q = first.q;
    this.freed = market.freed();
  }

  save(): object {
    const { residual, rank, age, mark, q, freed } = this;
    return { residual, rank, age, mark, q, freed };
  }

  get prices(): V {
    return this.market.prices(this.q, this.freed);
  }

  offer({ q, readout }: Iterate<V>): void {
    this.age++;
    const { clearing, complementarity } = readout;
    const rank = clearing <= this.tolerance ? GOOD : complementarity <= NEARLY ? NEAR : FAR;
    const residual = rank === NEAR ? complementarity : clearing;
    const better = rank > this.rank || (rank === this.rank && residual < this.residual);
    if (!better || readout.afford <= 0) return;
    this.q = q;
    this.freed = this.market.freed();
    if (rank > this.rank || residual < NOTICEABLE * this.mark) [this.mark, this.age] = [residual, 0];
    this.rank = rank;
    this.residual = residual;
  }
}
