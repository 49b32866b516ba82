import type { Economy } from "../economy/economy.js";
import { additiveStep } from "./additive-step.js";
import { Allocation } from "./allocation.js";
import { FreeInstants } from "./free.js";
import { type Layout, layOut } from "./layout.js";
import type { Market, MarketHints, Readout, Sum } from "./market.js";
import { entered, meanPrice, SMALL_STEP, toMeanOne } from "./mean-price.js";
import { NestWise } from "./nest-wise.js";
import { readOut } from "./readout.js";
import { Tangent } from "./tangent.js";
import { Trader } from "./trader.js";

/** f is reported within ±LIMIT: demand or supply that vanishes is an extreme ratio, not an infinite one. */
const LIMIT = 700;
const RESOLUTION = 1e-12;
interface ReferenceMemory {
  readonly evaluations: number;
  readonly free: readonly ArrayLike<number>[];
  readonly metric: ArrayLike<number>;
  readonly trader: readonly ArrayLike<number>[];
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
  private readonly nestWise: NestWise;
  /** The nest-wise step knows the responses at the last residual. */
  private prepared = false;
  private readonly trader: Trader;
  private readonly free: FreeInstants;
  private readonly metric: Float64Array;
  /** Of the last residual. */
  private complementarity = Infinity;

  constructor(economy: Economy) {
    this.layout = layOut(economy);
    const { commodities, nodes, demanded, size, aggregation, step } = this.layout;
    this.shape = [commodities, nodes];
    this.metric = new Float64Array(demanded.length);
    this.at = new Allocation(this.layout);
    this.tangent = new Tangent(this.layout, this.at);
    this.nestWise = new NestWise(this.layout, this.at);
    this.trader = new Trader(this.layout, this.at);
    this.free = new FreeInstants(this.layout, this.at);
    this.hints = { size, step, resolution: RESOLUTION, potential: aggregation !== null };
  }

  create(value = 0): Float64Array {
    return new Float64Array(this.layout.demanded.length).fill(value);
  }

  room(): Float64Array {
    return this.create();
  }

  copy(from: Float64Array, to: Float64Array): void {
    to.set(from);
  }

  release(): void {}

  recycle(): void {}

  adopt(values: Float64Array): Float64Array {
    return values;
  }

  download(v: Float64Array): Float64Array {
    return v.slice();
  }

  residual(q: Float64Array, f: Float64Array): Readout {
    this.evaluations++;
    this.at.evaluate(q, this.free.frozen);
    this.prepared = false;
    for (let i = 0; i < f.length; i++) f[i] = this.active(i) ? this.excess(i) : 0;
    const readout = readOut(
      q,
      f,
      this.layout,
      this.at,
      (i) => this.active(i),
      (i) => this.counts(i),
    );
    this.complementarity = readout.complementarity;
    return readout;
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

  /** Counts however little is spent on it: neither frozen nor on its way there. */
  private counts(i: number): boolean {
    return this.active(i) && !this.free.isIdle(i);
  }

  derivative(q: Float64Array, dq: Float64Array, out: Float64Array): void {
    this.evaluations++;
    if (!this.at.isAt(q, this.free.frozen)) {
      this.at.evaluate(q, this.free.frozen);
      this.prepared = false;
    }
    this.tangent.derivative(dq, (i) => this.active(i), out);
  }

  precondition(v: Float64Array, out: Float64Array): void {
    if (!this.prepared) this.nestWise.prepare();
    this.prepared = true;
    this.nestWise.apply(v, (i) => this.active(i), out);
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

  advance(q: Float64Array, d: Sum<Float64Array>, clip: number, out: Float64Array, mayFall = true): boolean {
    const watches = clip < Infinity && this.free.isDue();
    const mean = meanPrice(this.layout, this.at.price);
    const level = Math.log(mean);
    const change = this.create();
    this.combine(d.coefficients, d.vectors, change);
    const moved = new Float64Array(q.length);
    let [fell, most] = [false, 0];
    for (let i = 0; i < q.length; i++) {
      const fall = watches && this.active(i) ? this.fall(i, q[i], clip, mayFall) : null;
      fell ||= fall !== null;
      const by = fall ?? Math.max(-clip, Math.min(clip, change[i]));
      most = Math.max(most, Math.abs(by));
      moved[i] = q[i] + by - (Number.isFinite(level) ? level : 0);
    }
    if (watches) this.free.watched();
    this.free.moved(most);
    out.set(moved);
    if (!Number.isFinite(level) || most > SMALL_STEP) this.normalize(out);
    return fell;
  }

  watch(q: Float64Array, clip: number): void {
    for (let i = 0; i < q.length; i++) if (this.active(i)) this.free.watch(i, q[i], this.excess(i), clip);
    this.free.watched();
  }

  private fall(i: number, q: number, clip: number, mayFall: boolean): number | null {
    const f = this.excess(i);
    this.free.watch(i, q, f, clip);
    return mayFall ? this.free.fall(i, f, this.complementarity) : null;
  }

  forgetFalls(): void {
    this.free.forgetFalls();
  }

  advanceAdditive(q: Float64Array, step: number, out: Float64Array): void {
    additiveStep(q, step, this.layout, this.at, (i) => this.active(i), out);
    this.normalize(out);
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

  reweigh(evenly = 0): void {
    const { demand, price } = this.at;
    const { weights, nodes: N } = this.layout;
    let [total, count] = [0, 0];
    for (let i = 0; i < demand.length; i++) {
      this.metric[i] = this.active(i) ? weights[i % N] * price[i] * demand[i] : 0;
      total += this.metric[i];
      if (this.counts(i)) count++;
    }
    for (let i = 0; i < demand.length; i++) {
      this.metric[i] = this.metric[i] / total + (this.counts(i) ? evenly / count : 0);
    }
  }

  dots(vectors: readonly Float64Array[], ...others: readonly Float64Array[]): Float64Array {
    const rows = others.map((v) => this.metric.map((weight, i) => weight * v[i]));
    return Float64Array.from(rows.flatMap((row) => vectors.map((u) => dot(row, u))));
  }

  combine(
    coefficients: ArrayLike<number>,
    vectors: readonly Float64Array[],
    out: Float64Array,
    shift = 0,
  ): void {
    const sum = new Float64Array(out.length).fill(-shift);
    vectors.forEach((v, j) => {
      addMultiple(sum, coefficients[j], v);
    });
    out.set(sum);
  }

  anchor(): void {
    this.trader.anchor();
  }

  blend(t: number, out: Float64Array): void {
    this.trader.blend(t, (i) => this.active(i), out);
  }

  blendDerivative(q: Float64Array, t: number, dq: Float64Array, dt: number, out: Float64Array): void {
    this.derivative(q, dq, out);
    this.trader.blendDerivative(t, dq, dt, this.tangent, (i) => this.active(i), out);
  }

  settleFree(tolerance: number): number {
    return this.free.settle(tolerance, this.complementarity);
  }

  thaw(): void {
    this.free.thaw();
  }

  prices(q: Float64Array, freed = this.freed()): Float64Array {
    const p = q.map((x, i) => (this.layout.demanded[i] && !freed[i] ? Math.exp(x) : 0));
    return toMeanOne(this.layout, p);
  }

  freed(): Uint8Array {
    return this.free.frozen;
  }

  enter(prices: Float64Array): Float64Array {
    const { q, frozen } = entered(this.layout, prices);
    this.free.freezeAll(frozen);
    this.normalize(q);
    return q;
  }

  save(): ReferenceMemory {
    const [free, metric, trader] = [this.free.save(), this.metric.slice(), this.trader.save()];
    return { evaluations: this.evaluations, free, metric, trader };
  }

  restore(memory: unknown, q: Float64Array): void {
    const { evaluations, free, metric, trader } = memory as ReferenceMemory;
    this.free.restore(free);
    this.metric.set(metric);
    this.trader.restore(trader);
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
