import { type PeerSize, pricesOf, STANDARD } from "../peers/standard.js";

/** What is timed: agents and nodes grow together. A = 2000, N = 256 are the 4.1 million prices of bench/peers. */
export const SIZES: readonly PeerSize[] = [
  [40, 32],
  [200, 64],
  [1000, 128],
  [2000, 256],
  [2500, 512],
  [6250, 1000],
  [10_000, 1250],
].map(([agents, nodes]) => ({ ...STANDARD, agents, nodes }));

/** Prices beyond which nothing is timed unless it is asked for. */
export const DEFAULT_UP_TO = 5e6;
/** Prices of the largest whole solve. */
export const MOST_SOLVED = 5e7;

/** Where steps are made. */
export interface Way {
  readonly backend: string;
  readonly threads: number;
}

/** The definition, and the backend that is to be fast. */
export const WAYS: readonly Way[] = [
  { backend: "reference", threads: 1 },
  { backend: "wasm", threads: 1 },
  { backend: "wasm", threads: 2 },
];

/** Prices beyond which the definition is too slow to wait for, in round numbers. */
export const REFERENCE_UP_TO = 1e6;

/** Sizes up to so many prices, "about 10⁶" being 1 024 000. */
export function sizesUpTo(prices: number): PeerSize[] {
  return SIZES.filter((size) => pricesOf(size) <= 1.05 * prices);
}

/** Whether a way is timed at that size at all. */
export function isTimed({ backend }: Way, prices: number): boolean {
  return backend !== "reference" || prices <= 1.05 * REFERENCE_UP_TO;
}

/** A number of prices as people write it: 50000, 4.1e6, 1e8. */
export function parsePrices(text: string): number {
  const prices = /^\d+(\.\d+)?(e\d+)?$/iu.test(text) ? Number(text) : Number.NaN;
  if (!(prices >= pricesOf(SIZES[0]))) {
    throw new Error(`--up-to: "${text}" is no number of prices from ${pricesOf(SIZES[0])} on, such as 1e8`);
  }
  return prices;
}

/** Bytes that a process has before there is an economy. */
const EMPTY = 3e8;
/** Bytes a price at most: building an economy (its arrays, their archive), and a market with all of its vectors. */
const BUILDING = 90;
const OPEN = 450;
/** … and of a whole solve: the markets of coarser grids, plans and their certificate. */
const SOLVING = 250;
/** A WebAssembly memory is no larger: beyond it the backend takes fewer vectors, or refuses. */
const WASM_MOST = 2 ** 32;

/** Bytes that a process may need to measure an economy of so many prices. */
export function bytesNeeded(prices: number, backend: string, solves: boolean): number {
  const market = backend === "wasm" ? Math.min(OPEN * prices, WASM_MOST) : OPEN * prices;
  return EMPTY + BUILDING * prices + market + (solves ? SOLVING * prices : 0);
}

/** Why a size cannot be held in so many free bytes; null where it can. */
export function tooLarge(prices: number, backend: string, solves: boolean, free: number): string | null {
  const needed = bytesNeeded(prices, backend, solves);
  if (needed <= free) return null;
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return `needs about ${gigabytes(needed)} of memory, of which ${gigabytes(free)} are free`;
}
