import type { Problem } from "../index.js";
import { BAD_INPUT, type Command, INTERNAL, likely, NO_BACKEND, OK } from "./command.js";
import type { Io } from "./io.js";
import { NOT_BUILT, notBuilt } from "./not-built.js";
import { isCommanderError, parse, type Request } from "./program.js";
import { COMMANDS } from "./registry.js";

/** Runs the command line `argv` (without node and script) and returns the exit code. Throws nothing. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    return report(error, io);
  }
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  const command = await commandNamed(argv);
  const request = await parse(argv, command, io);
  if (request.name === null) return OK;
  if (Object.hasOwn(NOT_BUILT.commands, request.name)) {
    const { NotBuiltError } = await import("../index.js");
    const name = request.name as keyof typeof NOT_BUILT.commands;
    throw new NotBuiltError(notBuilt(`walras ${name}`, NOT_BUILT.commands[name]));
  }
  return command!.run(io, request.positionals, await checked(command!, request));
}

/** The module of the first command named, also after `help`. */
async function commandNamed(argv: readonly string[]): Promise<Command | null> {
  const [first, second] = argv.filter((argument) => !argument.startsWith("-"));
  const name = first === "help" ? second : first;
  return name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name].load() : null;
}

/** The options' values; refuses, all at once, bad ones and superfluous arguments; and what is not built. */
async function checked({ meta, args }: Command, { positionals, options }: Request) {
  const { InputError, NotBuiltError } = await import("../index.js");
  for (const [flags, purpose] of Object.entries(meta.name === "solve" ? NOT_BUILT.solveOptions : {})) {
    const [name] = flags.split(" ");
    if (options[camelCase(name)] !== undefined) throw new NotBuiltError(notBuilt(name, purpose));
  }
  const problems: Problem[] = [];
  const values = Object.entries(args.options).map(([key, { flags, schema, words = [] }]) => {
    const result = schema.safeParse(options[key]);
    if (result.success) return [key, result.data];
    const [{ message }] = result.error.issues;
    const suggestion = words.length > 0 ? likely(String(options[key]), words) : undefined;
    const problem = { path: flags.split(" ")[0], found: JSON.stringify(options[key]), expected: message };
    problems.push(suggestion === undefined ? problem : { ...problem, suggestion });
    return [key, undefined];
  });
  const most = args.positionals.at(-1)?.variadic ? Infinity : args.positionals.length;
  for (const extra of positionals.slice(most)) {
    const expected = `no more than ${args.positionals.map(({ name }) => name).join(" ") || "the command"}`;
    problems.push({ path: "arguments", found: JSON.stringify(extra), expected });
  }
  if (problems.length > 0) throw new InputError("the command line", problems);
  return Object.fromEntries(values);
}

/** `--max-steps` → maxSteps, as commander has it. */
function camelCase(flag: string): string {
  return flag.replace(/^--/u, "").replace(/-(\w)/gu, (_, letter: string) => letter.toUpperCase());
}

const EXIT_CODES: Readonly<Record<string, number>> = {
  InputError: BAD_INPUT,
  NotBuiltError: BAD_INPUT,
  BackendUnavailableError: NO_BACKEND,
};

/** One message for a person, never a stack for a person's mistake. */
function report(error: unknown, { stderr, env }: Io): number {
  if (isCommanderError(error)) return error.exitCode === 0 ? OK : BAD_INPUT;
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  if (Object.hasOwn(EXIT_CODES, name)) {
    stderr.write(`walras: ${message}\n`);
    return EXIT_CODES[name];
  }
  stderr.write(`walras: internal error: ${message}. Run again with WALRAS_DEBUG=1 to see where.\n`);
  if (env.WALRAS_DEBUG === "1") stderr.write(`${stack}\n`);
  return INTERNAL;
}
