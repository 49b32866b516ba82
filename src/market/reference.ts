import { hash } from "../core/rng.js";
import type { Economy } from "../economy/economy.js";
import { Allocation } from "./allocation.js";
import { FreeInstants } from "./free.js";
import { type Layout, layOut } from "./layout.js";
import type { Market, MarketHints, Readout } from "./market.js";
import { Tangent } from "./tangent.js";

/** f is reported within ±LIMIT: demand or supply that vanishes is an extreme ratio, not an infinite one. */
const LIMIT = 700;
interface ReferenceMemory {
  readonly evaluations: number;
  readonly free: readonly ArrayLike<number>[];
}

/**
 * The market in float64, the page of model.md in code: the oracle of every other backend, and the backend of
 * user-written sets and preferences. A Vector is a Float64Array of shape [commodities, nodes].
 */
export class ReferenceMarket implements Market<Float64Array> {
  readonly shape: readonly [number, number];
  readonly hints: MarketHints;
  evaluations = 0;
  readonly layout: Layout;
  /** Demand, supply and incomes at the last residual. */
  private readonly at: Allocation;
  private readonly tangent: Tangent;
  private readonly free: FreeInstants;
  private readonly metric: Float64Array;
  /** Of the last residual. */
  private complementarity = Infinity;

  constructor(economy: Economy) {
    this.layout = layOut(economy);
    const { commodities, nodes, demanded, aggregation, step } = this.layout;
    this.shape = [commodities, nodes];
    this.metric = new Float64Array(demanded.length);
    this.at = new Allocation(this.layout);
    this.tangent = new Tangent(this.layout, this.at);
    this.free = new FreeInstants(this.layout, this.at);
    this.hints = { size: demanded.reduce((sum, x) => sum + x, 0), step, potential: aggregation !== null };
  }

  create(): Float64Array {
    return new Float64Array(this.layout.demanded.length);
  }

  copy(from: Float64Array, to: Float64Array): void {
    to.set(from);
  }

  download(v: Float64Array): Float64Array {
    return v.slice();
  }

  residual(q: Float64Array, f: Float64Array): Readout {
    this.evaluations++;
    this.at.evaluate(q, this.free.frozen);
    for (let i = 0; i < f.length; i++) f[i] = this.active(i) ? this.excess(i) : 0;
    return this.reduce(q, f);
  }

  /** f at one instant. */
  private excess(i: number): number {
    const { demand, supply } = this.at;
    if (demand[i] === supply[i]) return 0;
    return Math.max(-LIMIT, Math.min(LIMIT, Math.log(demand[i]) - Math.log(supply[i])));
  }

  private active(i: number): boolean {
    return this.free.active(i);
  }

  private reduce(q: Float64Array, f: Float64Array): Readout {
    const { at, layout } = this;
    const { nodes: N, weights } = layout;
    const afford = at.afford();
    let [high, low, qHigh, qLow, norm, spending, finite] = [
      -Infinity,
      Infinity,
      -Infinity,
      Infinity,
      0,
      0,
      true,
    ];
    let [value, u, v] = [0, 0, 0];
    for (let i = 0; i < f.length; i++) {
      if (!this.active(i)) continue;
      // A sum keeps NaN and Infinity that comparisons would drop.
      finite &&= Number.isFinite(q[i] + at.demand[i] + at.supply[i]);
      high = Math.max(high, f[i]);
      low = Math.min(low, f[i]);
      qHigh = Math.max(qHigh, q[i]);
      qLow = Math.min(qLow, q[i]);
      const worth = weights[i % N] * at.price[i];
      norm += worth * at.demand[i] * f[i] ** 2;
      spending += worth * at.demand[i];
      value += worth;
      u += worth * signed(2 * i);
      v += worth * signed(2 * i + 1);
    }
    return {
      ...this.clearing(),
      oscillation: high - low,
      norm: Math.sqrt(norm / spending),
      potential: at.potential(),
      afford: afford.least,
      poorest: afford.poorest,
      affordAll: afford.all,
      spread: qHigh - qLow,
      probe: [u / value, v / value],
      finite: finite && Number.isFinite(afford.all),
    };
  }

  /** max |z| / (time mean of S_m), frozen and undemanded instants counting only z > 0; and the same as complementarity. */
  private clearing(): { clearing: number; worst: number; complementarity: number } {
    const { at, layout } = this;
    const { nodes: N, commodities, weights } = layout;
    const average = at.wealth() / this.hints.size;
    let [clearing, worst, complementarity] = [0, 0, 0];
    for (let m = 0; m < commodities; m++) {
      const volume = at.meanVolume(m);
      for (let n = 0; n < N; n++) {
        const i = m * N + n;
        const z = at.demand[i] - at.supply[i];
        const gap = (this.active(i) ? Math.abs(z) : Math.max(0, z)) / volume;
        if (gap > clearing) [clearing, worst] = [gap, i];
        const revenue = (weights[n] * at.price[i] * at.supply[i]) / average;
        complementarity = Math.max(complementarity, z < 0 ? Math.min(gap, revenue) : gap);
      }
    }
    this.complementarity = complementarity;
    return { clearing, worst, complementarity };
  }

  derivative(q: Float64Array, dq: Float64Array, out: Float64Array): void {
    this.evaluations++;
    this.at.evaluate(q, this.free.frozen);
    this.tangent.derivative(dq, (i) => this.active(i), out);
  }

  slope(d: Float64Array): number {
    const { demand, supply, price } = this.at;
    const { weights, nodes: N } = this.layout;
    let sum = 0;
    for (let i = 0; i < d.length; i++) {
      if (this.active(i)) sum -= weights[i % N] * price[i] * (demand[i] - supply[i]) * d[i];
    }
    return sum / this.at.discretionary.reduce((total, x) => total + x, 0);
  }

  advance(q: Float64Array, d: Float64Array, step: number, clip: number, out: Float64Array): void {
    const clipped = clip < Infinity;
    for (let i = 0; i < q.length; i++) {
      const fall =
        clipped && this.active(i)
          ? this.free.fall(i, q[i], this.excess(i), clip, this.complementarity)
          : null;
      out[i] = q[i] + (fall ?? Math.max(-clip, Math.min(clip, step * d[i])));
    }
    this.normalize(out);
  }

  advanceAdditive(q: Float64Array, step: number, out: Float64Array): void {
    const { demand, supply, price } = this.at;
    const { weights, nodes: N, horizon } = this.layout;
    const mean = (x: Float64Array): number => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) if (this.active(i)) sum += weights[i % N] * x[i];
      return sum / horizon;
    };
    const rate = (step * mean(price)) / mean(supply);
    for (let i = 0; i < q.length; i++) out[i] = price[i] + rate * (demand[i] - supply[i]);
    this.project(out, mean(price) * horizon);
    for (let i = 0; i < q.length; i++) {
      out[i] = this.active(i) ? Math.log(Math.max(out[i], price[i] / 10)) : q[i];
    }
    this.normalize(out);
  }

  /** Π: the nearest point (in H) of { p ≥ 0, ⟨p,1⟩ = total } on the active instants. */
  private project(p: Float64Array, total: number): void {
    const { weights, nodes: N } = this.layout;
    const order = Array.from(p.keys())
      .filter((i) => this.active(i))
      .sort((i, j) => p[j] - p[i]);
    let [sum, weight, shift] = [0, 0, 0];
    for (const i of order) {
      sum += weights[i % N] * p[i];
      weight += weights[i % N];
      const candidate = (sum - total) / weight;
      if (p[i] <= candidate) break;
      shift = candidate;
    }
    for (const i of order) p[i] = Math.max(0, p[i] - shift);
  }

  normalize(q: Float64Array): void {
    const { weights, nodes: N, horizon, commodities, demanded } = this.layout;
    let high = -Infinity;
    for (let i = 0; i < q.length; i++) if (this.active(i)) high = Math.max(high, q[i]);
    let sum = 0;
    for (let i = 0; i < q.length; i++) if (this.active(i)) sum += weights[i % N] * Math.exp(q[i] - high);
    const shift = high + Math.log(sum / (horizon * commodities));
    for (let i = 0; i < q.length; i++) if (demanded[i]) q[i] -= shift;
  }

  reweigh(): void {
    const { demand, price } = this.at;
    const { weights, nodes: N } = this.layout;
    let total = 0;
    for (let i = 0; i < demand.length; i++) {
      this.metric[i] = this.active(i) ? weights[i % N] * price[i] * demand[i] : 0;
      total += this.metric[i];
    }
    for (let i = 0; i < demand.length; i++) this.metric[i] /= total;
  }

  dots(vectors: readonly Float64Array[], v: Float64Array): Float64Array {
    const weighted = this.metric.map((weight, i) => weight * v[i]);
    return Float64Array.from(vectors, (u) => dot(weighted, u));
  }

  combine(coefficients: ArrayLike<number>, vectors: readonly Float64Array[], out: Float64Array): void {
    const sum = new Float64Array(out.length);
    vectors.forEach((v, j) => {
      addMultiple(sum, coefficients[j], v);
    });
    out.set(sum);
  }

  settleFree(tolerance: number): number {
    return this.free.settle(tolerance);
  }

  prices(q: Float64Array): Float64Array {
    return q.map((x, i) => (this.active(i) ? Math.exp(x) : 0));
  }

  enter(prices: Float64Array): Float64Array {
    const q = new Float64Array(prices.length);
    let least = Infinity;
    prices.forEach((p, i) => {
      if (p > 0 && this.layout.demanded[i]) least = Math.min(least, p);
    });
    prices.forEach((p, i) => {
      this.free.frozen[i] = p > 0 ? 0 : this.layout.demanded[i];
      q[i] = Math.log(p > 0 ? p : least);
    });
    this.normalize(q);
    return q;
  }

  save(): ReferenceMemory {
    return { evaluations: this.evaluations, free: this.free.save() };
  }

  restore(memory: unknown, q: Float64Array): void {
    const { evaluations, free } = memory as ReferenceMemory;
    this.free.restore(free);
    this.residual(q, this.create());
    this.evaluations = evaluations;
  }

  dispose(): void {}
}

function dot(u: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < u.length; i++) sum += u[i] * v[i];
  return sum;
}

function addMultiple(out: Float64Array, a: number, v: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] += a * v[i];
}

/** A fixed pseudo-random number in [−1, 1) for each i. */
function signed(i: number): number {
  return hash(i) / 2 ** 31 - 1;
}
