import { type BatchMarket, rowOf } from "./batch.js";
import type { Market, MarketHints, Readout } from "./market.js";

/**
 * A batch made of a market for each economy, asked one after the other. A vector holds one of each market. Of reference markets it is
 * the oracle of every other batch.
 */
export class BatchOfMarkets<V> implements BatchMarket<readonly V[]> {
  readonly shape: readonly [number, number, number];
  readonly hints: readonly MarketHints[];

  /** @param markets at least one, all of one shape */
  constructor(private readonly markets: readonly Market<V>[]) {
    this.shape = [markets.length, ...markets[0].shape];
    this.hints = markets.map(({ hints }) => hints);
  }

  create(): V[] {
    return this.markets.map((market) => market.create());
  }

  enter(prices: Float64Array): V[] {
    const size = this.shape[1] * this.shape[2];
    return this.markets.map((market, b) => market.enter(prices.slice(b * size, (b + 1) * size)));
  }

  async prices(q: readonly V[], economy: number): Promise<Float64Array> {
    const market = this.markets[economy];
    return market.download(market.prices(q[economy]));
  }

  async residual(q: readonly V[], f: readonly V[], live: readonly number[]): Promise<Readout[]> {
    const readouts: Readout[] = [];
    for (const b of live) readouts.push(await this.markets[b].residual(q[b], f[b]));
    return readouts;
  }

  async precondition(v: readonly V[], out: readonly V[], live: readonly number[]): Promise<void> {
    for (const b of live) await this.markets[b].precondition(v[b], out[b]);
  }

  reweigh(evenly: number, live: readonly number[]): void {
    for (const b of live) this.markets[b].reweigh(evenly);
  }

  async dots(
    vectors: readonly (readonly V[])[],
    others: readonly (readonly V[])[],
    live: readonly number[],
  ): Promise<Float64Array> {
    const products = new Float64Array(live.length * others.length * vectors.length);
    for (const [k, b] of live.entries()) {
      const own = await this.markets[b].dots(ofEconomy(vectors, b), ...ofEconomy(others, b));
      products.set(own, k * others.length * vectors.length);
    }
    return products;
  }

  combine(
    coefficients: ArrayLike<number>,
    vectors: readonly (readonly V[])[],
    out: readonly V[],
    live: readonly number[],
    shifts?: ArrayLike<number>,
  ): void {
    for (const [k, b] of live.entries()) {
      const sum = sumOf(rowOf(coefficients, k, vectors.length), ofEconomy(vectors, b));
      this.markets[b].combine(sum.coefficients, sum.vectors, out[b], shifts?.[k]);
    }
  }

  advance(
    q: readonly V[],
    coefficients: ArrayLike<number>,
    vectors: readonly (readonly V[])[],
    clip: number,
    out: readonly V[],
    live: readonly number[],
  ): void {
    for (const [k, b] of live.entries()) {
      const sum = sumOf(rowOf(coefficients, k, vectors.length), ofEconomy(vectors, b));
      this.markets[b].advance(q[b], sum, clip, out[b], false);
    }
  }

  dispose(): void {
    for (const market of this.markets) market.dispose();
  }
}

function ofEconomy<V>(vectors: readonly (readonly V[])[], b: number): V[] {
  return vectors.map((v) => v[b]);
}

/** Σ c_j v_j without those of coefficient 0. */
function sumOf<V>(coefficients: readonly number[], vectors: readonly V[]) {
  const used = [...coefficients.keys()].filter((j) => coefficients[j] !== 0);
  return { coefficients: used.map((j) => coefficients[j]), vectors: used.map((j) => vectors[j]) };
}
