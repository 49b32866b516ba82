import { certify, loadEconomy, ResultArrays } from "../../index.js";
import { readResult } from "../../io/read-result.js";
import { writeJson } from "../../io/write-json.js";
import { certifyText } from "../../report/certify-text.js";
import { defineCommand, flag, NOT_SOLVED, number, OK } from "../command.js";
import { hasColor } from "../io.js";

const DEFAULT_TOLERANCE = 1e-8;

export const command = defineCommand({
  meta: {
    name: "certify",
    description:
      "Recomputes everybody's plans and the certificate from the economy and the result's prices alone, compares them with " +
      "what the result says (to ten times the tolerance), and checks that the result is of this very file.",
    examples: [
      ["walras certify economy.json result.json", "each theorem in words, passed or not"],
      ["walras certify economy.json result.json --tol 1e-6", "a result that was solved to 1e-6"],
      ["walras certify economy.json result.json --json | jq .failures", "what is wrong, as data"],
    ],
    exits: { 0: "certified", 1: "internal error", 2: "bad input or usage", 3: "not certified" },
  },
  args: {
    positionals: [
      { name: "ECONOMY", help: "the economy file the result is of" },
      { name: "RESULT", help: "a result file in JSON or NPZ" },
    ],
    options: {
      tol: {
        flags: "--tol <number>",
        help: "largest relative gap, between 0 and 1 (default 1e-8)",
        schema: number("a number between 0 and 1", (x) => x > 0 && x < 1),
      },
      json: { flags: "--json", help: "the findings as JSON on standard output", schema: flag },
    },
  },
  async run(io, [economyPath, resultPath], { tol: tolerance = DEFAULT_TOLERANCE, json }) {
    const economy = await loadEconomy(economyPath);
    const result = await readResult(resultPath, economy);
    const subjects = { economy: economyPath, result: resultPath };
    const report = await certify(economy, result, { tolerance, subjects });
    if (json) await writeJson(io.stdout, report);
    else {
      const said = result instanceof ResultArrays ? result.head : result;
      io.stdout.write(certifyText(report, said, tolerance, { color: hasColor(io.stdout, io.env) }));
    }
    return report.certified ? OK : NOT_SOLVED;
  },
});
