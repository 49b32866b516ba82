import { BackendFailedError } from "../../core/errors.js";
import type { Reals } from "../../core/reals.js";
import type { Sum } from "../../market/market.js";
import { MOST_TERMS } from "./arrays.js";
import type { Blocks } from "./blocks.js";
import type { Plan } from "./plan.js";
import type { Threads } from "./threads.js";

/** A vector as it was at some moment. */
export interface Stamp {
  readonly vector: Reals;
  readonly writes: number;
}

/** The vectors of a market: views of the kernels' memory, handed out and taken back, and their sums and products. */
export class Vectors {
  private readonly used = new Set<Reals>();
  /** How often each was written. */
  private readonly writes = new Map<Reals, number>();

  constructor(
    private readonly unused: Reals[],
    private readonly plan: Plan,
    private readonly threads: Threads,
    private readonly blocks: Blocks,
  ) {}

  /** One to be written: its entries are whatever. */
  room(): Reals {
    const v = this.unused.pop();
    if (v === undefined) throw new BackendFailedError("The wasm backend has no room for another vector.");
    this.used.add(v);
    this.wrote(v);
    return v;
  }

  release(vectors: readonly Reals[]): void {
    for (const v of vectors) if (this.used.delete(v)) this.unused.push(v);
  }

  /** Takes back every vector that is not in `live`. */
  recycle(live: ReadonlySet<unknown>): void {
    for (const v of this.used) if (!live.has(v)) this.release([v]);
  }

  wrote(v: Reals): void {
    this.writes.set(v, (this.writes.get(v) ?? 0) + 1);
  }

  stamp(vector: Reals): Stamp {
    return { vector, writes: this.writes.get(vector) ?? 0 };
  }

  /** Whether v is that vector, not written since. */
  isStill(v: Reals, then: Stamp | null): boolean {
    return then?.vector === v && then.writes === this.writes.get(v);
  }

  /** Kernels know vectors by where they lie: another market's, or an array of one's own, would be anything. */
  check(...vectors: readonly Reals[]): void {
    const { buffer } = this.plan.arena.memory;
    for (const v of vectors) {
      if (v.buffer !== buffer) throw new TypeError("not a vector of this market: see create and adopt");
    }
  }

  /** ⟨u, v⟩ for each u and v in the inner product `metric`, v by v, in one pass; summed over blocks in their order. */
  dots(us: readonly Reals[], vs: readonly Reals[]): Float64Array {
    const atOnce = Math.max(1, Math.floor(MOST_TERMS / Math.max(1, us.length)));
    if (vs.length > atOnce) {
      const [now, later] = [this.dots(us, vs.slice(0, atOnce)), this.dots(us, vs.slice(atOnce))];
      return Float64Array.of(...now, ...later);
    }
    const { plan, blocks, threads } = this;
    const pairs = us.length * vs.length;
    const out = new Float64Array(pairs);
    if (pairs === 0) return out;
    const [first, second] = [this.list(us), this.list(vs, us.length)];
    const place = { perBlock: plan.dots.byteOffset, bytes: 8 * MOST_TERMS };
    const metric = plan.arrays.metric.byteOffset;
    const args = [metric, first, us.length, second, vs.length] as const;
    threads.run("dots", blocks.entries, ...args, "from", "to", place);
    for (let b = 0; b + 1 < blocks.entries.length; b++)
      for (let j = 0; j < pairs; j++) out[j] += plan.dots[b * MOST_TERMS + j];
    return out;
  }

  /** out = Σ c_j v_j, in one pass. */
  combine(sum: Sum<Reals>, out: Reals): void {
    this.check(out);
    const { blocks, threads } = this;
    const { coefficients, vectors, count } = this.terms(sum);
    threads.run("combine", blocks.entries, coefficients, vectors, count, out.byteOffset, "from", "to");
    this.wrote(out);
  }

  /** out = q + Σ c_j v_j, each entry clipped, − shift, in one pass; returns the largest change. */
  move(q: Reals, sum: Sum<Reals>, clip: number, shift: number, out: Reals): number {
    this.check(q, out);
    const { blocks, threads, plan } = this;
    const { coefficients, vectors, count } = this.terms(sum);
    const args = [q.byteOffset, coefficients, vectors, count, clip, shift, out.byteOffset] as const;
    const place = { perBlock: plan.partials.byteOffset, bytes: 8 };
    threads.run("move", blocks.entries, ...args, "from", "to", place);
    this.wrote(out);
    return highest(plan.partials.subarray(0, blocks.entries.length - 1));
  }

  /** v − by, in its place. */
  shift(v: Reals, by: number): void {
    this.check(v);
    this.threads.run("shift", this.blocks.entries, v.byteOffset, by, "from", "to");
    this.wrote(v);
  }

  /** Where the kernels find a sum. */
  private terms({ coefficients, vectors }: Sum<Reals>) {
    const listed = this.list(vectors);
    this.plan.coefficients.set(coefficients);
    return {
      coefficients: this.plan.coefficients.byteOffset,
      vectors: listed,
      count: vectors.length,
    };
  }

  /** Where the kernels find where the vectors lie. @param after so many others */
  private list(vectors: readonly Reals[], after = 0): number {
    if (vectors.length > MOST_TERMS) throw new RangeError(`at most ${MOST_TERMS} vectors in a sum`);
    this.check(...vectors);
    vectors.forEach((v, j) => {
      this.plan.offsets[after + j] = v.byteOffset;
    });
    return this.plan.offsets.byteOffset + 4 * after;
  }
}

export function highest(values: Float64Array): number {
  return values.reduce((most, x) => Math.max(most, x), 0);
}
