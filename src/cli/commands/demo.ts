import { dayPage } from "../../report/day-page.js";
import { defineCommand, flag, wholeNumber } from "../command.js";
import { deliver } from "../deliver.js";
import { demoEconomy } from "../demo-economy.js";
import { solveWatched } from "../solve-watched.js";

export const command = defineCommand({
  meta: {
    name: "demo",
    description:
      "The economy is built in, its numbers are made up: agents of different quality share GPUs that are scarce in the " +
      "afternoon and idle at night. Shows who is used when, what is scarce when, and what the certificate says.",
    examples: [
      ["walras demo", "the day on one page"],
      ["walras demo --json | jq .prices.gpu", "the result as data"],
    ],
    exits: { 0: "solved, and the verifier agrees", 1: "internal error", 2: "bad usage", 3: "not solved" },
  },
  args: {
    positionals: [],
    options: {
      nodes: { flags: "--nodes <K>", help: "instants of the day (default 48)", schema: wholeNumber(1) },
      json: { flags: "--json", help: "the result as JSON on standard output", schema: flag },
    },
  },
  async run(io, _, { nodes, json }) {
    return solveWatched(io, demoEconomy(nodes), { progress: "auto" }, (result) =>
      deliver(io, result, { json, quiet: false, text: dayPage }),
    );
  },
});
