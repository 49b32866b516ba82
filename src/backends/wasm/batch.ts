import { BackendFailedError } from "../../core/errors.js";
import type { Reals } from "../../core/reals.js";
import type { BatchMarket } from "../../market/batch.js";
import type { Layout } from "../../market/layout.js";
import type { MarketHints, Readout } from "../../market/market.js";
import { toMeanOne } from "../../market/mean-price.js";
import type { Source } from "./arrays.js";
import { Blueprint, MEMBER_FIELDS, Member } from "./batch-members.js";
import type { BatchRoom } from "./batch-room.js";
import { Part } from "./part.js";
import { RANGES } from "./range.js";
import type { Argument, Threads } from "./threads.js";

/** Most vectors in one sum, and in room for them unless more is asked for. */
const MOST_SUMMED = 64;
const VECTORS = 70;
/** Numbers of a block that a thread takes at once, of evaluations and of sums: some tens of microseconds. */
const [EVALUATED, SUMMED] = [2 ** 12, 2 ** 14];
/** Products of all economies that are made at once. */
const PRODUCTS = 2 ** 16;
/** Numbers that kernels note for one another, and fields of `Work` in kernels/batch.c. */
const NOTES = 32;

/** Economies of a batch, before they lie in a memory. */
export class BatchDraft {
  readonly blueprints: readonly Blueprint[];
  /** Bytes of what an evaluation reads, and of what only whole ones leave. */
  readonly read: number;
  readonly left: number;

  constructor(readonly layouts: readonly Layout[]) {
    this.blueprints = layouts.map((layout) => new Blueprint(layout));
    const [read, left] = [new Part(), new Part()];
    for (const blueprint of this.blueprints) blueprint.take(read, left);
    [this.read, this.left] = [read.taken, left.taken];
  }

  get economies(): number {
    return this.layouts.length;
  }

  /** Bytes that a batch of them takes. @param vectors that there is room for */
  bytes(threads: number, vectors = VECTORS): number {
    const count = new Part();
    placesFrom(count, this.blueprints, threads);
    const [{ commodities, nodes }] = this.layouts;
    for (let v = 0; v < vectors; v++) count.reals(this.economies * commodities * nodes);
    return this.read + this.left + count.taken + 1024;
  }
}

/**
 * Many small economies of one structure in one WebAssembly memory, on as many threads as pay: each is evaluated in one go, by one
 * thread. Where prices vanish, so that Market would ask the sets themselves, a readout is not finite.
 */
export class WasmBatch implements BatchMarket<Float64Array> {
  readonly shape: readonly [number, number, number];
  readonly hints: readonly MarketHints[];
  private readonly threads: Threads;
  private readonly layouts: readonly Layout[];
  readonly part: Part;
  private readonly members: readonly Member[];
  private readonly places: Places;
  private readonly size: number;

  /** @param room that no other batch uses any more */
  constructor(draft: BatchDraft, room: BatchRoom) {
    const { layouts, blueprints } = draft;
    const [{ commodities, nodes }] = layouts;
    this.layouts = layouts;
    this.shape = [layouts.length, commodities, nodes];
    this.size = commodities * nodes;
    this.hints = layouts.map(({ size, step, aggregation }) => ({
      size,
      step,
      resolution: RANGES.float64.resolution,
      potential: aggregation !== null,
    }));
    this.threads = room.threads;
    this.part = room.clear();
    this.places = placesFrom(this.part, blueprints, this.threads.wanted);
    const { everything, work, works, members, metric } = this.places;
    everything.set(everything.map((_, k) => k));
    work.set(works.flatMap((own) => WORK.map((name) => own[name].byteOffset)));
    const left = this.part.part(draft.left);
    this.members = blueprints.map((blueprint, b) => {
      const own = metric.subarray(b * this.size, (b + 1) * this.size);
      const member = new Member(blueprint, blueprint.take(this.part, left), own);
      members.set(member.fields, b * MEMBER_FIELDS);
      return member;
    });
  }

  create(): Float64Array {
    try {
      return this.part.reals(this.shape[0] * this.size);
    } catch {
      throw new BackendFailedError("The wasm backend has no room for another vector of a batch.");
    }
  }

  enter(prices: Float64Array): Float64Array {
    const q = this.create();
    prices.forEach((p, i) => {
      q[i] = Math.log(p);
    });
    const all = this.layouts.map((_, b) => b);
    this.run("batch_normalize", all, SUMMED, this.membersAt, "list", this.size, q.byteOffset, this.work);
    return q;
  }

  prices(q: Float64Array, economy: number): Float64Array {
    const own = q.subarray(economy * this.size, (economy + 1) * this.size);
    return toMeanOne(this.layouts[economy], own.map(Math.exp));
  }

  residual(q: Float64Array, f: Float64Array, live: readonly number[]): Readout[] {
    this.check(q, f);
    const { vanishing } = RANGES.float64;
    const places = [this.size, q.byteOffset, f.byteOffset] as const;
    this.run("batch_residual", live, EVALUATED, this.membersAt, "list", ...places, vanishing, this.work);
    return live.map((b) => this.readout(b));
  }

  private readout(b: number): Readout {
    const { report } = this.members[b];
    return {
      clearing: report[0],
      worst: report[1],
      complementarity: report[2],
      oscillation: report[3],
      norm: report[4],
      potential: this.hints[b].potential ? report[5] : null,
      afford: report[6],
      poorest: report[7],
      affordAll: report[8],
      spread: report[9],
      probe: [report[10], report[11]],
      finite: Number.isFinite(report[12]),
      level: Math.log(report[13]),
    };
  }

  precondition(v: Float64Array, out: Float64Array, live: readonly number[]): void {
    this.check(v, out);
    this.respond(live);
    const { everything } = this.places;
    const places = [this.size, v.byteOffset, out.byteOffset, everything.byteOffset] as const;
    this.run("batch_precondition", live, EVALUATED, this.membersAt, "list", ...places, this.work);
  }

  /** What only sets themselves can say of their responses. */
  private respond(live: readonly number[]): void {
    const asked = live.filter((b) => this.members[b].mustRespond);
    if (asked.length === 0) return;
    this.run("batch_complete", asked, EVALUATED, this.membersAt, "list", this.work);
    for (const b of asked) this.members[b].respond();
  }

  reweigh(evenly: number, live: readonly number[]): void {
    this.run("batch_reweigh", live, EVALUATED, this.membersAt, "list", evenly, this.work);
  }

  dots(
    vectors: readonly Float64Array[],
    others: readonly Float64Array[],
    live: readonly number[],
  ): Float64Array {
    this.check(...vectors, ...others);
    const { metric, sums } = this.places;
    const pairs = vectors.length * others.length;
    const products = new Float64Array(live.length * pairs);
    const [us, vs] = [this.listed(vectors), this.listed(others, vectors.length)];
    const atOnce = Math.floor(PRODUCTS / Math.max(1, pairs));
    if (atOnce === 0) throw new RangeError(`at most ${PRODUCTS} products at once`);
    for (let first = 0; first < live.length; first += atOnce) {
      const some = live.slice(first, first + atOnce);
      const places = [this.size, metric.byteOffset, us, vectors.length, vs, others.length] as const;
      this.run("batch_dots", some, SUMMED / Math.max(1, others.length), "list", ...places, sums.byteOffset);
      products.set(sums.subarray(0, some.length * pairs), first * pairs);
    }
    return products;
  }

  combine(
    coefficients: ArrayLike<number>,
    vectors: readonly Float64Array[],
    out: Float64Array,
    live: readonly number[],
    shifts?: ArrayLike<number>,
  ): void {
    this.check(out);
    const shiftsAt = shifts === undefined ? 0 : this.places.shifts.byteOffset;
    if (shifts !== undefined) this.places.shifts.set(shifts);
    const terms = this.terms(coefficients, vectors);
    this.run(
      "batch_combine",
      live,
      SUMMED,
      this.membersAt,
      "list",
      this.size,
      ...terms,
      shiftsAt,
      out.byteOffset,
      this.work,
    );
  }

  advance(
    q: Float64Array,
    coefficients: ArrayLike<number>,
    vectors: readonly Float64Array[],
    clip: number,
    out: Float64Array,
    live: readonly number[],
  ): void {
    this.check(q, out);
    const terms = this.terms(coefficients, vectors);
    const places = [this.size, q.byteOffset, ...terms, Math.min(clip, 1e300), out.byteOffset] as const;
    this.run("batch_advance", live, SUMMED, this.membersAt, "list", ...places, this.work);
  }

  /** Where the kernels find a sum's coefficients, how far those of two economies are apart, and its vectors. */
  private terms(coefficients: ArrayLike<number>, vectors: readonly Float64Array[]) {
    this.check(...vectors);
    if (vectors.length > MOST_SUMMED) throw new RangeError(`at most ${MOST_SUMMED} vectors in a sum`);
    const stride = coefficients.length === vectors.length ? 0 : vectors.length;
    this.places.coefficients.set(coefficients);
    return [this.places.coefficients.byteOffset, stride, this.listed(vectors), vectors.length] as const;
  }

  /** Where the kernels find where vectors lie. @param after so many others */
  private listed(vectors: readonly Float64Array[], after = 0): number {
    const { offsets } = this.places;
    vectors.forEach((v, j) => {
      offsets[after + j] = v.byteOffset;
    });
    return offsets.byteOffset + 4 * after;
  }

  /** Kernels know vectors by where they lie. */
  private check(...vectors: readonly Reals[]): void {
    const { buffer } = this.places.metric;
    for (const v of vectors) {
      if (v.buffer !== buffer) throw new TypeError("not a vector of this batch: see create and enter");
    }
  }

  private get membersAt(): number {
    return this.places.members.byteOffset;
  }

  private get work(): Argument {
    const { work } = this.places;
    return { perThread: work.byteOffset, bytes: 4 * WORK.length };
  }

  /**
   * Calls a kernel for blocks of live economies; "list" stands for the list of them and the block's ends.
   *
   * @param numbers of a block, about
   */
  private run(name: string, live: readonly number[], numbers: number, ...args: (Argument | "list")[]): void {
    if (live.length === 0) return;
    const { list } = this.places;
    list.set(live);
    const ends = cut(live.length, Math.max(1, Math.floor(numbers / this.size)));
    const at = args.indexOf("list");
    const kernelArgs = [...args.slice(0, at), list.byteOffset, "from", "to", ...args.slice(at + 1)];
    this.threads.run(name, ends, ...(kernelArgs as Argument[]));
  }

  /** The room is whose it is. */
  dispose(): void {}
}

function cut(length: number, size: number): Int32Array {
  return Int32Array.from({ length: Math.ceil(length / size) + 1 }, (_, b) => Math.min(length, b * size));
}

/** Fields of `Work` in kernels/batch.c, in its order. */
const WORK = [
  "price",
  "index",
  "flow",
  "share",
  "budget",
  "scratch0",
  "scratch1",
  "scratch2",
  "scratch3",
  "scratch4",
  "tile",
  "room",
  "notes",
  "coefficients",
  "vectors",
] as const;

type Places = ReturnType<typeof placesFrom>;

/** What economies share. */
function placesFrom(source: Source, blueprints: readonly Blueprint[], threads: number) {
  const [{ layout }] = blueprints;
  const [B, size] = [blueprints.length, layout.commodities * layout.nodes];
  const most = (of: (blueprint: Blueprint) => number) => Math.max(...blueprints.map(of));
  return {
    members: source.ints(B * MEMBER_FIELDS),
    work: source.ints(threads * WORK.length),
    list: source.ints(B),
    everything: source.ints(
      Math.max(
        layout.commodities,
        most(({ graph }) => graph.nodes),
      ),
    ),
    coefficients: source.wides(B * MOST_SUMMED),
    shifts: source.wides(B),
    offsets: source.ints(2 * MOST_SUMMED),
    sums: source.wides(PRODUCTS),
    metric: source.reals(B * size),
    works: Array.from({ length: threads }, () => workFrom(source, layout, most)),
  };
}

function workFrom(
  source: Source,
  { commodities: M, nodes: N }: Layout,
  most: (of: (blueprint: Blueprint) => number) => number,
): Record<(typeof WORK)[number], ArrayBufferView> {
  const ofNodes = () => source.reals(most(({ graph }) => graph.nodes) * N);
  return {
    price: source.reals(M * N),
    index: ofNodes(),
    flow: ofNodes(),
    share: source.reals(most(({ graph }) => graph.children.length) * N),
    budget: source.reals(most(({ layout }) => layout.consumers.length) * N),
    scratch0: ofNodes(),
    scratch1: ofNodes(),
    scratch2: ofNodes(),
    scratch3: ofNodes(),
    scratch4: ofNodes(),
    tile: source.reals(
      most(
        ({ graph }) => 3 * graph.nodes - 2 * graph.nests.length + graph.children.length - graph.nestEdges,
      ) * N,
    ),
    room: source.reals(4 * N),
    notes: source.wides(NOTES),
    coefficients: source.wides(MOST_SUMMED),
    vectors: source.ints(MOST_SUMMED),
  };
}
