import { extname } from "node:path";
import { InputError } from "../../index.js";
import { archiveDocument } from "../../io/generate/archive.js";
import { generateEconomy } from "../../io/generate/generate.js";
import { DEFAULTS, GENERATED_FAMILIES, type Temper } from "../../io/generate/options.js";
import { textFile } from "../../io/generate/text.js";
import { checkEconomyPath, writeEconomy } from "../../io/write-economy.js";
import { choice, defineCommand, flag, OK, type OptionValues, text, wholeNumber } from "../command.js";

const count = (flags: string, help: string, byDefault: number, least = 1) => ({
  flags,
  help: `${help} (default ${byDefault})`,
  schema: wholeNumber(least),
});

const options = {
  out: {
    flags: "--out <file>",
    help: "write the economy there: .json or .yaml; .npz for large ones",
    schema: text,
  },
  agents: count("--agents <n>", "agents", DEFAULTS.agents),
  metrics: count("--metrics <n>", "metrics of each agent", DEFAULTS.metrics),
  nodes: count("--nodes <K>", "instants of time; 1: a static economy", DEFAULTS.nodes),
  layers: {
    flags: "--layers <n>",
    help: `layers of the agents' DAG (default ${DEFAULTS.layers}, or as many as agents)`,
    schema: wholeNumber(1),
  },
  outDegree: count("--out-degree <n>", "successors of an agent in the next layer", DEFAULTS.outDegree),
  orchestrators: count("--orchestrators <n>", "orchestrators, on the same DAG", DEFAULTS.orchestrators),
  family: {
    flags: "--family <name>",
    help: `of the production sets: ${GENERATED_FAMILIES.join(", ")} (default mixed)`,
    schema: choice(GENERATED_FAMILIES, DEFAULTS.family),
  },
  rule: {
    flags: "--rule <name>",
    help: "of the time grid: midpoint, gauss-legendre (default midpoint)",
    schema: choice(["midpoint", "gauss-legendre"] as const, "midpoint"),
  },
  shared: {
    flags: "--shared",
    help: "a capacity that orchestrators want, and agents use where their sets can",
    schema: flag,
  },
  t1: { flags: "--t1", help: "on which tâtonnement provably contracts", schema: flag },
  stiff: { flags: "--stiff", help: "elasticities from 0.1 to 8", schema: flag },
  hostile: {
    flags: "--hostile",
    help: "elasticities 0 and 50, quantities over six decades, floors near income, demand that nearly vanishes",
    schema: flag,
  },
  seed: { flags: "--seed <n>", help: "of the random numbers (default 0)", schema: wholeNumber(0) },
  name: { flags: "--name <name>", help: "of the economy", schema: text },
} as const;

type Asked = OptionValues<typeof options>;

export const command = defineCommand({
  meta: {
    name: "generate",
    description:
      "Agents in the layers of a DAG, every one of them reached; smooth random series over a day; orchestrators that own parts " +
      "of everything. The same options give the same file on every machine. Unless --hostile is given, the economy is made so " +
      "that it can be solved. `factory` is a frontier with a shared input; `mixed` is all families (with --t1, those that T1 " +
      "speaks of).",
    examples: [
      ["walras generate --out economy.json", "a dozen agents of all families"],
      [
        "walras generate --agents 2000 --metrics 8 --nodes 128 --layers 6 --out large.npz",
        "two million prices, in an archive",
      ],
      ["walras generate --t1 --orchestrators 3 --shared --out t1.yaml", "where theory promises a rate"],
      ["walras generate --hostile --seed 7 --out hostile.json", "to see how solvers fail"],
    ],
    exits: { 0: "written", 1: "internal error", 2: "bad usage; nothing is written" },
  },
  args: { positionals: [], options },
  async run(io, _, asked) {
    const { out, t1, stiff, hostile, name, ...given } = asked;
    if (out === undefined) refuse("--out", "nothing", "where to write the economy");
    await checkEconomyPath(out);
    const temper = temperOf(asked);
    const rest = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const layers = Math.min(DEFAULTS.layers, asked.agents ?? DEFAULTS.agents);
    const chosen = { ...DEFAULTS, layers, ...rest, temper };
    const economy = generateEconomy({ ...chosen, name: name ?? `generated, seed ${chosen.seed}` });
    const archive = extname(out).toLowerCase() === ".npz";
    await writeEconomy(out, archive ? archiveDocument(economy) : { file: textFile(economy) });
    const { agents, metrics, nodes } = chosen;
    io.stderr.write(
      `walras: ${agents} agents × ${metrics} metrics × ${nodes} nodes; the economy is in ${out}\n`,
    );
    return OK;
  },
});

function temperOf({ t1, stiff, hostile }: Asked): Temper {
  const asked = Object.entries({ t1, stiff, hostile }).flatMap(([name, isAsked]) => (isAsked ? [name] : []));
  if (asked.length > 1) refuse(`--${asked[1]}`, `--${asked[0]}`, "one of --t1, --stiff, --hostile");
  return (asked[0] ?? "ordinary") as Temper;
}

function refuse(path: string, found: string, expected: string): never {
  throw new InputError("the command line", [{ path, found, expected }]);
}
