import { readFileSync } from "node:fs";
import { Command as Commander, type CommanderError, Option } from "commander";
import type { Command, Meta } from "./command.js";
import { hasColor, type Io, widthOf } from "./io.js";
import { NOT_BUILT } from "./not-built.js";
import { COMMANDS } from "./registry.js";

/** What was asked for, as text: nothing of it is checked yet but the names of options and commands. */
export interface Request {
  /** null where help or the version was asked for, and has been printed. */
  readonly name: string | null;
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

const NOT_YET = "Not built in this version:";

/** Reads the command line; `command` is the module of the command named in it, if it names one. */
export async function parse(argv: readonly string[], command: Command | null, io: Io): Promise<Request> {
  let request: Request = { name: null, positionals: [], options: {} };
  const asked = (name: string) => (positionals: readonly string[], options: Request["options"]) => {
    request = { name, positionals, options };
  };
  const program = base(new Commander("walras"), io)
    .description("Prices over time for economies of agents: solved, and certified by a verifier of its own.")
    .version(packageVersion(), "-V, --version", "print the version")
    .usage("<command> [arguments]")
    .helpCommand("help [command]", "print the page of a command")
    .addHelpText("after", PROGRAM_HELP);
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    const sub = base(program.command(name), io).summary(summary).description(sentence(summary));
    if (command?.meta.name === name) declare(sub, command);
    sub.action(() => asked(name)(sub.args, sub.opts()));
  }
  for (const [name, purpose] of Object.entries(NOT_BUILT.commands)) {
    const sub = base(program.command(name), io)
      .summary(purpose)
      .description(`${sentence(purpose)} ${NOT_YET.slice(0, -1)}.`);
    sub
      .helpGroup(NOT_YET)
      .allowUnknownOption()
      .action(() => asked(name)(sub.args, {}));
  }
  await program.parseAsync([...argv], { from: "user" });
  return request;
}

/** Settings of every command: throw instead of exiting, write where the caller says, suggest what was meant. */
function base(commander: Commander, { stdout, stderr, env }: Io): Commander {
  return commander
    .exitOverride()
    .allowExcessArguments()
    .showSuggestionAfterError()
    .helpOption("-h, --help", "print this page")
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => widthOf(stdout),
      getErrHelpWidth: () => widthOf(stderr),
      getOutHasColors: () => hasColor(stdout, env),
      getErrHasColors: () => hasColor(stderr, env),
      outputError: (message, write) => write(`walras: ${message.replace(/^error: /u, "")}`),
    });
}

function declare(commander: Commander, { meta, args }: Command): void {
  if (meta.description !== undefined)
    commander.description(`${commander.description()}\n\n${meta.description}`);
  for (const { name, help, optional, variadic } of args.positionals) {
    const shown = variadic ? `${name}...` : name;
    commander.argument(optional ? `[${shown}]` : `<${shown}>`, help);
  }
  for (const { flags, help } of Object.values(args.options)) commander.addOption(new Option(flags, help));
  if (meta.name === "solve") {
    for (const [flags, help] of Object.entries(NOT_BUILT.solveOptions)) {
      commander.addOption(new Option(flags, help).helpGroup(NOT_YET));
    }
  }
  commander.addHelpText("after", () => `\n${examples(meta)}\n\n${exits(meta)}`);
}

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

function examples({ examples }: Meta): string {
  return ["Examples:", ...examples.flatMap(([command, what]) => [`  $ ${command}`, `      ${what}`])].join(
    "\n",
  );
}

function exits({ exits }: Meta): string {
  return ["Exit codes:", ...Object.entries(exits).map(([code, meaning]) => `  ${code}  ${meaning}`)].join(
    "\n",
  );
}

const PROGRAM_HELP = `
Examples:
  $ walras demo
      an economy of a dozen agents over a day, solved and explained
  $ walras solve economy.json
      prices, plans and certificate on the screen
  $ walras solve economy.yaml --json | jq .certificate
      the whole result as JSON
  $ walras check economy.json && walras solve economy.json --out result.json && walras certify economy.json result.json

Exit codes: 0 solved or certified · 1 internal error · 2 bad input or usage · 3 not solved or not certified ·
4 backend not available

The files are explained in the package's docs/economy-file.md and docs/result-file.md, the theorems in docs/theory.md.`;

/** package.json lies beside src/ and beside dist/. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

export function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && "code" in error && String(error.code).startsWith("commander.");
}
