import type { Region } from "../../../src/backends/wasm/arena.js";
import { type Kernels, RESERVED } from "../../../src/backends/wasm/kernels.js";
import type { WasmMarket } from "../../../src/backends/wasm/market.js";
import type { Plan } from "../../../src/backends/wasm/plan.js";
import type { Prototype } from "./compiler.js";

/** Changes are noted in pieces of so many bytes at most. */
const PIECE = 4096;
const [MARKET, CALL] = ["M", "C"].map((letter) => letter.charCodeAt(0));

/**
 * Everything that a market's kernels do, as driver.c reads it: the size of the memory (all zeros) and the arrays in it; then of each call
 * which kernel, its arguments and result, what had changed since the last call (JavaScript's work) and what the kernel changed.
 */
export class Recorder {
  readonly called = new Set<string>();
  readonly regions: readonly Region[];
  calls = 0;
  private readonly pieces: Buffer[] = [];
  private readonly memory: Buffer;
  private readonly names: ReadonlyMap<number, string>;
  /** The memory as the record has it so far. */
  private readonly known: Buffer;

  constructor({ memory, regions, names, threads }: Recorded, kernels: readonly Prototype[]) {
    this.memory = Buffer.from(memory.buffer);
    this.known = Buffer.alloc(this.memory.length);
    this.regions = regions;
    this.names = names;
    const original = threads.kernels;
    const recorded = Object.fromEntries(
      kernels.map(({ name, result }, index) => [
        name,
        (...args: number[]) => this.record(index, name, original[name], args, result !== "void"),
      ]),
    );
    (threads as { kernels: Kernels }).kernels = { ...original, ...recorded };
  }

  private record(
    index: number,
    name: string,
    kernel: (...args: number[]) => number,
    args: number[],
    returns: boolean,
  ): number {
    this.calls++;
    this.called.add(name);
    const before = this.changes();
    const result = kernel(...args);
    const after = this.changes();
    const numbers = Buffer.from(Float64Array.from([...args, returns ? result : 0]).buffer);
    this.pieces.push(Buffer.of(CALL), words(index, args.length), numbers, ...before, ...after);
    return result;
  }

  /** What differs from the record, which is brought up to date. */
  private changes(): Buffer[] {
    const found: Buffer[] = [];
    for (const { offset, length } of this.regions) {
      const end = offset + length;
      if (this.same(offset, end)) continue;
      for (let at = offset; at < end; at += PIECE) {
        const to = Math.min(end, at + PIECE);
        if (this.same(at, to)) continue;
        this.memory.copy(this.known, at, at, to);
        found.push(words(at, to - at), Buffer.from(this.memory.subarray(at, to)));
      }
    }
    return [words(found.length / 2), ...found];
  }

  private same(from: number, to: number): boolean {
    return this.memory.compare(this.known, from, to, from, to) === 0;
  }

  /** The record; other `regions` than the market's only to see that the driver notices. */
  file(regions = this.regions): Buffer {
    const places = regions.flatMap(({ offset, length }) => [offset, length]);
    const head = words(this.memory.length, regions.length, ...places);
    return Buffer.concat([Buffer.of(MARKET), head, ...this.pieces]);
  }

  /** What the driver says, with names of arrays instead of their numbers. */
  named(complaint: string | null): string | null {
    const nameOf = (text: string, r: string) => this.names.get(this.regions[Number(r)].offset) ?? text;
    return complaint?.replace(/\barray (\d+)/, nameOf) ?? null;
  }

  /** Whether nothing was ever written between the arrays. */
  get gapsAreClean(): boolean {
    let from = RESERVED;
    for (const { offset, length } of [...this.regions, { offset: this.memory.length, length: 0 }]) {
      if (!this.same(from, offset)) return false;
      from = offset + length;
    }
    return true;
  }
}

/** Kernels and what they work on. */
export interface Recorded {
  readonly memory: WebAssembly.Memory;
  readonly regions: readonly Region[];
  /** Of arrays, by their offsets. */
  readonly names: ReadonlyMap<number, string>;
  readonly threads: WasmMarket["threads"];
}

export function recordedOf(market: WasmMarket): Recorded {
  const { plan, threads } = inside(market);
  const named = Object.entries({ ...plan, ...plan.arrays }).filter(([, array]) => ArrayBuffer.isView(array));
  const names = new Map(named.map(([name, array]) => [(array as Float64Array).byteOffset, name]));
  return { memory: plan.arena.memory, regions: plan.arena.regions, names, threads };
}

/** The parts of a market that a test looks into. */
export function inside(market: WasmMarket): { readonly plan: Plan; readonly threads: WasmMarket["threads"] } {
  const { plan } = market as unknown as { readonly plan: Plan };
  return { plan, threads: market.threads };
}

/** Little endian, as x86 and ARM have it. */
function words(...values: number[]): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer);
}
