import { InputError } from "../../index.js";
import { importEconomy, LEADERBOARDS } from "../../io/import/import.js";
import { mappingTable } from "../../io/import/mapping.js";
import { MATCHING } from "../../io/import/prices.js";
import { MAP_SYNTAX, numbersOf, pairsOf } from "../../io/import/remap.js";
import { checkEconomyPath, writeEconomy } from "../../io/write-economy.js";
import { defineCommand, flag, number, OK, type OptionValues, text, wholeNumber } from "../command.js";
import type { Io } from "../io.js";

/** How strongly spending answers to prices, unless --elasticity says otherwise. */
const ELASTICITIES = { time: 1, entry: 2, routing: 4, metric: 1 };

const options = {
  out: { flags: "--out <file>", help: "write the economy there: .json, .yaml or .npz", schema: text },
  demand: {
    flags: "--demand <trace>",
    help: "demand over time: a request trace of Azure's, or ServeGen's rates, known by its header",
    schema: text,
  },
  demandSeries: {
    flags: "--demand-series <name>",
    help: "of several, this one (default: the one with most traffic; of a request trace, requests)",
    schema: text,
  },
  nodes: {
    flags: "--nodes <K>",
    help: "instants of time: the trace's windows averaged over K cells (default: one a window)",
    schema: wholeNumber(1),
  },
  keepZeros: {
    flags: "--keep-zeros",
    help: "take windows without traffic as measured, not as missing data",
    schema: flag,
  },
  prices: {
    flags: "--prices <file>",
    help: "thrift from LiteLLM's list prices instead of the table's cost",
    schema: text,
  },
  blend: {
    flags: "--blend <number>",
    help: "input tokens for each output token in a list price (default 3)",
    schema: number("a number ≥ 0", (x) => x >= 0),
  },
  compute: {
    flags: "--compute <capacity>",
    help: "all agents share a capacity of this size, which they use in proportion to their cost; auto: enough for all of them to run at once",
    schema: text,
  },
  others: {
    flags: "--others <fraction>",
    help: "how much of that capacity belongs to others, who want the same at all times (default 0.3; at 0 routing stands still)",
    schema: number("a number ≥ 0 and < 1", (x) => x >= 0 && x < 1),
  },
  map: { flags: "--map <entries>", help: `other columns, separated by ";": ${MAP_SYNTAX}`, schema: text },
  where: {
    flags: "--where <entries>",
    help: 'only rows with "column=value"; separated by ";"',
    schema: text,
  },
  spread: {
    flags: "--spread <number>",
    help: "radii are multiplied by it (default 1; 0: supply is fixed)",
    schema: number("a number ≥ 0", (x) => x >= 0),
  },
  weights: {
    flags: "--weights <entries>",
    help: 'of the metrics in spending (default "quality=0.6;thrift=0.2;speed=0.2")',
    schema: text,
  },
  elasticity: {
    flags: "--elasticity <entries>",
    help: 'of substitution (default "time=1;entry=2;routing=4;metric=1")',
    schema: text,
  },
  name: { flags: "--name <name>", help: "of the economy", schema: text },
  mapping: { flags: "--mapping", help: "print the mapping and end", schema: flag },
} as const;

type Asked = OptionValues<typeof options>;

export const command = defineCommand({
  meta: {
    name: "import",
    description: [
      "Agents from a leaderboard: bfcl (data_overall.csv of the Berkeley Function Calling Leaderboard) or aider (a table of its " +
        "leaderboards). Each model becomes an agent whose production set is an ellipsoid: its levels, and how far they stray. One " +
        "orchestrator routes over groups, then models. What was dropped, chosen or filled in is said on standard error.",
      `--prices: ${MATCHING} The others keep the table's cost, brought to the same unit.`,
      "--mapping prints which column becomes what, in which unit and direction; --map changes it.",
    ].join("\n\n"),
    examples: [
      [
        "walras import bfcl data_overall.csv --out agents.json",
        "a static economy of the leaderboard's models",
      ],
      [
        "walras import bfcl data_overall.csv --demand servegen_total_rate.csv --out two-weeks.npz",
        "under two weeks of traffic",
      ],
      [
        "walras import bfcl data_overall.csv --demand rates.csv --demand-series language/m-small --compute auto --out scarce.json",
        "another series, and a capacity that all models share",
      ],
      [
        'walras import bfcl data_overall.csv --map "quality=Live Acc;memory=Memory Acc:%:+" --out live.yaml',
        "another measure of quality, and a metric of your own",
      ],
      ['walras import aider polyglot.csv --where "edit_format=diff" --out aider.json', "some rows only"],
    ],
    exits: { 0: "written", 1: "internal error", 2: "bad input or usage; nothing is written" },
  },
  args: {
    positionals: [
      { name: "SOURCE", help: LEADERBOARDS.join(" or "), optional: true },
      { name: "FILE", help: "the leaderboard's files in CSV", optional: true, variadic: true },
    ],
    options,
  },
  async run(io, [source, ...files], asked) {
    if (asked.mapping) {
      io.stdout.write(`${mappingTable()}\n`);
      return OK;
    }
    if (source === undefined || files.length === 0) {
      refuse(
        "arguments",
        source === undefined ? "no SOURCE" : "no FILE",
        "walras import SOURCE FILE… --out ECONOMY",
      );
    }
    const out = asked.out ?? refuse("--out", "nothing", "where to write the economy");
    await checkEconomyPath(out);
    return run(io, source, files, out, asked);
  },
});

async function run(io: Io, source: string, files: string[], out: string, asked: Asked): Promise<number> {
  const { demand, demandSeries, nodes, keepZeros, prices, name, map } = asked;
  requireWith("--demand", demand, {
    "--demand-series": demandSeries,
    "--nodes": nodes,
    "--keep-zeros": keepZeros || undefined,
  });
  requireWith("--prices", prices, { "--blend": asked.blend });
  requireWith("--compute", asked.compute, { "--others": asked.others });
  const { economy, notes } = await importEconomy(source, files, {
    ...{ demand, demandSeries, nodes, keepZeros, prices, name, map },
    where: pairsOf(asked.where, "--where"),
    weights: numbersOf(asked.weights, "--weights", null),
    elasticities: elasticitiesOf(asked.elasticity),
    spread: asked.spread ?? 1,
    blend: asked.blend ?? 3,
    compute: sharingOf(asked),
  });
  await writeEconomy(out, { file: economy });
  for (const note of notes) io.stderr.write(`walras: ${note}\n`);
  io.stderr.write(`walras: the economy is in ${out}\n`);
  return OK;
}

function refuse(path: string, found: string, expected: string): never {
  throw new InputError("the command line", [{ path, found, expected }]);
}

/** Options that say how to do what another option asks for. */
function requireWith(name: string, value: unknown, dependents: Record<string, unknown>): void {
  if (value !== undefined) return;
  const lonely = Object.keys(dependents).find((dependent) => dependents[dependent] !== undefined);
  if (lonely !== undefined) refuse(lonely, `no ${name}`, `${name} with it`);
}

function elasticitiesOf(given: string | undefined): typeof ELASTICITIES {
  const changes = numbersOf(given, "--elasticity", Object.keys(ELASTICITIES));
  return { ...ELASTICITIES, ...Object.fromEntries(changes) };
}

function sharingOf({ compute: given, others = 0.3 }: Asked) {
  if (given === undefined) return null;
  if (given === "auto") return { capacity: "auto" as const, others };
  const capacity = Number(given);
  if (given.trim() !== "" && capacity > 0 && Number.isFinite(capacity)) return { capacity, others };
  return refuse("--compute", JSON.stringify(given), "a number > 0, or auto");
}
