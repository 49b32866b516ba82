import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { jsonPieces } from "../../src/io/json-pieces.js";
import { provenance } from "../provenance.js";
import {
  type BatchRow,
  type BatchSolveRow,
  jaxBatch,
  walrasBatch,
  walrasBatchSolves,
  walrasInOne,
} from "./batch.js";
import { BATCH, writeBatch, writePeerEconomy } from "./economy.js";
import { costFigure } from "./figure.js";
import { findHome, type Home } from "./home.js";
import { AGREEMENT, type Measured, type Precision, type Row, SAME_PRICES } from "./measurement.js";
import { type Missing, measurePeer, type Peer, peersOf } from "./peers.js";
import { spinTest } from "./spin.js";
import { pricesOf, STANDARD, standardEconomy } from "./standard.js";
import { comparisonPage } from "./table.js";
import { measureTf } from "./tfjs.js";
import { measureWalras } from "./walras.js";

const USAGE = `npm run bench:peers -- [--agents 2000] [--backend auto] [--only walras,numpy,jax,tfjs] [--no-batch]
  --agents   sizes, comma-separated; 2000 agents are 4.1 million prices
  --backend  of walras, comma-separated
  --only     systems, comma-separated
  --no-batch leaves the many small economies out
  --dry      prints and writes nothing`;

interface Options {
  readonly agents: readonly number[];
  readonly backends: readonly string[];
  readonly only: readonly string[];
  readonly batch: boolean;
  readonly dry: boolean;
}

/** `npm run bench:peers`: measures whatever is there, prints the table, writes bench/results/peers.{json,md,svg}. */
async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === "walras") return printWalras(argv.slice(1));
  if (argv[0] === "tfjs") return printAndExit(await measureTf(JSON.parse(argv[1])));
  const options = optionsOf(argv);
  const home = findHome();
  const before = await spinTest();
  const { peers, missing } = peersOf(home);
  const wanted = peers.filter(({ kind }) => options.only.includes(kind));
  const rows: Row[] = [];
  for (const agents of options.agents) rows.push(...(await compare(home, options, wanted, agents, missing)));
  const batch = options.batch ? await compareBatch(home, options, wanted, missing) : [];
  const batchSolves = options.batch ? await solveBatches(options, missing) : [];
  const comparison = {
    from: provenance(["npm run bench:peers", ...(argv.length > 0 ? ["--", ...argv] : [])].join(" ")),
    versions: Object.assign({}, ...rows.map(({ versions }) => versions)),
    spin: { before, after: await spinTest() },
    rows,
    batch,
    batchSolves,
    missing,
  };
  const page = comparisonPage(comparison);
  console.log(`\n${page}`);
  if (options.dry) return;
  const folder = join("bench", "results");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "peers.json"), `${[...jsonPieces(comparison)].join("")}\n`);
  await writeFile(join(folder, "peers.md"), `${page}\n`);
  if (options.agents.length > 1) await writeFile(join(folder, "peers.svg"), costFigure(rows));
  console.log(`\nWritten: ${join(folder, "peers.*")}`);
}

function optionsOf(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    allowNegative: true,
    options: {
      agents: { type: "string", default: String(STANDARD.agents) },
      backend: { type: "string", default: "auto" },
      only: { type: "string", default: "walras,numpy,jax,tfjs" },
      batch: { type: "boolean", default: true },
      dry: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const agents = values.agents.split(",").map(Number);
  if (!agents.every((count) => Number.isInteger(count) && count >= STANDARD.layers)) {
    throw new Error(`--agents: whole numbers of at least ${STANDARD.layers}\n${USAGE}`);
  }
  return {
    agents,
    backends: values.backend.split(","),
    only: values.only.split(","),
    batch: values.batch,
    dry: values.dry,
  };
}

/** All systems on the economy of one size, one process after the other. */
async function compare(
  home: Home,
  { backends, only }: Options,
  peers: readonly Peer[],
  agents: number,
  missing: Missing[],
): Promise<Row[]> {
  const size = { ...STANDARD, agents };
  const archive = join(home.folder, "economies", `agents-${agents}.npz`);
  const solution = join(home.folder, "economies", `solution-${agents}.npz`);
  await writePeerEconomy(archive, size);
  console.log(`${pricesOf(size)} prices: ${archive}`);
  const rows: Row[] = [];
  const add = async (system: string, measuring: Promise<Row>) => {
    try {
      const row = admitted(await measuring);
      rows.push(row);
      if (row.unsolved !== undefined) note(missing, `${system} (${row.precision})`, row.unsolved);
      console.log(described(row));
    } catch (error) {
      refuse(missing, system, error);
    }
  };
  if (only.includes("walras")) {
    for (const name of backends) {
      for (const way of waysOf(name)) {
        await add(`walras ${name}`, walrasRow({ name, ...way, agents, archive, solution }));
      }
    }
  }
  const known = rows.some(({ precision, solve }) => precision === "float64" && solve !== null);
  for (const peer of peers) await add(peer.system, measurePeer(home, peer, archive, known ? solution : null));
  return rows;
}

/** Notes, once, why something could not be measured: what a process said last, or what is wrong with its figures. */
function refuse(missing: Missing[], system: string, error: unknown): void {
  const { message, stderr = "" } = error as Error & { readonly stderr?: string };
  const said = stderr.split("\n").filter((line) => /error/iu.test(line));
  const why = (said.at(-1) ?? message.split("\n")[0]).trim();
  console.log(`${system}: ${why}`);
  note(missing, system, why);
}

function note(missing: Missing[], system: string, why: string): void {
  if (!missing.some((one) => one.system === system && one.why === why)) missing.push({ system, why });
}

/** Refuses a peer that computes something else. */
function admitted(row: Row): Row {
  const { precision, error, apart } = row;
  const same = apart === null || apart <= SAME_PRICES[precision];
  if (!same)
    throw new Error(`${row.system} (${precision}) finds prices that are ${apart.toExponential(1)} apart`);
  // What is not finite has become null on its way here.
  if (Number.isFinite(error) && error <= AGREEMENT[precision]) return row;
  throw new Error(`${row.system} (${precision}) disagrees with the reference by ${error?.toExponential(1)}`);
}

/** Precisions and threads of a backend: the reference has one of each. */
function waysOf(name: string): { readonly precision: Precision; readonly threads: number }[] {
  const precisions: Precision[] = name === "reference" ? ["float64"] : ["float64", "float32"];
  const threads = name === "reference" ? [1] : [1, 2];
  return precisions.flatMap((precision) => threads.map((count) => ({ precision, threads: count })));
}

interface WalrasRun {
  readonly name: string;
  readonly precision: Precision;
  readonly threads: number;
  readonly agents: number;
  readonly archive: string;
  readonly solution: string;
}

/** In a process of its own, as the peers are. */
async function walrasRow(run: WalrasRun): Promise<Row> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--max-old-space-size=16000",
    process.argv[1],
    "walras",
    JSON.stringify(run),
  ]);
  const measured = JSON.parse(stdout) as Measured & { precision: Precision };
  return { ...measured, system: "walras", threads: run.threads };
}

async function printWalras([json]: readonly string[]): Promise<void> {
  const { name, precision, threads, agents, archive, solution }: WalrasRun = JSON.parse(json);
  const economy = standardEconomy({ ...STANDARD, agents });
  const known = precision === "float64" ? solution : null;
  const task = { economy, backend: name, precision, threads, archive, solution: known };
  printAndExit(await measureWalras(task));
}

/** A backend may leave workers waiting. */
function printAndExit(measured: Measured): void {
  process.stdout.write(JSON.stringify(measured), () => process.exit(0));
}

async function compareBatch(
  home: Home,
  { backends, only }: Options,
  peers: readonly Peer[],
  missing: Missing[],
): Promise<BatchRow[]> {
  const archive = join(home.folder, "economies", "batch.npz");
  await writeBatch(archive);
  const rows: BatchRow[] = [];
  try {
    if (only.includes("walras")) for (const name of backends) rows.push(await walrasBatch(name));
    if (only.includes("walras")) for (const threads of [1, 2]) rows.push(await walrasInOne(threads, BATCH));
    for (const peer of peers.filter(({ kind, threads }) => kind === "jax" && threads > 1)) {
      rows.push(...(await jaxBatch(home, peer, archive, BATCH)));
    }
  } catch (error) {
    refuse(missing, "a batch", error);
  }
  return rows;
}

/** Whole solves of the batch: walras' own, no peer has certificates. */
async function solveBatches({ backends, only }: Options, missing: Missing[]): Promise<BatchSolveRow[]> {
  const rows: BatchSolveRow[] = [];
  try {
    if (only.includes("walras")) for (const name of backends) rows.push(...(await walrasBatchSolves(name)));
  } catch (error) {
    refuse(missing, "solves of a batch", error);
  }
  return rows;
}

function described({ system, path, threads, precision, prices, evaluation, solve, error }: Row): string {
  const perPrice = (seconds: number) => `${((1e9 * seconds) / prices).toFixed(1)} ns per price`;
  const solved =
    solve === null
      ? ""
      : `; step ${perPrice(solve.step)}, solve ${solve.seconds.toFixed(2)} s in ${solve.steps} steps`;
  return `${system}, ${path}, ${threads} thread(s), ${precision}: ${perPrice(evaluation.median)}${solved} (error ${error.toExponential(1)})`;
}

await main(process.argv.slice(2));
