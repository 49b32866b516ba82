import { BackendUnavailableError } from "../../core/errors.js";
import type { Precision, Reals } from "../../core/reals.js";
import { DATA } from "./kernels.js";

const PAGE = 65_536;
/** 32-bit addresses. */
export const LARGEST_MEMORY = 2 ** 32;

/** Bytes at least between arrays: an access beyond the end of one hits none (test/backends/native looks for such). */
export const GAP = 16;

/** Part of a memory, in bytes. */
export interface Region {
  readonly offset: number;
  readonly length: number;
}

/**
 * One WebAssembly memory, made once and never grown, handed out from the bottom up. Arrays are views of it: what a kernel writes is
 * what JavaScript reads.
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  /** All that was handed out, from the bottom up. */
  readonly regions: Region[] = [];
  private top: number;
  private readonly end: number;

  /**
   * @param from first free byte: below lie the kernels' own data
   * @param bytes beyond `from`
   * @param shared between threads
   */
  constructor(
    from: number,
    bytes: number,
    shared: boolean,
    private readonly precision: Precision = "float64",
  ) {
    const pages = Math.ceil((from + bytes) / PAGE);
    if (pages * PAGE > LARGEST_MEMORY) throw tooLarge(bytes);
    this.memory = (shared ? null : usedMemory(pages, from)) ?? newMemory(pages, shared);
    this.top = from;
    this.end = pages * PAGE;
  }

  /** Numbers of vectors. */
  reals(length: number): Reals {
    const { buffer } = this.memory;
    return this.precision === "float64"
      ? new Float64Array(buffer, this.take(8 * length), length)
      : new Float32Array(buffer, this.take(4 * length), length);
  }

  /** Sums and single numbers. */
  wides(length: number): Float64Array {
    return new Float64Array(this.memory.buffer, this.take(8 * length), length);
  }

  ints(length: number): Int32Array {
    return new Int32Array(this.memory.buffer, this.take(4 * length), length);
  }

  bytes(length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, this.take(length), length);
  }

  /** No view of it is used any more: the memory may serve another economy. */
  dispose(): void {
    const { buffer } = this.memory;
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength > REUSED || used.length >= KEPT) return;
    used.push(this.memory);
  }

  /** Arrays begin at different places of a page, or those that a kernel reads together would evict one another. */
  private take(bytes: number): number {
    const offset = this.top;
    const next = offset + Math.ceil(bytes / 16) * 16 + GAP;
    this.top = bytes >= PAGE ? next + 16 * 9 : next;
    if (this.top > this.end) throw tooLarge(bytes);
    this.regions.push({ offset, length: bytes });
    return offset;
  }
}

/**
 * Small memories that were given back. Every memory takes gigabytes of addresses until it is collected, and thousands of small
 * economies may be solved before that happens.
 */
const used: WebAssembly.Memory[] = [];
const KEPT = 8;
const REUSED = 2 ** 26;

/** One of them that is large enough, but not by far, with zeros from `from` on. */
function usedMemory(pages: number, from: number): WebAssembly.Memory | null {
  const size = ({ buffer }: WebAssembly.Memory) => buffer.byteLength / PAGE;
  const at = used.findIndex((memory) => size(memory) >= pages && size(memory) <= 4 * pages);
  if (at < 0) return null;
  const [memory] = used.splice(at, 1);
  // Their data too, or a module would take those that another one left there for its own.
  new Uint8Array(memory.buffer, 0, DATA).fill(0);
  new Uint8Array(memory.buffer, from).fill(0);
  return memory;
}

function newMemory(pages: number, shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: LARGEST_MEMORY / PAGE, shared });
  } catch (error) {
    throw new BackendUnavailableError(
      `The wasm backend needs ${Math.ceil((pages * PAGE) / 2 ** 20)} MiB, which could not be had (${(error as Error).message}); use --backend reference.`,
    );
  }
}

function tooLarge(bytes: number): BackendUnavailableError {
  return new BackendUnavailableError(
    `The economy needs more than the 4 GiB of a WebAssembly memory (${Math.ceil(bytes / 2 ** 20)} MiB more); use --backend reference or fewer --nodes.`,
  );
}
