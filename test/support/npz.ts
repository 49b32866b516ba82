import { InputError, type Problem } from "../../src/core/errors.js";
import type { Economy } from "../../src/economy/economy.js";
import { archiveBytes, type NpyArray } from "../../src/io/npz/archive.js";
import { parseArchive } from "../../src/io/read-economy.js";

export type Arrays = Record<string, NpyArray>;

/** A float64 array. */
export function floats(shape: readonly number[], value: (k: number) => number): NpyArray {
  const size = shape.reduce((product, length) => product * length, 1);
  return { data: Float64Array.from({ length: size }, (_, k) => value(k)), shape };
}

/** An int32 list. */
export function ints(...values: number[]): NpyArray {
  return { data: Int32Array.from(values), shape: [values.length] };
}

/** An NPZ economy as bytes. */
export function npz(economy: unknown, arrays: Arrays): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(economy));
  return archiveBytes(
    new Map<string, Uint8Array | NpyArray>([["economy.json", json], ...Object.entries(arrays)]),
  );
}

export function npzEconomy(economy: unknown, arrays: Arrays): Economy {
  return parseArchive(npz(economy, arrays), { subject: "test.npz" });
}

/** The problems of what is refused; none where it is not. */
export function problemsOf(make: () => unknown): readonly Problem[] {
  try {
    make();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

/** `{ "array": name }`, with `at` where given. */
export function ref(array: string, ...at: number[]): { array: string; at?: number[] } {
  return at.length === 0 ? { array } : { array, at };
}
