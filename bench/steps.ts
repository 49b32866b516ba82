import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonPieces } from "../src/io/json-pieces.js";
import { findCompiler, versionOf } from "./native/compiler.js";
import { spinTest } from "./peers/spin.js";
import { type PeerSize, pricesOf } from "./peers/standard.js";
import { provenance } from "./provenance.js";
import { Asker } from "./steps/ask.js";
import { measureBandwidth } from "./steps/bandwidth.js";
import { stepsFigure } from "./steps/figure.js";
import { type Found, together } from "./steps/found.js";
import { measure, type Task } from "./steps/measure.js";
import { optionsOf, USAGE } from "./steps/options.js";
import { type Measurements, perPrice, stepsPage } from "./steps/page.js";
import { isTimed, MOST_SOLVED, sizesUpTo, WAYS } from "./steps/sizes.js";

/** `npm run bench`: times the parts that solvers are made of, and solves; writes bench/results/steps.{json,md,svg}. */
async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === "task") return printAndExit(await measure(JSON.parse(argv[1]) as Task));
  const options = optionsOf(argv);
  if (options === null) return console.log(USAGE);
  const compiler = findCompiler();
  const before = await spinTest();
  const bandwidths = await measureBandwidth();
  for (const { threads, means, copy, triad } of bandwidths) {
    console.log(`${threads} thread(s): copy ${gigabytes(copy)}, triad ${gigabytes(triad)} by ${means}`);
  }
  const asker = new Asker();
  const found: Found[] = [];
  for (const task of tasksFor(sizesUpTo(options.upTo), compiler)) {
    found.push(await asker.ask(task));
    for (const line of described(found[found.length - 1])) console.log(line);
  }
  const measured = {
    from: provenance(["npm run bench", ...(argv.length > 0 ? ["--", ...argv] : [])].join(" ")),
    spins: [before, await spinTest()],
    bandwidths,
    compiler: compiler && versionOf(compiler),
    ...together(found),
  };
  if (options.dry) console.log(`\n${stepsPage(measured)}`);
  else await write(measured);
}

/** Steps at every size, then solves, then native kernels: a table's rows come in this order. */
function tasksFor(sizes: readonly PeerSize[], compiler: string | null): Task[] {
  const each = sizes.flatMap((size) =>
    WAYS.filter((way) => isTimed(way, pricesOf(size))).map((way) => ({ size, way })),
  );
  const solves = each.filter(({ size }) => pricesOf(size) <= MOST_SOLVED);
  const alone = each.filter(({ way }) => way.backend === "wasm" && way.threads === 1);
  return [
    ...each.map((one) => ({ ...one, what: "steps" }) as const),
    ...solves.map((one) => ({ ...one, what: "a solve" }) as const),
    ...(compiler === null ? [] : alone.map((one) => ({ ...one, what: "native kernels", compiler }) as const)),
  ];
}

/** Lines for whoever watches. */
function described({ timings, solves, native, missing }: Found): string[] {
  const where = (one: { prices: number; backend: string; threads: number }) =>
    `${String(one.prices).padStart(9)} prices  ${one.backend.padEnd(9)} ${one.threads} `;
  return [
    ...timings.map(
      (one) =>
        `${where(one)} ${one.step.padEnd(29)} ${one.nanoseconds_per_price.toFixed(1)} ns per price ±${one.margin.toFixed(0)} %, at least ${one.least.toFixed(1)}`,
    ),
    ...solves.map(
      (one) =>
        `${where(one)} ${one.status} in ${one.steps} steps, ${one.seconds.toFixed(2)} s, ${perPrice(one).toFixed(0)} ns per price`,
    ),
    ...native.map(
      ({ prices, evaluation, native: own }) =>
        `${String(prices).padStart(9)} prices  an evaluation takes ${(evaluation / own).toFixed(2)} times what native kernels take`,
    ),
    ...missing.map((one) => `${where(one)} ${one.what}: ${one.why}`),
  ];
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB/s`;
}

async function write(measured: Measurements): Promise<void> {
  const folder = join("bench", "results");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "steps.json"), `${[...jsonPieces(measured)].join("")}\n`);
  await writeFile(join(folder, "steps.md"), `${stepsPage(measured)}\n`);
  await writeFile(join(folder, "steps.svg"), stepsFigure(measured));
  console.log(`Written: ${join(folder, "steps")}.{json,md,svg}`);
}

/** A backend may leave workers waiting. */
function printAndExit(answer: object): void {
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
}

await main(process.argv.slice(2));
