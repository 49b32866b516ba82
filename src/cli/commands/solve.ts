import { type Checkpoint, type Economy, InputError, loadEconomy, type SolveOptions } from "../../index.js";
import { readCheckpoint, writeCheckpoint } from "../../io/checkpoint-file.js";
import { readStart } from "../../io/read-start.js";
import { checkWritable } from "../../io/write-json.js";
import { equilibriaWarning, headlineEquilibria, summarizeEquilibria } from "../../report/equilibria.js";
import { runBatch } from "../batch.js";
import { choice, defineCommand, flag, number, type OptionValues, text, wholeNumber } from "../command.js";
import { deliver } from "../deliver.js";
import type { Io } from "../io.js";
import { onNodes } from "../on-nodes.js";
import { checkOut } from "../out-file.js";
import { PROGRESS_MODES } from "../progress.js";
import { solveWatched } from "../solve-watched.js";
import { BACKEND_OPTION, requireBuilt, SOLVER_OPTION, TOLERANCE_OPTION } from "../solver-options.js";
import { warn } from "../warn.js";

const PRECISIONS = ["float64", "float32"] as const;

const options = {
  solver: SOLVER_OPTION,
  step: {
    flags: "--step <λ>",
    help: "step of tâtonnement, > 0 (default: as theory says)",
    schema: number("a number > 0", (x) => x > 0),
  },
  backend: BACKEND_OPTION,
  threads: {
    flags: "--threads <n>",
    help: "at most so many, on wasm (default: as many as there are processors, where they pay)",
    schema: wholeNumber(1),
  },
  precision: {
    flags: "--precision <name>",
    help: "of price vectors, on wasm: float64 (default) or float32, finished in float64 where --tol is below 1e-5",
    schema: choice(PRECISIONS, "float64"),
    words: PRECISIONS,
  },
  tol: TOLERANCE_OPTION,
  maxSteps: {
    flags: "--max-steps <n>",
    help: "give up after so many steps (default 10000)",
    schema: wholeNumber(1),
  },
  nodes: {
    flags: "--nodes <K>",
    help: "instants of time, instead of the file's own",
    schema: wholeNumber(1),
  },
  allEquilibria: {
    flags: "--all-equilibria",
    help: "look for every equilibrium, with the index and the stability of each",
    schema: flag,
  },
  start: { flags: "--start <file>", help: 'a result, or { "prices": { … } }, to start from', schema: text },
  out: { flags: "--out <file>", help: "write the result there: .npz as arrays, else JSON", schema: text },
  json: {
    flags: "--json",
    help: "the result as JSON on standard output, and nothing else there",
    schema: flag,
  },
  batch: {
    flags: "--batch",
    help: "several economies of one structure; one JSON result a line",
    schema: flag,
  },
  progress: {
    flags: "--progress <mode>",
    help: "auto: a bar, at a terminal; jsonl: a line of JSON a step; off",
    schema: choice(PROGRESS_MODES, "auto"),
    words: PROGRESS_MODES,
  },
  checkpoint: {
    flags: "--checkpoint <file>",
    help: "save the state of the solve there, every 10 s and when interrupted",
    schema: text,
  },
  checkpointInterval: {
    flags: "--checkpoint-interval <s>",
    help: "seconds between checkpoints (default 10)",
    schema: number("a number ≥ 0", (x) => x >= 0),
  },
  resume: { flags: "--resume", help: "go on from --checkpoint, when it is there", schema: flag },
  seed: { flags: "--seed <n>", help: "of whatever is random (default 0)", schema: wholeNumber(0) },
} as const;

export const command = defineCommand({
  meta: {
    name: "solve",
    description:
      "Prints a summary, or the result as JSON. Ctrl-C ends the solve early with the best prices found, which are " +
      "written like any result; a second Ctrl-C ends it at once.",
    examples: [
      ["walras solve economy.json", "a summary on the screen"],
      [
        "walras solve economy.json --out result.json --tol 1e-10",
        "the result in a file, solved more closely",
      ],
      ["walras solve economy.json --all-equilibria", "how many there are, and which are stable"],
      ["walras solve --batch a.json b.json c.json > results.jsonl", "several economies of one structure"],
      ["cat economy.yaml | walras solve - --json | jq .prices", "in a pipeline"],
      ["walras solve economy.json --nodes 384 --start result.json", "refined in time, from a coarser result"],
      [
        "walras solve large.npz --checkpoint solve.state --resume",
        "saved as it goes; the same command goes on after a crash",
      ],
      [
        "walras solve economy.json --solver tatonnement --progress jsonl 2>trace.jsonl",
        "the history of every step",
      ],
    ],
    exits: {
      0: "solved, and the verifier agrees",
      1: "internal error",
      2: "bad input or usage; nothing is written",
      3: "not solved; the best result is written all the same",
      4: "backend not available",
    },
  },
  args: {
    positionals: [
      {
        name: "ECONOMY",
        help: "an economy file in JSON, YAML or NPZ, or - for standard input; several with --batch",
        variadic: true,
      },
    ],
    options,
  },
  async run(io, paths, asked) {
    requireBuilt(asked);
    const { tol, solver, backend, threads, precision, step, maxSteps, seed, allEquilibria } = asked;
    const where = { backend, threads, precision };
    const shared = { solver, step, seed, ...where, tolerance: tol, maxSteps, allEquilibria };
    if (asked.batch) return solveMany(io, paths, shared, asked);
    if (paths.length > 1) refuseSeveral(paths);
    return solveOne(io, paths[0], shared, asked);
  },
});

type Asked = OptionValues<typeof options>;

async function solveOne(io: Io, path: string, shared: SolveOptions, asked: Asked): Promise<number> {
  const { out, json, start, nodes, progress } = asked;
  if (out !== undefined) await checkOut(out, path);
  const economy = onNodes(await loadEconomy(path), nodes);
  const quiet = progress === "jsonl";
  if (!quiet) warn(io, economy);
  const options = {
    ...shared,
    ...(await checkpointing(io, asked, quiet)),
    progress,
    start: start === undefined ? undefined : await readStart(start, economy),
  };
  if (options.start !== undefined && !quiet) sayPartial(io, options.start, economy);
  const text = asked.allEquilibria
    ? out === undefined
      ? summarizeEquilibria
      : headlineEquilibria
    : undefined;
  return solveWatched(io, economy, options, (result) => {
    const warning = equilibriaWarning(result);
    if (warning !== null && !quiet) io.stderr.write(`walras: warning: ${warning}\n`);
    return deliver(io, result, { json, out, quiet, economy, keep: true, text });
  });
}

/** Commodities that a start leaves out begin at 1, which whoever wrote it should know. */
function sayPartial(io: Io, { prices }: NonNullable<SolveOptions["start"]>, { commodities }: Economy): void {
  const missing = commodities.filter(({ name }) => !prices.has(name)).map(({ name }) => name);
  if (missing.length === 0) return;
  const rest = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
  const names = missing.slice(0, 5).join(", ");
  io.stderr.write(`walras: --start has no prices for ${names}${rest}: they start at 1\n`);
}

async function solveMany(
  io: Io,
  paths: readonly string[],
  shared: SolveOptions,
  asked: Asked,
): Promise<number> {
  refuseWithBatch({ "--out": asked.out, "--checkpoint": asked.checkpoint, "--start": asked.start });
  const economies = await Promise.all(
    paths.map(async (path) => onNodes(await loadEconomy(path), asked.nodes)),
  );
  if (asked.progress !== "jsonl") for (const economy of economies) warn(io, economy);
  return runBatch(io, economies, shared);
}

/** A batch goes to standard output; what belongs to one economy cannot be asked of several. */
function refuseWithBatch(single: Readonly<Record<string, string | undefined>>): void {
  const asked = Object.keys(single).filter((name) => single[name] !== undefined);
  if (asked.length === 0) return;
  const problems = asked.map((path) => ({
    path,
    found: "--batch",
    expected: "one economy, without --batch",
  }));
  throw new InputError("the command line", problems);
}

function refuseSeveral(paths: readonly string[]): void {
  const found = `${paths.length} economies`;
  throw new InputError("the command line", [
    { path: "arguments", found, expected: "one, or several with --batch" },
  ]);
}

/** How the solve saves itself, and what it goes on from. */
async function checkpointing(
  io: Io,
  { checkpoint: path, checkpointInterval: interval, resume }: Asked,
  quiet: boolean,
): Promise<Pick<SolveOptions, "checkpoint" | "resume">> {
  if (path === undefined) {
    if (!resume && interval === undefined) return {};
    const found = resume ? "--resume" : "--checkpoint-interval";
    throw new InputError("the options", [
      { path: found, found: "no --checkpoint", expected: "--checkpoint FILE" },
    ]);
  }
  await checkWritable(path);
  const saved = resume ? await readCheckpoint(path) : null;
  if (resume && !quiet) {
    const sentence = saved === null ? "no checkpoint yet: starting" : `going on from step ${saved.run.steps}`;
    io.stderr.write(`walras: ${sentence}\n`);
  }
  const save = (checkpoint: Checkpoint) => writeCheckpoint(path, checkpoint);
  return { checkpoint: { save, interval }, resume: saved ?? undefined };
}
