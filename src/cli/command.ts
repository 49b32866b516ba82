import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Io } from "./io.js";

/** A command is data: what it is called, what it takes, and what it does. */
export interface Command<Options extends OptionSpecs = OptionSpecs> {
  readonly meta: Meta;
  readonly args: { readonly positionals: readonly Positional[]; readonly options: Options };
  /** Returns the exit code. `positionals` has one entry for each that was given. */
  run(io: Io, positionals: readonly string[], options: OptionValues<Options>): Promise<number>;
}

export interface Meta {
  readonly name: string;
  /** Paragraphs of the help, after the registry's summary. */
  readonly description?: string;
  readonly examples: readonly (readonly [command: string, what: string])[];
  /** Exit codes and what they mean here. */
  readonly exits: Readonly<Record<number, string>>;
}

export interface Positional {
  readonly name: string;
  readonly help: string;
  readonly optional?: boolean;
  /** Takes all that follow; only the last one may. */
  readonly variadic?: boolean;
}

export interface OptionSpec {
  /** As commander writes them: `--tol <number>`. */
  readonly flags: string;
  readonly help: string;
  /** Reads the text given, or undefined; `flag` for an option without a value. */
  readonly schema: z.ZodType;
  /** The words it may be, where it is one of a few: for suggestions. */
  readonly words?: readonly string[];
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;
/** Under the keys of the specs, which are the flags in camel case. */
export type OptionValues<Options extends OptionSpecs> = {
  readonly [Name in keyof Options]: z.output<Options[Name]["schema"]>;
};

/** Fixes the types of a command's options. */
export function defineCommand<const Options extends OptionSpecs>(
  command: Command<Options>,
): Command<Options> {
  return command;
}

export const flag = z.boolean().default(false);
export const text = z.string().optional();

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu;

/** A number as a person types it. @param expected the range in words, for the refusal */
export function number(expected: string, holds: (value: number) => boolean) {
  const schema = z.string().regex(DECIMAL, expected).transform(Number);
  return schema.refine((value) => Number.isFinite(value) && holds(value), expected).optional();
}

export function wholeNumber(least: number) {
  return number(`a whole number ≥ ${least}`, (value) => Number.isSafeInteger(value) && value >= least);
}

/** One of a few words. */
export function choice<const Word extends string>(words: readonly Word[], byDefault: Word) {
  return z.enum(words, `one of ${words.join(", ")}`).default(byDefault);
}

/** The word that a misspelt one most likely meant. */
export function likely(word: string, words: readonly string[]): string | undefined {
  const best = closest(word.toLowerCase(), [...words]);
  return distance(word.toLowerCase(), best) <= Math.max(1, Math.floor(word.length / 3)) ? best : undefined;
}

/** Exit codes of every command (formats.md). */
export const OK = 0;
export const INTERNAL = 1;
export const BAD_INPUT = 2;
export const NOT_SOLVED = 3;
export const NO_BACKEND = 4;
