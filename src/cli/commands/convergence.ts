import { realpath } from "node:fs/promises";
import { extname } from "node:path";
import { z } from "zod";
import type { Convergence } from "../../convergence/convergence.js";
import { measureConvergence } from "../../convergence/measure.js";
import { type Economy, InputError, loadEconomy, VERSION } from "../../index.js";
import { writeAtomically } from "../../io/write-atomically.js";
import { checkWritable, writeJson, writeJsonAtomically } from "../../io/write-json.js";
import { convergenceFigure } from "../../report/convergence-figure.js";
import { convergencePage } from "../../report/convergence-page.js";
import { convergenceText } from "../../report/convergence-table.js";
import { defineCommand, flag, NOT_SOLVED, OK, text, wholeNumber } from "../command.js";
import { hasColor, type Io } from "../io.js";
import { onNodes } from "../on-nodes.js";
import { warn } from "../warn.js";

const STEPS = "numbers > 0 with commas between them, such as 0.1,0.25";

/** λ,λ,… */
const stepsSchema = z
  .string()
  .transform((written) => written.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part))))
  .refine((steps) => steps.every((step) => step > 0 && step < Infinity), STEPS)
  .optional();

export const command = defineCommand({
  meta: {
    name: "convergence",
    description:
      "Solves each economy closely, then runs plain tâtonnement from prices near the equilibrium and from p = 1 for several steps λ, " +
      "and compares the factor by which distances shrink (osc of log prices, Hilbert's metric) with what theory says: the bound of the contraction theorem, " +
      "the local constant, T3's interval, the norm at sampled prices. Then runs every solver from p = 1 until markets clear to 1e-8. " +
      "That something does not converge is a finding, not a failure.",
    examples: [
      ["walras convergence economy.json", "tables, and which claims of theory held"],
      ["walras convergence a.json b.json --out report.html", "a page with figures"],
      ["walras convergence economy.json --steps 0.1,0.2,0.4 --out rates.svg", "for these λ, as a figure"],
      ["walras convergence economy.json --json | jq '.economies[0].maps[].near.rate'", "as data"],
    ],
    exits: {
      0: "measured, whatever was found",
      1: "internal error",
      2: "bad input or usage; nothing is written",
      3: "interrupted; what had been measured is written all the same",
    },
  },
  args: {
    positionals: [
      {
        name: "ECONOMY",
        help: "economy files in JSON, YAML or NPZ, or - for standard input",
        variadic: true,
      },
    ],
    options: {
      steps: {
        flags: "--steps <λ,…>",
        help: "steps of plain tâtonnement (default: theory's and half and a quarter of it, T3's, the one with the least local constant, and one beyond)",
        schema: stepsSchema,
      },
      nodes: {
        flags: "--nodes <K>",
        help: "instants of time, instead of the files' own",
        schema: wholeNumber(1),
      },
      seed: {
        flags: "--seed <n>",
        help: "of perturbations and sampled prices (default 0)",
        schema: wholeNumber(0),
      },
      out: {
        flags: "--out <file>",
        help: "write what was measured there: .json, .svg (figures) or .html (figures and tables)",
        schema: text,
      },
      json: { flags: "--json", help: "as JSON on standard output, and nothing else there", schema: flag },
    },
  },
  async run(io, paths, { steps, nodes, seed, out, json }) {
    if (out !== undefined) await checkOut(out, paths);
    const economies: Economy[] = [];
    for (const path of paths) economies.push(onNodes(await loadEconomy(path), nodes));
    for (const economy of economies) warn(io, economy);
    const { measured, cancelled } = await measureAll(io, economies, { steps, seed });
    const file = { format: "walras-convergence/1", version: VERSION, economies: measured };
    if (out !== undefined) await write(out, file);
    if (json) await writeJson(io.stdout, file);
    else {
      const color = hasColor(io.stdout, io.env);
      io.stdout.write(measured.map((one) => convergenceText(one, { color })).join("\n\n"));
    }
    if (out !== undefined) io.stderr.write(`walras: the measurements are in ${out}\n`);
    return cancelled ? NOT_SOLVED : OK;
  },
});

/** The first Ctrl-C ends the measuring with what there is by then. */
async function measureAll(
  io: Io,
  economies: readonly Economy[],
  options: { readonly steps?: readonly number[]; readonly seed?: number },
): Promise<{ measured: Convergence[]; cancelled: boolean }> {
  const controller = new AbortController();
  const { signal } = controller;
  const ignore = io.onInterrupt(() => {
    io.stderr.write("walras: cancelling… (once more to end at once)\n");
    controller.abort();
  });
  try {
    const measured: Convergence[] = [];
    for (const economy of economies) {
      if (signal.aborted) break;
      if (io.stderr.isTTY) io.stderr.write(`walras: measuring ${economy.name}…\n`);
      measured.push(await measureConvergence(economy, { ...options, signal }));
    }
    return { measured, cancelled: signal.aborted };
  } finally {
    ignore();
  }
}

type ConvergenceFile = Readonly<{ format: string; version: string; economies: readonly Convergence[] }>;

/** By extension; a name without one means JSON. */
const WRITERS: Readonly<Record<string, (path: string, file: ConvergenceFile) => Promise<void>>> = {
  "": writeJsonAtomically,
  ".json": writeJsonAtomically,
  ".svg": (path, { economies }) => writeAtomically(path, [convergenceFigure(economies)]),
  ".html": (path, { economies }) => writeAtomically(path, [convergencePage(economies)]),
};

function write(out: string, file: ConvergenceFile): Promise<void> {
  return WRITERS[extname(out).toLowerCase()](out, file);
}

/** Refuses, before anything is computed, what could not be written afterwards, and what would overwrite an economy. */
async function checkOut(out: string, sources: readonly string[]): Promise<void> {
  const refuse = (found: string, expected: string) =>
    new InputError("the command line", [{ path: "--out", found, expected }]);
  if (!Object.hasOwn(WRITERS, extname(out).toLowerCase()) || out === "-") {
    throw refuse(JSON.stringify(out), "a file whose name ends in .json, .svg or .html");
  }
  await checkWritable(out);
  const target = await realpath(out).catch(() => null);
  for (const source of sources) {
    if (target !== null && (await realpath(source).catch(() => null)) === target) {
      throw refuse("an economy that is to be measured", "another file");
    }
  }
}
