import type { Region } from "./arena.js";
import type { Source } from "./arrays.js";

/** Arrays lie apart, and large ones begin at different places of a page, as in an arena. */
const GAP = 16;
const LARGE = 65_536;

/** Part of a memory, handed out from the bottom up; without a memory it only counts the bytes. */
export class Part implements Source {
  /**
   * @param clean whether arrays are zeros, whatever was there
   * @param regions arrays that were handed out
   */
  constructor(
    private readonly buffer: ArrayBufferLike | null = null,
    private top = 0,
    private readonly end = Infinity,
    private readonly clean = true,
    readonly regions: Region[] = [],
  ) {}

  /** Where the next array will begin; of a count, the bytes. */
  get taken(): number {
    return this.top;
  }

  reals(length: number): Float64Array {
    return this.wides(length);
  }

  wides(length: number): Float64Array {
    const offset = this.take(8 * length);
    if (this.buffer === null) return new Float64Array(0);
    const array = new Float64Array(this.buffer, offset, length);
    return this.clean ? array.fill(0) : array;
  }

  ints(length: number): Int32Array {
    const offset = this.take(4 * length);
    return this.buffer === null ? new Int32Array(0) : new Int32Array(this.buffer, offset, length).fill(0);
  }

  bytes(length: number): Uint8Array {
    const offset = this.take(length);
    return this.buffer === null ? new Uint8Array(0) : new Uint8Array(this.buffer, offset, length).fill(0);
  }

  /** So many bytes more, as a part of their own, for what need not begin with zeros. */
  part(bytes: number): Part {
    const offset = this.skip(bytes);
    return new Part(this.buffer, offset, offset + bytes, false, this.regions);
  }

  private take(bytes: number): number {
    const offset = this.skip(bytes);
    if (this.buffer !== null) this.regions.push({ offset, length: bytes });
    return offset;
  }

  private skip(bytes: number): number {
    const offset = this.top;
    this.top += Math.ceil(bytes / 16) * 16 + (bytes >= LARGE ? 10 * GAP : GAP);
    if (this.top > this.end) throw new RangeError("the part of the memory is full");
    return offset;
  }
}
