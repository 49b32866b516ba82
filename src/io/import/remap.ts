import { InputError, type Problem } from "../../core/errors.js";
import { quote } from "../../economy/found.js";
import type { Direction, MappingLine, Role } from "./mapping.js";

/** Shown where `--map` cannot be read, and in its help. */
export const MAP_SYNTAX =
  '"metric=column", "metric=" (leave it out), "metric=column:unit:+" (a new one; - where less is better), ' +
  '"metric.spread=column|column", "metric.deviation=column", "metric.per=column", "agent=column" or "group=column"';

const KEY = /^([^./[\]]+?)(?:\.(spread|deviation|per))?$/u;
const VALUE = /^(.*?)(?::([^:]*):([+-]))?$/u;

/**
 * The mapping of a leaderboard, changed as `--map` says: entries separated by `;`. A metric keeps unit and direction
 * unless the entry names them. Throws InputError for what cannot be read.
 */
export function remap(lines: readonly MappingLine[], changes: string | undefined): MappingLine[] {
  const problems: Problem[] = [];
  let mapping = [...lines];
  for (const entry of entriesOf(changes, "--map", problems)) {
    mapping = KEY.test(entry.key)
      ? change(mapping, entry.key, entry.value)
      : refuse(mapping, entry, problems);
  }
  if (problems.length > 0) throw new InputError("the command line", problems);
  return mapping;
}

function refuse(mapping: MappingLine[], { key }: Entry, problems: Problem[]): MappingLine[] {
  problems.push({ path: "--map", found: quote(key), expected: MAP_SYNTAX });
  return mapping;
}

function change(mapping: readonly MappingLine[], key: string, value: string): MappingLine[] {
  const [, name, part] = KEY.exec(key)!;
  const [, columns, unit, direction] = VALUE.exec(value)!;
  const names = columns
    .split("|")
    .map((column) => column.trim())
    .filter((column) => column !== "");
  const own = name === "agent" || name === "group";
  const metric = own ? "" : name;
  const role = (own ? name : (part ?? "center")) as Role;
  if (role === "center" && names.length === 0) return mapping.filter((line) => line.metric !== metric);
  const before = mapping.find((line) => line.role === "center" && line.metric === metric);
  const made = names.map(
    (column): MappingLine => ({
      source: mapping[0].source,
      column,
      role,
      metric,
      unit: unit ?? before?.unit ?? "",
      direction: (direction as Direction | undefined) ?? before?.direction ?? (own ? "" : "+"),
      becomes: "as --map says",
    }),
  );
  return [...mapping.filter((line) => line.role !== role || line.metric !== metric), ...made];
}

/** `key=value` of a flag whose entries are separated by `;`. */
export interface Entry {
  readonly key: string;
  readonly value: string;
}

/** The entries of a flag; notes those without a key or an equals sign. */
export function entriesOf(text: string | undefined, flag: string, problems: Problem[]): Entry[] {
  const entries = (text ?? "").split(";").map((entry) => entry.trim());
  return entries
    .filter((entry) => entry !== "")
    .flatMap((entry) => {
      const at = entry.indexOf("=");
      if (at > 0) return [{ key: entry.slice(0, at).trim(), value: entry.slice(at + 1).trim() }];
      problems.push({ path: flag, found: quote(entry), expected: '"name=value", several separated by ";"' });
      return [];
    });
}

/** The entries; null where the flag is not given. Throws InputError. */
export function pairsOf(text: string | undefined, flag: string): Entry[] | null {
  const problems: Problem[] = [];
  const entries = entriesOf(text, flag, problems);
  if (problems.length > 0) throw new InputError("the command line", problems);
  return text === undefined ? null : entries;
}

/** The entries as numbers ≥ 0 by name. @param allowed the names there are; null: any. Throws InputError. */
export function numbersOf(
  text: string | undefined,
  flag: string,
  allowed: readonly string[] | null,
): Map<string, number> {
  const problems: Problem[] = [];
  const numbers = new Map<string, number>();
  for (const { key, value } of entriesOf(text, flag, problems)) {
    const number = value === "" ? Number.NaN : Number(value);
    const known = allowed === null || allowed.includes(key);
    if (known && number >= 0 && Number.isFinite(number)) numbers.set(key, number);
    else if (known) problems.push({ path: flag, found: `${key}=${value}`, expected: "a number ≥ 0" });
    else problems.push({ path: flag, found: quote(key), expected: `one of ${allowed!.join(", ")}` });
  }
  if (problems.length > 0) throw new InputError("the command line", problems);
  return numbers;
}
