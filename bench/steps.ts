import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Benchmark from "benchmark";
import { jsonPieces } from "../src/io/json-pieces.js";
import type { Market } from "../src/market/market.js";
import { markdownTable } from "./markdown.js";
import { type Spin, spinTest } from "./peers/spin.js";
import { provenance, provenanceLine } from "./provenance.js";
import { type Action, actionsOf, type Size, type Way } from "./step-actions.js";

/** Where: the definition, and the backend that is to be fast. */
const WAYS: readonly Way[] = [
  { backend: "reference", threads: 1 },
  { backend: "wasm", threads: 1 },
  { backend: "wasm", threads: 2 },
];

/** About 10³, 10⁴, 10⁵ and 10⁶ prices. */
const SIZES: readonly Size[] = [
  { layers: 4, width: 2, nodes: 64 },
  { layers: 5, width: 4, nodes: 256 },
  { layers: 5, width: 20, nodes: 512 },
  { layers: 5, width: 50, nodes: 2048 },
];

/** Runs before any is timed, in which V8 compiles what is hot. */
const WARM_UP = 5;

/** One timed thing at one size. */
interface Timing {
  readonly step: string;
  readonly backend: string;
  readonly threads: number;
  readonly prices: number;
  readonly nanoseconds_per_price: number;
  /** Of the fastest sample: what other work on the machine cannot lengthen. */
  readonly least: number;
  /** Relative margin of error of the mean, in percent, and samples. */
  readonly margin: number;
  readonly samples: number;
  /** Residuals and Jacobian-vector products of one. */
  readonly evaluations: number;
}

/** benchmark.js takes the mean of as many runs as fit into its time; every step is awaited. */
function time(name: string, action: Action, way: Way, market: Market): Promise<Timing> {
  const prices = market.hints.size;
  const [seconds, fewest] = prices > 200_000 ? [5, 4] : [2, 12];
  let runs = 0;
  const before = market.evaluations;
  return new Promise((resolve, reject) => {
    new Benchmark(
      name,
      (deferred: { resolve(): void }) => {
        runs++;
        Promise.resolve(action()).then(() => deferred.resolve(), reject);
      },
      { defer: true, maxTime: seconds, minSamples: fewest },
    )
      .on("complete", ({ target: { stats, error } }: { target: Benchmark }) => {
        if (error !== undefined) return reject(error);
        resolve({
          step: name,
          ...way,
          prices,
          nanoseconds_per_price: (1e9 * (stats?.mean ?? Number.NaN)) / prices,
          least: (1e9 * Math.min(...(stats?.sample ?? []))) / prices,
          margin: stats?.rme ?? Number.NaN,
          samples: stats?.sample.length ?? 0,
          evaluations: (market.evaluations - before) / runs,
        });
      })
      .run({ async: true });
  });
}

/** `npm run bench`: times the parts that solvers are made of, and writes bench/results/steps.{json,md}. */
async function main(): Promise<void> {
  const timings: Timing[] = [];
  const before = await spinTest();
  for (const size of SIZES) for (const way of WAYS) timings.push(...(await timed(size, way)));
  const after = await spinTest();
  await write(timings, [before, after]);
}

/** All steps at one size, one way. */
async function timed(size: Size, way: Way): Promise<Timing[]> {
  const { market, actions } = await actionsOf(size, way);
  const timings: Timing[] = [];
  for (const [name, action] of actions) {
    for (let k = 0; k < WARM_UP; k++) await action();
    timings.push(await time(name, action, way, market));
    console.log(described(timings[timings.length - 1]));
  }
  market.dispose();
  return timings;
}

function described({
  step,
  backend,
  threads,
  prices,
  nanoseconds_per_price,
  least,
  margin,
  evaluations,
}: Timing): string {
  const cost = `${nanoseconds_per_price.toFixed(1)} ns per price ±${margin.toFixed(0)} %, at least ${least.toFixed(1)}`;
  return `${String(prices).padStart(8)} prices  ${backend.padEnd(9)} ${threads}  ${step.padEnd(18)}  ${cost}, ${evaluations.toFixed(1)} evaluations`;
}

async function write(timings: readonly Timing[], spins: readonly Spin[]): Promise<void> {
  const folder = join("bench", "results");
  const from = provenance("npm run bench");
  const rows = timings.map(
    ({ step, backend, threads, prices, nanoseconds_per_price, least, margin, samples, evaluations }) => [
      step,
      backend,
      String(threads),
      String(prices),
      least.toFixed(1),
      nanoseconds_per_price.toFixed(1),
      `${margin.toFixed(0)} %`,
      String(samples),
      evaluations.toFixed(1),
    ],
  );
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
  ];
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "steps.json"), `${[...jsonPieces({ ...from, spins, timings })].join("")}\n`);
  await writeFile(
    join(folder, "steps.md"),
    `# What steps cost\n\n${provenanceLine(from)} float64. Two threads did ${spins.map(({ speedup }) => speedup.toFixed(2)).join(" and ")} times the work of one before and after (2 with both cores free). Other work on the machine lengthens the mean, less so the fastest sample.\n\n${markdownTable(head, rows)}\n`,
  );
  console.log(`Written: ${join(folder, "steps.json")}, ${join(folder, "steps.md")}`);
}

await main();
