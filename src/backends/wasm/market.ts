import type { Precision, Reals } from "../../core/reals.js";
import type { Economy } from "../../economy/economy.js";
import { additiveStep } from "../../market/additive-step.js";
import { FreeInstants } from "../../market/free.js";
import { type Layout, layOut } from "../../market/layout.js";
import type { Market, MarketHints, Readout, Sum } from "../../market/market.js";
import { entered, SMALL_STEP, toMeanOne } from "../../market/mean-price.js";
import { Trader } from "../../market/trader.js";
import { blocksFor, mostBlocks } from "./blocks.js";
import { Evaluation } from "./evaluation.js";
import { hasRelaxed, MOST_THREADS } from "./kernels.js";
import { type Plan, planFor } from "./plan.js";
import { RANGES } from "./range.js";
import { WasmTangent } from "./tangent.js";
import { canShare, Threads } from "./threads.js";
import { type Stamp, Vectors } from "./vectors.js";

export interface WasmOptions {
  /** Threads at most; default: as many as there are processors, one below THREADS_PAY prices. */
  readonly threads?: number;
  /** Of vectors; default float64. */
  readonly precision?: Precision;
  /** The same bits on every machine: no fused multiplications. */
  readonly deterministic?: boolean;
  /** How long other threads may keep this one waiting before the backend has failed, in ms; default 20 000. */
  readonly patience?: number;
}

/** Prices from which on a second thread pays for its wake-ups. */
const THREADS_PAY = 100_000;
/** Numbers that a block of kernels/falls.c reports. */
const REPORT = 3;

interface Memory {
  readonly evaluations: number;
  readonly free: readonly ArrayLike<number>[];
  readonly metric: ArrayLike<number>;
  readonly trader: readonly ArrayLike<number>[] | null;
  /** What the last evaluation left, and what the next one is to leave. */
  readonly whole: readonly [last: boolean, next: boolean];
}

/** The market in float64 by WebAssembly kernels, on as many threads as pay. Vectors are views of the kernels' memory. */
export class WasmMarket<V extends Reals = Float64Array> implements Market<V> {
  readonly shape: readonly [number, number];
  readonly hints: MarketHints;
  evaluations = 0;
  readonly threads: Threads;
  private readonly layout: Layout;
  private readonly plan: Plan;
  private readonly at: Evaluation;
  private readonly tangent: WasmTangent;
  private readonly free: FreeInstants;
  private trader: Trader | null = null;
  private complementarity = Infinity;
  private readonly vectors: Vectors;
  private readonly limit: number;
  private isDisposed = false;
  /** Where the market was last evaluated. */
  private evaluated: Stamp | null = null;
  /** f there. */
  private excess: Stamp | null = null;
  private changes: { dSupply: V; dDemand: V } | null = null;

  constructor(
    economy: Economy,
    { threads, precision = "float64", deterministic = false, patience }: WasmOptions = {},
  ) {
    this.layout = layOut(economy);
    const { commodities, nodes, size, step, aggregation } = this.layout;
    const entries = commodities * nodes;
    this.shape = [commodities, nodes];
    this.limit = RANGES[precision].limit;
    const { resolution } = RANGES[precision];
    this.hints = { size, step, resolution, potential: aggregation !== null };
    const wanted = Math.min(MOST_THREADS, threads ?? (entries < THREADS_PAY ? 1 : MOST_THREADS));
    const shared = wanted > 1 && canShare();
    const { plan, room } = planFor(this.layout, shared, wanted, precision);
    this.plan = plan;
    const blocks = blocksFor(this.layout, plan);
    this.threads = new Threads(plan.arena.memory, {
      wanted: shared ? wanted : 1,
      build: { relaxed: !deterministic && hasRelaxed(), precision },
      mostBlocks: mostBlocks(blocks),
      patience,
    });
    this.vectors = new Vectors(room, plan, this.threads, blocks);
    this.at = new Evaluation(this.layout, plan, this.threads, blocks, this.vectors, RANGES[precision]);
    this.tangent = new WasmTangent(this.at);
    this.free = new FreeInstants(this.layout, this.at, plan.arrays);
    this.activate();
  }

  create(value = 0): V {
    const v = this.room();
    v.fill(value);
    return v;
  }

  /** All vectors are of the market's precision. */
  room(): V {
    return this.vectors.room() as V;
  }

  release(vectors: readonly V[]): void {
    this.vectors.release(vectors);
  }

  recycle(live: ReadonlySet<unknown>): void {
    this.vectors.recycle(new Set([...live, this.changes?.dSupply, this.changes?.dDemand]));
  }

  adopt(values: Float64Array): V {
    const v = this.room();
    v.set(values);
    return v;
  }

  copy(from: V, to: V): void {
    to.set(from);
    this.vectors.wrote(to);
  }

  download(v: V): Float64Array {
    return Float64Array.from(v);
  }

  residual(q: V, f: V): Readout {
    this.vectors.check(q, f);
    this.evaluations++;
    const readout = this.at.evaluate(q, f);
    this.vectors.wrote(f);
    this.tangent.forget();
    this.evaluated = this.vectors.stamp(q);
    this.excess = this.vectors.stamp(f);
    this.complementarity = readout.complementarity;
    return readout;
  }

  derivative(q: V, dq: V, out: V): void {
    this.vectors.check(q, dq, out);
    this.evaluations++;
    this.moveTo(q);
    this.tangent.derivative(q, dq, out);
    this.vectors.wrote(out);
  }

  /** Whether the last residual was at q, which has not been written since. */
  private isAt(q: V): boolean {
    return this.vectors.isStill(q, this.evaluated);
  }

  private moveTo(q: V): void {
    if (this.isAt(q)) return;
    const f = this.room();
    this.at.evaluate(q, f);
    this.tangent.forget();
    this.evaluated = this.vectors.stamp(q);
    this.release([f]);
  }

  precondition(v: V, out: V): void {
    this.vectors.check(v, out);
    const q = this.evaluated?.vector as V;
    this.tangent.nestWise(q, v, out);
    this.vectors.wrote(out);
  }

  slope(d: V): number {
    this.vectors.check(d);
    const { blocks, threads, plan, books } = this.at;
    const place = { perBlock: this.plan.partials.byteOffset, bytes: 8 };
    threads.run("slope_rows", blocks.rows, plan.at, d.byteOffset, "from", "to", this.at.perThread, place);
    return total(this.plan.partials, blocks.rows.length - 1) / total(books.discretionary);
  }

  advance(q: V, d: Sum<V>, clip: number, out: V, mayFall = true): boolean {
    const level = Math.log(this.at.meanPrice);
    const shift = Number.isFinite(level) ? level : 0;
    const watches = clip < Infinity && this.free.isDue();
    const { fell, most } = watches
      ? this.fall(q, d, clip, shift, out, mayFall)
      : { fell: false, most: this.vectors.move(q, d, Math.min(clip, 1e300), shift, out) };
    this.free.moved(most);
    if (!Number.isFinite(level) || most > SMALL_STEP) this.normalize(out);
    return fell;
  }

  watch(q: V, clip: number): void {
    const unused = this.room();
    this.fall(q, { coefficients: [], vectors: [] }, clip, 0, unused, false);
    this.release([unused]);
  }

  /** One step in which every instant is watched. */
  private fall(
    q: V,
    d: Sum<V>,
    clip: number,
    shift: number,
    out: V,
    mayFall: boolean,
  ): { fell: boolean; most: number } {
    this.vectors.check(q, out);
    const { blocks, threads, plan } = this.at;
    const change = this.room();
    this.vectors.combine(d, change);
    threads.run(
      "fall_rows",
      blocks.rows,
      plan.at,
      q.byteOffset,
      this.excessThere().byteOffset,
      change.byteOffset,
      clip,
      shift,
      out.byteOffset,
      "from",
      "to",
      Number(mayFall),
      this.complementarity,
      this.at.wealth() / this.layout.size,
      this.at.perThread,
      { perBlock: this.plan.partials.byteOffset, bytes: 8 * REPORT },
    );
    this.release([change]);
    this.vectors.wrote(out);
    const reports = [0, 0, 0];
    for (let i = 0; i < REPORT * (blocks.rows.length - 1); i++)
      reports[i % REPORT] = Math.max(reports[i % REPORT], this.plan.partials[i]);
    this.free.watched(reports[1] > 0);
    return { fell: reports[0] > 0, most: reports[2] };
  }

  /** f at the last residual: vectors may be written over. */
  private excessThere(): Reals {
    const { vector } = this.excess as Stamp;
    if (this.vectors.isStill(vector, this.excess)) return vector;
    const f = this.room();
    const { supply, demand } = this.at;
    const { active } = this.plan.arrays;
    for (let i = 0; i < f.length; i++) f[i] = active[i] ? logRatio(demand[i], supply[i], this.limit) : 0;
    this.excess = this.vectors.stamp(f);
    return f;
  }

  forgetFalls(): void {
    this.free.forgetFalls();
  }

  advanceAdditive(q: V, step: number, out: V): void {
    additiveStep(q, step, this.layout, this.at, (i) => this.free.active(i), out);
    this.normalize(out);
  }

  normalize(q: V): void {
    this.vectors.check(q);
    const { blocks, threads, plan } = this.at;
    const { rows } = blocks;
    const place = { perBlock: this.plan.partials.byteOffset, bytes: 16 };
    threads.run("level_rows", rows, plan.at, q.byteOffset, "from", "to", place);
    let high = -Infinity;
    for (let b = 0; b + 1 < rows.length; b++) high = Math.max(high, this.plan.partials[2 * b]);
    let sum = 0;
    for (let b = 0; b + 1 < rows.length; b++)
      sum += this.plan.partials[2 * b + 1] * Math.exp(this.plan.partials[2 * b] - high);
    const shift = high + Math.log(sum / (this.layout.horizon * this.layout.commodities));
    this.vectors.shift(q, shift);
  }

  reweigh(evenly = 0): void {
    const { blocks, threads, plan } = this.at;
    const { rows } = blocks;
    const place = { perBlock: this.plan.partials.byteOffset, bytes: 16 };
    threads.run("spending_rows", rows, plan.at, "from", "to", this.at.perThread, place);
    let [total, count] = [0, 0];
    for (let b = 0; b + 1 < rows.length; b++) {
      total += this.plan.partials[2 * b];
      count += this.plan.partials[2 * b + 1];
    }
    threads.run("metric_rows", rows, plan.at, "from", "to", 1 / total, evenly / count);
  }

  dots(vectors: readonly V[], ...others: readonly V[]): Float64Array {
    return this.vectors.dots(vectors, others);
  }

  combine(coefficients: ArrayLike<number>, vectors: readonly V[], out: V, shift = 0): void {
    this.vectors.combine({ coefficients, vectors }, out);
    if (shift !== 0) this.vectors.shift(out, shift);
  }

  anchor(): void {
    this.theTrader.anchor();
  }

  private get theTrader(): Trader {
    this.trader ??= new Trader(this.layout, this.at);
    return this.trader;
  }

  blend(t: number, out: V): void {
    this.theTrader.blend(t, (i) => this.free.active(i), out);
    this.vectors.wrote(out);
  }

  blendDerivative(q: V, t: number, dq: V, dt: number, out: V): void {
    this.vectors.check(q, dq, out);
    this.evaluations++;
    this.moveTo(q);
    this.changes ??= { dSupply: this.create(), dDemand: this.create() };
    this.tangent.derivative(q, dq, out, this.changes);
    this.theTrader.blendDerivative(t, dq, dt, this.changes, (i) => this.free.active(i), out);
    this.vectors.wrote(out);
  }

  settleFree(tolerance: number): number {
    const changed = this.free.settle(tolerance, this.complementarity);
    if (changed > 0) this.activate();
    return changed;
  }

  thaw(): void {
    this.free.thaw();
    this.activate();
  }

  /** Tells the kernels which prices move. */
  private activate(): void {
    const { active, idle, special, side } = this.plan.arrays;
    const { commodities: M, nodes: N } = this.layout;
    let sides = 0;
    for (let m = 0; m < M; m++) {
      let [still, marked] = [false, false];
      for (let i = m * N; i < (m + 1) * N; i++) {
        active[i] = this.free.active(i) ? 1 : 0;
        still ||= active[i] === 0;
        marked ||= idle[i] === 1;
      }
      side[m] = still ? sides++ : -1;
      special[m] = still || marked ? 1 : 0;
    }
    this.at.hasSides = sides > 0;
    this.evaluated = null;
  }

  prices(q: V, freed = this.freed()): V {
    this.vectors.check(q);
    const out = this.room();
    const now = this.freed();
    if (freed.every((is, i) => is === now[i])) this.at.prices(q, out);
    else {
      const { demanded } = this.layout;
      for (let i = 0; i < q.length; i++) out[i] = demanded[i] && !freed[i] ? Math.exp(q[i]) : 0;
    }
    return toMeanOne(this.layout, out);
  }

  freed(): Uint8Array {
    return this.free.frozen;
  }

  enter(prices: Float64Array): V {
    const { q, frozen } = entered(this.layout, prices);
    this.free.freezeAll(frozen);
    this.activate();
    const v = this.adopt(q);
    this.normalize(v);
    return v;
  }

  save(): Memory {
    return {
      evaluations: this.evaluations,
      free: this.free.save(),
      metric: Float64Array.from(this.plan.arrays.metric),
      trader: this.trader?.save() ?? null,
      whole: [this.at.isWhole, this.at.willBeWhole],
    };
  }

  restore(memory: unknown, q: V): void {
    const { evaluations, free, metric, trader, whole } = memory as Memory;
    this.free.restore(free);
    this.plan.arrays.metric.set(metric);
    if (trader !== null) this.theTrader.restore(trader);
    this.activate();
    this.at.willBeWhole = whole[0];
    this.residual(q, this.room());
    this.at.willBeWhole = whole[1];
    this.evaluations = evaluations;
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.threads.dispose();
    this.plan.arena.dispose();
  }
}

/** Sum of the first so many. */
function total(values: Float64Array, count = values.length): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  return sum;
}

/** log(D/S) within what is reported. */
function logRatio(demand: number, supply: number, limit: number): number {
  if (demand === supply) return 0;
  return Math.max(-limit, Math.min(limit, Math.log(demand) - Math.log(supply)));
}
