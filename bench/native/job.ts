import { closeSync, openSync, writeSync } from "node:fs";
import type { Kernels } from "../../src/backends/wasm/kernels.js";
import type { WasmMarket } from "../../src/backends/wasm/market.js";
import type { Prototype } from "./compiler.js";
import { planOf, withKernels } from "./inside.js";

/** A call of a kernel, as it was made. */
export interface KernelCall {
  readonly name: string;
  readonly args: readonly number[];
}

const PAGE = 65_536;
/** The memory is written in pieces of so many bytes, those left out that are zeros. */
const PIECE = 2 ** 20;

/**
 * The kernel calls of an evaluation at q into f. What JavaScript writes between them, sums of agents and budgets, lies in the
 * memory from the evaluation before, which was at q too: so the calls alone do it again.
 */
export function recordEvaluation(market: WasmMarket, q: Float64Array, f: Float64Array): KernelCall[] {
  market.residual(q, f);
  const calls: KernelCall[] = [];
  const { kernels } = market.threads;
  const recorded: [string, Kernels[string]][] = Object.entries(kernels)
    .filter(([, kernel]) => typeof kernel === "function")
    .map(([name, kernel]) => [
      name,
      (...args) => {
        calls.push({ name, args });
        return kernel(...args);
      },
    ]);
  const restore = withKernels(market, Object.fromEntries(recorded));
  market.residual(q, f);
  restore();
  return calls;
}

/** Arrays that a lean evaluation makes anew, as offsets and lengths in bytes. */
function made(market: WasmMarket, f: Float64Array): [number, number][] {
  const { arrays, graph } = planOf(market);
  const nests = graph.nestEdges * market.shape[1];
  const remade = [arrays.price, arrays.share.subarray(0, nests), f];
  return remade.map(({ byteOffset, byteLength }) => [byteOffset, byteLength]);
}

/** Writes what replay.c reads: memory, where f is, what to make NaN first, calls. */
export function writeJob(
  path: string,
  market: WasmMarket,
  f: Float64Array,
  calls: readonly KernelCall[],
  kernels: readonly Prototype[],
): void {
  const file = openSync(path, "w");
  const put = (...words: number[]) => writeSync(file, new Uint8Array(Uint32Array.from(words).buffer));
  writeMemory(file, Buffer.from(planOf(market).arena.memory.buffer), put);
  put(f.byteOffset, f.length);
  const remade = made(market, f);
  put(remade.length, ...remade.flat());
  const places = new Map(kernels.map(({ name }, k) => [name, k]));
  put(calls.length);
  for (const { name, args } of calls) {
    put(places.get(name) as number, args.length);
    writeSync(file, new Uint8Array(Float64Array.from(args).buffer));
  }
  closeSync(file);
}

function writeMemory(file: number, memory: Buffer, put: (...words: number[]) => void): void {
  const zeros = Buffer.alloc(PIECE);
  const pieces: Buffer[] = [];
  for (let at = 0; at < memory.length; at += PIECE) {
    const piece = memory.subarray(at, at + PIECE);
    if (piece.compare(zeros, 0, piece.length) !== 0) pieces.push(piece);
  }
  put(memory.length / PAGE, pieces.length);
  for (const piece of pieces) {
    put(piece.byteOffset, piece.length);
    writeSync(file, piece);
  }
}
