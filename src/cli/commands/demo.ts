import { checkEconomyPath, writeEconomy } from "../../io/write-economy.js";
import { dayPage } from "../../report/day-page.js";
import { defineCommand, flag, text, wholeNumber } from "../command.js";
import { deliver } from "../deliver.js";
import { demoEconomy, demoFile } from "../demo-economy.js";
import { checkOut } from "../out-file.js";
import { solveWatched } from "../solve-watched.js";
import { SOLVER_OPTION, TOLERANCE_OPTION } from "../solver-options.js";

export const command = defineCommand({
  meta: {
    name: "demo",
    description:
      "The economy is built in, its numbers are made up: agents of different quality share GPUs that are scarce in the " +
      "afternoon and idle at night. Shows who is used when, what is scarce when, and what the certificate says.",
    examples: [
      ["walras demo", "the day on one page"],
      ["walras demo --json | jq .prices.gpu", "the result as data"],
      ["walras demo --write economy.json", "the economy as a file to start from; walras solve economy.json"],
    ],
    exits: { 0: "solved, and the verifier agrees", 1: "internal error", 2: "bad usage", 3: "not solved" },
  },
  args: {
    positionals: [],
    options: {
      nodes: { flags: "--nodes <K>", help: "instants of the day (default 48)", schema: wholeNumber(1) },
      solver: SOLVER_OPTION,
      tol: TOLERANCE_OPTION,
      out: { flags: "--out <file>", help: "write the result there: .npz as arrays, else JSON", schema: text },
      write: {
        flags: "--write <file>",
        help: "write the economy there (.json or .yaml), a template for your own",
        schema: text,
      },
      json: { flags: "--json", help: "the result as JSON on standard output", schema: flag },
    },
  },
  async run(io, _, { nodes, solver, tol: tolerance, out, write, json }) {
    if (out !== undefined) await checkOut(out);
    if (write !== undefined) {
      await checkEconomyPath(write);
      await writeEconomy(write, { file: demoFile(nodes) });
      io.stderr.write(`walras: the economy is in ${write}\n`);
    }
    const economy = demoEconomy(nodes);
    return solveWatched(io, economy, { progress: "auto", solver, tolerance }, (result) =>
      deliver(io, result, { json, out, quiet: false, text: dayPage, economy }),
    );
  },
});
