import type { Economy } from "../../economy/economy.js";
import { additiveStep } from "../../market/additive-step.js";
import { FreeInstants } from "../../market/free.js";
import { type Layout, layOut } from "../../market/layout.js";
import type { Market, MarketHints, Readout } from "../../market/market.js";
import { Trader } from "../../market/trader.js";
import { blocksFor, mostBlocks } from "./blocks.js";
import { Evaluation } from "./evaluation.js";
import { hasRelaxed, MOST_THREADS } from "./kernels.js";
import { type Plan, planFor } from "./plan.js";
import { WasmTangent } from "./tangent.js";
import { canShare, Threads } from "./threads.js";
import { type Stamp, Vectors } from "./vectors.js";

export interface WasmOptions {
  /** Threads at most; default: as many as there are processors, one below THREADS_PAY prices. */
  readonly threads?: number;
  /** The same bits on every machine: no fused multiplications. */
  readonly deterministic?: boolean;
  /** How long other threads may keep this one waiting before the backend has failed, in ms; default 20 000. */
  readonly patience?: number;
}

/** Prices from which on a second thread pays for its wake-ups. */
const THREADS_PAY = 100_000;

interface Memory {
  readonly evaluations: number;
  readonly free: readonly ArrayLike<number>[];
  readonly metric: ArrayLike<number>;
  readonly trader: readonly ArrayLike<number>[] | null;
}

/** The market in float64 by WebAssembly kernels, on as many threads as pay. Vectors are views of the kernels' memory. */
export class WasmMarket implements Market<Float64Array> {
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
  /** Where the market was last evaluated. */
  private evaluated: Stamp | null = null;
  private changes: { dSupply: Float64Array; dDemand: Float64Array } | null = null;

  constructor(economy: Economy, { threads, deterministic = false, patience }: WasmOptions = {}) {
    this.layout = layOut(economy);
    const { commodities, nodes, size, step, aggregation } = this.layout;
    const entries = commodities * nodes;
    this.shape = [commodities, nodes];
    this.hints = { size, step, potential: aggregation !== null };
    const wanted = Math.min(MOST_THREADS, threads ?? (entries < THREADS_PAY ? 1 : MOST_THREADS));
    const shared = wanted > 1 && canShare();
    const { plan, room } = planFor(this.layout, shared, wanted);
    this.plan = plan;
    const blocks = blocksFor(this.layout, plan);
    this.threads = new Threads(plan.arena.memory, {
      wanted: shared ? wanted : 1,
      relaxed: !deterministic && hasRelaxed(),
      mostBlocks: mostBlocks(blocks),
      patience,
    });
    this.vectors = new Vectors(room, plan, this.threads, blocks);
    this.at = new Evaluation(this.layout, plan, this.threads, blocks);
    this.tangent = new WasmTangent(this.at, plan.room);
    this.free = new FreeInstants(this.layout, this.at, plan.arrays);
    this.activate();
  }

  create(value = 0): Float64Array {
    return this.room().fill(value);
  }

  room(): Float64Array {
    return this.vectors.room();
  }

  release(vectors: readonly Float64Array[]): void {
    this.vectors.release(vectors);
  }

  recycle(live: ReadonlySet<unknown>): void {
    this.vectors.recycle(new Set([...live, this.changes?.dSupply, this.changes?.dDemand]));
  }

  adopt(values: Float64Array): Float64Array {
    const v = this.room();
    v.set(values);
    return v;
  }

  copy(from: Float64Array, to: Float64Array): void {
    to.set(from);
    this.vectors.wrote(to);
  }

  download(v: Float64Array): Float64Array {
    return Float64Array.from(v);
  }

  residual(q: Float64Array, f: Float64Array): Readout {
    this.vectors.check(q, f);
    this.evaluations++;
    const readout = this.at.evaluate(q, f);
    this.vectors.wrote(f);
    this.tangent.forget();
    this.evaluated = this.vectors.stamp(q);
    this.complementarity = readout.complementarity;
    return readout;
  }

  derivative(q: Float64Array, dq: Float64Array, out: Float64Array): void {
    this.vectors.check(q, dq, out);
    this.evaluations++;
    this.moveTo(q);
    this.tangent.derivative(q, dq, out);
    this.vectors.wrote(out);
  }

  /** Whether the last residual was at q, which has not been written since. */
  private isAt(q: Float64Array): boolean {
    return this.vectors.isStill(q, this.evaluated);
  }

  private moveTo(q: Float64Array): void {
    if (this.isAt(q)) return;
    const f = this.room();
    this.at.evaluate(q, f);
    this.tangent.forget();
    this.evaluated = this.vectors.stamp(q);
    this.release([f]);
  }

  precondition(v: Float64Array, out: Float64Array): void {
    this.vectors.check(v, out);
    const q = this.evaluated?.vector as Float64Array;
    this.tangent.nestWise(q, v, out);
    this.vectors.wrote(out);
  }

  slope(d: Float64Array): number {
    this.vectors.check(d);
    const { blocks, threads, plan, books } = this.at;
    const place = { perBlock: this.plan.partials.byteOffset, bytes: 8 };
    threads.run("slope_rows", blocks.rows, plan.at, d.byteOffset, "from", "to", place);
    return total(this.plan.partials, blocks.rows.length - 1) / total(books.discretionary);
  }

  advance(
    q: Float64Array,
    d: Float64Array,
    step: number,
    clip: number,
    out: Float64Array,
    mayFall = true,
  ): boolean {
    this.vectors.check(q, d, out);
    const { blocks, threads, plan } = this.at;
    let fell = false;
    if (clip < Infinity) {
      const average = this.at.wealth() / this.layout.size;
      const [from, to, result] = [q.byteOffset, d.byteOffset, out.byteOffset];
      const place = { perBlock: this.plan.partials.byteOffset, bytes: 8 };
      threads.run(
        "fall_rows",
        blocks.rows,
        plan.at,
        from,
        to,
        step,
        clip,
        result,
        "from",
        "to",
        Number(mayFall),
        this.complementarity,
        average,
        place,
      );
      fell = total(this.plan.partials, blocks.rows.length - 1) > 0;
    } else {
      const args = [q.byteOffset, d.byteOffset, step, 1e300, out.byteOffset] as const;
      threads.run("move", blocks.entries, ...args, "from", "to");
    }
    this.normalize(out);
    return fell;
  }

  forgetFalls(): void {
    this.free.forgetFalls();
  }

  advanceAdditive(q: Float64Array, step: number, out: Float64Array): void {
    additiveStep(q, step, this.layout, this.at, (i) => this.free.active(i), out);
    this.normalize(out);
  }

  normalize(q: Float64Array): void {
    this.vectors.check(q);
    const { blocks, threads, plan } = this.at;
    const { rows, entries } = blocks;
    const place = { perBlock: this.plan.partials.byteOffset, bytes: 16 };
    threads.run("level_rows", rows, plan.at, q.byteOffset, "from", "to", place);
    let high = -Infinity;
    for (let b = 0; b + 1 < rows.length; b++) high = Math.max(high, this.plan.partials[2 * b]);
    let sum = 0;
    for (let b = 0; b + 1 < rows.length; b++)
      sum += this.plan.partials[2 * b + 1] * Math.exp(this.plan.partials[2 * b] - high);
    const shift = high + Math.log(sum / (this.layout.horizon * this.layout.commodities));
    threads.run("shift", entries, q.byteOffset, shift, "from", "to");
    this.vectors.wrote(q);
  }

  reweigh(evenly = 0): void {
    const { blocks, threads, plan } = this.at;
    const { rows } = blocks;
    const place = { perBlock: this.plan.partials.byteOffset, bytes: 16 };
    threads.run("spending_rows", rows, plan.at, "from", "to", place);
    let [total, count] = [0, 0];
    for (let b = 0; b + 1 < rows.length; b++) {
      total += this.plan.partials[2 * b];
      count += this.plan.partials[2 * b + 1];
    }
    threads.run("metric_rows", rows, plan.at, "from", "to", 1 / total, evenly / count);
  }

  dots(vectors: readonly Float64Array[], v: Float64Array): Float64Array {
    return this.vectors.dots(vectors, v);
  }

  combine(coefficients: ArrayLike<number>, vectors: readonly Float64Array[], out: Float64Array): void {
    this.vectors.combine(coefficients, vectors, out);
  }

  anchor(): void {
    this.theTrader.anchor();
  }

  private get theTrader(): Trader {
    this.trader ??= new Trader(this.layout, this.at);
    return this.trader;
  }

  blend(t: number, out: Float64Array): void {
    this.theTrader.blend(t, (i) => this.free.active(i), out);
    this.vectors.wrote(out);
  }

  blendDerivative(q: Float64Array, t: number, dq: Float64Array, dt: number, out: Float64Array): void {
    this.vectors.check(q, dq, out);
    this.evaluations++;
    this.moveTo(q);
    this.changes ??= { dSupply: this.create(), dDemand: this.create() };
    this.tangent.derivative(q, dq, out, this.changes);
    this.theTrader.blendDerivative(t, dq, dt, this.changes, (i) => this.free.active(i), out);
    this.vectors.wrote(out);
  }

  settleFree(tolerance: number): number {
    const changed = this.free.settle(tolerance);
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

  prices(q: Float64Array): Float64Array {
    const out = this.room();
    if (this.isAt(q)) {
      out.set(this.plan.arrays.price);
      return out;
    }
    const { plan, blocks, threads } = this.at;
    const rows = plan.everyRow.byteOffset;
    threads.run("price_rows", blocks.rows, plan.at, q.byteOffset, out.byteOffset, rows, "from", "to");
    return out;
  }

  enter(prices: Float64Array): Float64Array {
    const q = this.room();
    const { demanded } = this.layout;
    let least = Infinity;
    prices.forEach((p, i) => {
      if (p > 0 && demanded[i]) least = Math.min(least, p);
    });
    prices.forEach((p, i) => {
      this.free.frozen[i] = p > 0 ? 0 : demanded[i];
      q[i] = Math.log(p > 0 ? p : least);
    });
    this.activate();
    this.normalize(q);
    return q;
  }

  save(): Memory {
    return {
      evaluations: this.evaluations,
      free: this.free.save(),
      metric: Float64Array.from(this.plan.arrays.metric),
      trader: this.trader?.save() ?? null,
    };
  }

  restore(memory: unknown, q: Float64Array): void {
    const { evaluations, free, metric, trader } = memory as Memory;
    this.free.restore(free);
    this.plan.arrays.touched.fill(1);
    this.plan.arrays.metric.set(metric);
    if (trader !== null) this.theTrader.restore(trader);
    this.activate();
    const f = this.create();
    this.residual(q, f);
    this.release([f]);
    this.evaluations = evaluations;
  }

  dispose(): void {
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
