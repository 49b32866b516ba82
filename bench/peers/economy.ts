import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { uniformSource } from "../../src/core/rng.js";
import type { Economy } from "../../src/economy/economy.js";
import { type Members, type NpyArray, writeArchive } from "../../src/io/npz/archive.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { flatEconomy } from "./flat.js";
import { type PeerSize, SMALL, standardEconomy } from "./standard.js";

/** Different economies in the batch; it is made of copies of them. */
export const DISTINCT = 256;
export const BATCH = 4096;

/** Log prices at which everybody evaluates, within ±0.5; float32 holds them exactly. */
export function pointOf(length: number, seed = 7): Float64Array {
  const uniform = uniformSource(seed);
  return Float64Array.from({ length }, () => Math.fround(uniform() - 0.5));
}

/** The flat arrays, a point q, f there by the reference backend, and the default step λ. */
export function peerArrays(economy: Economy): Map<string, NpyArray> {
  const arrays = new Map(flatEconomy(economy));
  const market = new ReferenceMarket(economy);
  const q = pointOf(market.shape[0] * market.shape[1]);
  const f = market.create();
  market.residual(q, f);
  const { shape } = arrays.get("center") as NpyArray;
  arrays.set("q", { data: q, shape });
  arrays.set("f", { data: f, shape });
  arrays.set("step", { data: Float64Array.of(market.hints.step), shape: [1] });
  return arrays;
}

/** Writes the economy of that size as every peer reads it. */
export async function writePeerEconomy(path: string, size: PeerSize): Promise<void> {
  await write(path, peerArrays(standardEconomy(size)));
}

/** Writes small economies that differ in everything but their sizes, stacked along a first axis. */
export async function writeBatch(path: string, count = DISTINCT): Promise<void> {
  const each = Array.from({ length: count }, (_, k) => peerArrays(standardEconomy(SMALL, k + 1)));
  const stacked = new Map<string, NpyArray>();
  for (const [name, { data, shape }] of each[0]) {
    const kind = data instanceof Int32Array ? Int32Array : Float64Array;
    const all = new kind(count * data.length);
    each.forEach((arrays, k) => {
      const one = arrays.get(name) as NpyArray;
      if (one.data.length !== data.length) throw new Error(`${name} has different shapes in the batch`);
      all.set(one.data as ArrayLike<number> as Float64Array, k * data.length);
    });
    stacked.set(name, { data: all, shape: [count, ...shape] });
  }
  await write(path, stacked);
}

async function write(path: string, arrays: ReadonlyMap<string, NpyArray>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeArchive(path, arrays as Members);
}
