import type { Precision } from "../../core/reals.js";
import { PLAIN, PLAIN_FLOAT32, RELAXED, RELAXED_FLOAT32 } from "./binaries.js";

/** What kernels.c exports, by name; all arguments and results are numbers. */
export type Kernels = Readonly<Record<string, (...args: number[]) => number>>;

/** Bytes at the bottom of a memory that belong to the kernels: tables, and a stack for each thread. */
export const STACK = 65_536;
export const DATA = 65_536;
export const MOST_THREADS = 16;
export const RESERVED = DATA + STACK * (MOST_THREADS + 1);

/** i8x16.relaxed_swizzle of nothing: a module that only engines with relaxed SIMD accept. */
const RELAXED_PROBE = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 0, 253, 15, 65, 0,
  253, 15, 253, 128, 2, 11,
]);

const BINARIES = {
  float64: { plain: PLAIN, relaxed: RELAXED },
  float32: { plain: PLAIN_FLOAT32, relaxed: RELAXED_FLOAT32 },
};

const compiled = new Map<string, WebAssembly.Module>();

/** Whether multiplications may be fused with additions here. */
export function hasRelaxed(): boolean {
  return WebAssembly.validate(RELAXED_PROBE);
}

export interface Build {
  readonly relaxed: boolean;
  readonly precision: Precision;
}

/** The module, compiled once; `shared` where its memory is shared between threads. */
export function moduleFor({ relaxed, precision }: Build, shared: boolean): WebAssembly.Module {
  const key = `${relaxed} ${precision} ${shared}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const bytes = decode(BINARIES[precision][relaxed ? "relaxed" : "plain"]);
  const made = new WebAssembly.Module(shared ? bytes : withOwnMemory(bytes));
  compiled.set(key, made);
  return made;
}

function decode(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

/** The import of a shared memory as that of an ordinary one: the kernels use no atomic instructions, so the flag is all the difference. */
function withOwnMemory(bytes: Uint8Array): Uint8Array {
  const name = [...new TextEncoder().encode("memory"), 2, 3];
  const at = bytes.findIndex((_, i) => name.every((byte, k) => bytes[i + k] === byte));
  if (at < 0) throw new Error("the kernels import no shared memory");
  const copy = bytes.slice();
  copy[at + name.length - 1] = 1;
  return copy;
}

/** Kernels on a memory, with a stack of their own. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory, thread: number): Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  (exports.__stack_pointer as WebAssembly.Global).value = DATA + STACK * (thread + 1);
  return exports as unknown as Kernels;
}
