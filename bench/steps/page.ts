import { markdownTable } from "../markdown.js";
import type { NativeFound } from "../native/measure.js";
import type { Spin } from "../peers/spin.js";
import { type Provenance, provenanceLine } from "../provenance.js";
import { type Bandwidth, bandwidthOf, fractionOf } from "./bandwidth.js";
import type { Found, Missing, Solve, Timing } from "./found.js";
import { REFERENCE_UP_TO } from "./sizes.js";

/** Everything that one run measured. */
export interface Measurements extends Found {
  readonly from: Provenance;
  /** Before and after. */
  readonly spins: readonly Spin[];
  readonly bandwidths: readonly Bandwidth[];
  /** What compiled the native kernels; null where there is no compiler. */
  readonly compiler: string | null;
}

export function stepsPage(measured: Measurements): string {
  const { from, spins, bandwidths, timings, solves, native, missing, compiler } = measured;
  return [
    "# What steps cost",
    `${provenanceLine(from)} float64. Two threads did ${spins.map(({ speedup }) => speedup.toFixed(2)).join(" and ")} times the work of one before and after (2 with both cores free). Other work on the machine lengthens the mean, less so the fastest sample.`,
    `The economy is that of bench/peers: ellipsoids with eight metrics each on a DAG of six levels, four edges out of each agent; it lies in memory. Steps of Anderson's method are made from a state with a full history. The reference backend is timed up to ${REFERENCE_UP_TO} prices.`,
    bandwidthSection(bandwidths),
    "## Steps",
    stepTable(timings, bandwidths),
    "## Solves to clearing 1e-8",
    solveTable(solves, bandwidths),
    nativeSection(native, compiler),
    ...(missing.length === 0 ? [] : [missingSection(missing)]),
  ].join("\n\n");
}

function bandwidthSection(bandwidths: readonly Bandwidth[]): string {
  const rows = bandwidths.map(({ threads, means, copy, triad }) => [
    String(threads),
    means,
    (copy / 1e9).toFixed(1),
    (triad / 1e9).toFixed(1),
  ]);
  const note =
    "c = a and c = a + 3 b over three arrays of 256 MiB, by WebAssembly SIMD or plain typed arrays, whichever was faster. Bytes are counted here as everywhere below: a line that is written is fetched first. Bytes of steps are what their kernels must move where nothing stays in a cache from one kernel to the next (bench/steps/bytes.ts has the table), so small economies, which do stay there, can be above 100 %.";
  return `## Memory bandwidth\n\n${note}\n\n${markdownTable([">threads", "by", ">copy, GB/s", ">triad, GB/s"], rows)}`;
}

/** Bytes, and the part of the bandwidth on as many threads at which they were moved. */
function bytesCells(
  bytes: number | null,
  nanoseconds: number,
  threads: number,
  bandwidths: readonly Bandwidth[],
): [bytes: string, fraction: string] {
  const bandwidth = bandwidths.find((one) => one.threads === threads);
  if (bytes === null) return ["", ""];
  if (bandwidth === undefined) return [bytes.toFixed(0), ""];
  const fraction = fractionOf(bytes, nanoseconds, bandwidthOf(bandwidth));
  return [bytes.toFixed(0), `${(100 * fraction).toFixed(0)} %`];
}

const BYTES_HEAD = [">bytes per price", ">of the bandwidth"];

function stepTable(timings: readonly Timing[], bandwidths: readonly Bandwidth[]): string {
  const head = [
    "step",
    "backend",
    ">threads",
    ">prices",
    ">ns per price, fastest sample",
    ">mean",
    ">± (95 %)",
    ">samples",
    ">evaluations",
    ...BYTES_HEAD,
  ];
  const rows = timings.map((timing) => [
    timing.step,
    timing.backend,
    String(timing.threads),
    String(timing.prices),
    timing.least.toFixed(1),
    timing.nanoseconds_per_price.toFixed(1),
    `${timing.margin.toFixed(0)} %`,
    String(timing.samples),
    timing.evaluations.toFixed(0),
    ...bytesCells(timing.bytes_per_price, timing.least, timing.threads, bandwidths),
  ]);
  return markdownTable(head, rows);
}

/** Nanoseconds a price. */
export function perPrice({ seconds, prices }: Pick<Solve, "seconds" | "prices">): number {
  return (1e9 * seconds) / prices;
}

function solveTable(solves: readonly Solve[], bandwidths: readonly Bandwidth[]): string {
  const head = [
    "backend",
    ">threads",
    ">prices",
    "outcome",
    ">clearing",
    ">steps",
    ">evaluations",
    ">s, with certificate",
    ">s in steps",
    ">ns per price",
    ">runs",
    ...BYTES_HEAD,
  ];
  const rows = solves.map((one) => [
    one.backend,
    String(one.threads),
    String(one.prices),
    one.status,
    one.clearing.toExponential(0),
    String(one.steps),
    String(one.evaluations),
    one.seconds.toFixed(2),
    one.stepping.toFixed(2),
    perPrice(one).toFixed(0),
    String(one.runs),
    ...bytesCells(one.bytes_per_price, perPrice(one), one.threads, bandwidths),
  ]);
  return markdownTable(head, rows);
}

function nativeSection(native: readonly NativeFound[], compiler: string | null): string {
  const title = "## The same kernels natively";
  if (compiler === null)
    return `${title}\n\nNot measured: this machine has no C compiler (cc, clang or gcc).`;
  const note = `One evaluation of f on one thread: by the wasm backend, by its kernel calls alone, and by the same calls on the same memory with the kernels compiled by ${compiler} with -O3 -march=native (its vectors have two lanes, as WebAssembly's). Fastest runs.`;
  const head = [
    ">prices",
    ">wasm, ns per price",
    ">its kernels",
    ">native kernels",
    ">wasm / native",
    ">kernels / native",
    ">max difference of f",
  ];
  const rows = native.map(({ prices, evaluation, kernels, native: own, same, apart }) => [
    String(prices),
    ...[evaluation, kernels, own].map((seconds) => ((1e9 * seconds) / prices).toFixed(1)),
    (evaluation / own).toFixed(2),
    (kernels / own).toFixed(2),
    same ? "none" : apart.toExponential(0),
  ]);
  return `${title}\n\n${note}\n\n${markdownTable(head, rows)}`;
}

function missingSection(missing: readonly Missing[]): string {
  const lines = missing.map(
    ({ what, prices, backend, threads, why }) =>
      `- ${what} at ${prices} prices, ${backend} on ${threads === 1 ? "one thread" : `${threads} threads`}: ${why}`,
  );
  return `## Not measured\n\n${lines.join("\n")}`;
}
