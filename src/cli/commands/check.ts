import { loadEconomy } from "../../index.js";
import { writeJson } from "../../io/write-json.js";
import { characterOf } from "../../report/character.js";
import { characterText } from "../../report/character-text.js";
import { defineCommand, flag, OK, wholeNumber } from "../command.js";
import { hasColor, widthOf } from "../io.js";
import { onNodes } from "../on-nodes.js";

export const command = defineCommand({
  meta: {
    name: "check",
    description:
      "Says how many prices there are to find, which elasticities steer them, whether the contraction theorem holds (and " +
      "which hypothesis fails, and where, if not), and what else theory promises of the economy.",
    examples: [
      ["walras check economy.json", "is this file all right, and what to expect of it"],
      ["walras check economy.json --json | jq .contraction", "the same as data"],
    ],
    exits: {
      0: "a valid economy",
      1: "internal error",
      2: "not a valid economy: every problem with its path",
    },
  },
  args: {
    positionals: [{ name: "ECONOMY", help: "an economy file in JSON, YAML or NPZ, or - for standard input" }],
    options: {
      nodes: {
        flags: "--nodes <K>",
        help: "instants of time, instead of the file's own",
        schema: wholeNumber(1),
      },
      json: { flags: "--json", help: "as JSON on standard output", schema: flag },
    },
  },
  async run(io, [path], { nodes, json }) {
    const character = characterOf(onNodes(await loadEconomy(path), nodes));
    const options = { width: widthOf(io.stdout), color: hasColor(io.stdout, io.env) };
    if (json) await writeJson(io.stdout, character);
    else io.stdout.write(characterText(character, options));
    return OK;
  },
});
