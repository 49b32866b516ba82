import { BackendFailedError } from "../../core/errors.js";
import { MOST_TERMS } from "./arrays.js";
import type { Blocks } from "./blocks.js";
import type { Plan } from "./plan.js";
import type { Threads } from "./threads.js";

/** A vector as it was at some moment. */
export interface Stamp {
  readonly vector: Float64Array;
  readonly writes: number;
}

/** The vectors of a market: views of the kernels' memory, handed out and taken back, and their sums and products. */
export class Vectors {
  private readonly used = new Set<Float64Array>();
  /** How often each was written. */
  private readonly writes = new Map<Float64Array, number>();

  constructor(
    private readonly unused: Float64Array[],
    private readonly plan: Plan,
    private readonly threads: Threads,
    private readonly blocks: Blocks,
  ) {}

  /** One to be written: its entries are whatever. */
  room(): Float64Array {
    const v = this.unused.pop();
    if (v === undefined) throw new BackendFailedError("The wasm backend has no room for another vector.");
    this.used.add(v);
    this.wrote(v);
    return v;
  }

  release(vectors: readonly Float64Array[]): void {
    for (const v of vectors) if (this.used.delete(v)) this.unused.push(v);
  }

  /** Takes back every vector that is not in `live`. */
  recycle(live: ReadonlySet<unknown>): void {
    for (const v of this.used) if (!live.has(v)) this.release([v]);
  }

  wrote(v: Float64Array): void {
    this.writes.set(v, (this.writes.get(v) ?? 0) + 1);
  }

  stamp(vector: Float64Array): Stamp {
    return { vector, writes: this.writes.get(vector) ?? 0 };
  }

  /** Whether v is that vector, not written since. */
  isStill(v: Float64Array, then: Stamp | null): boolean {
    return then?.vector === v && then.writes === this.writes.get(v);
  }

  /** Kernels know vectors by where they lie: another market's, or an array of one's own, would be anything. */
  check(...vectors: readonly Float64Array[]): void {
    const { buffer } = this.plan.arena.memory;
    for (const v of vectors) {
      if (v.buffer !== buffer) throw new TypeError("not a vector of this market: see create and adopt");
    }
  }

  /** ⟨u, v⟩ for each u in the inner product `metric`, in one pass; summed over blocks in their order. */
  dots(vectors: readonly Float64Array[], v: Float64Array): Float64Array {
    this.check(v);
    const { plan, blocks, threads } = this;
    const count = vectors.length;
    const out = new Float64Array(count);
    if (count === 0) return out;
    const listed = this.list(vectors);
    const metric = plan.arrays.metric.byteOffset;
    const place = { perBlock: plan.dots.byteOffset, bytes: 8 * MOST_TERMS };
    threads.run("dots", blocks.entries, metric, listed, count, v.byteOffset, "from", "to", place);
    for (let b = 0; b + 1 < blocks.entries.length; b++)
      for (let j = 0; j < count; j++) out[j] += plan.dots[b * MOST_TERMS + j];
    return out;
  }

  /** out = Σ c_j v_j, in one pass. */
  combine(coefficients: ArrayLike<number>, vectors: readonly Float64Array[], out: Float64Array): void {
    this.check(out);
    const { plan, blocks, threads } = this;
    const listed = this.list(vectors);
    plan.coefficients.set(coefficients);
    const factors = plan.coefficients.byteOffset;
    const count = vectors.length;
    threads.run("combine", blocks.entries, factors, listed, count, out.byteOffset, "from", "to");
    this.wrote(out);
  }

  /** Where the kernels find where the vectors lie. */
  private list(vectors: readonly Float64Array[]): number {
    if (vectors.length > MOST_TERMS) throw new RangeError(`at most ${MOST_TERMS} vectors in a sum`);
    this.check(...vectors);
    vectors.forEach((v, j) => {
      this.plan.offsets[j] = v.byteOffset;
    });
    return this.plan.offsets.byteOffset;
  }
}
