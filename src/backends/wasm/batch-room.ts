import { Arena } from "./arena.js";
import { hasRelaxed, MOST_THREADS, RESERVED } from "./kernels.js";
import type { WasmOptions } from "./market.js";
import { Part } from "./part.js";
import { canShare, Threads } from "./threads.js";

export type RoomOptions = Omit<WasmOptions, "precision">;

/** A memory, and threads that share it, which one batch after the other may use. */
export class BatchRoom {
  readonly threads: Threads;
  private readonly arena: Arena;

  /**
   * @param bytes that a batch may take
   * @param economies most of a batch
   * @throws BackendUnavailableError where there is no such memory
   */
  constructor(
    readonly bytes: number,
    readonly economies: number,
    { threads = 1, deterministic = false, patience }: RoomOptions,
  ) {
    const wanted = Math.min(MOST_THREADS, threads);
    const shared = wanted > 1 && canShare();
    this.arena = new Arena(RESERVED, bytes, shared);
    this.threads = new Threads(this.arena.memory, {
      wanted: shared ? wanted : 1,
      build: { relaxed: !deterministic && hasRelaxed(), precision: "float64" },
      mostBlocks: economies,
      patience,
    });
  }

  get memory(): WebAssembly.Memory {
    return this.arena.memory;
  }

  /** All of it, for another batch: the last one is gone. */
  clear(): Part {
    return new Part(this.memory.buffer, RESERVED, RESERVED + this.bytes);
  }

  dispose(): void {
    this.threads.dispose();
    this.arena.dispose();
  }
}
