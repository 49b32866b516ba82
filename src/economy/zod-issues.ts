import type { z } from "zod";
import { describeFound, listed, quote } from "./found.js";
import { nearest } from "./near.js";
import { type Path, valueAt } from "./path.js";
import type { Problems } from "./problems.js";

type Issue = z.core.$ZodIssue;
type UnionIssue = z.core.$ZodIssueInvalidUnion;

/** Said where an array stands for what no array can stand for. */
const NOT_HERE = "arrays stand for series, for numbers and for the lists of a dag";

/**
 * Parses `data`, or adds what is wrong with it to `problems`, as formats.md asks: the path, what was found, what was
 * expected, a near match for misspelt keys and choices. Undefined when anything was wrong. A message set in the schema
 * stands for what was expected there.
 */
export function parseWith<S extends z.ZodType>(schema: S, data: unknown, problems: Problems, at: Path = []) {
  const result = schema.safeParse(data, { error: ownMessage });
  if (result.success) return result.data;
  const report = new Report(data, problems, at);
  for (const issue of result.error.issues) report.add(issue, []);
  return undefined;
}

/** Zod's own wording is never shown: an empty message says that the schema set none; unknown keys carry the known. */
function ownMessage(issue: z.core.$ZodRawIssue): string {
  if (issue.code !== "unrecognized_keys") return "";
  const definition: unknown = issue.inst?._zod.def;
  const shape = valueAt(definition, ["shape"]);
  return typeof shape === "object" && shape !== null ? Object.keys(shape).join("\n") : "";
}

class Report {
  constructor(
    private readonly data: unknown,
    private readonly problems: Problems,
    private readonly at: Path,
  ) {}

  /** Adds one issue, whose path is relative to `base`. */
  add(issue: Issue, base: Path): void {
    const path = [...base, ...issue.path];
    const value = valueAt(this.data, path);
    if (issue.code === "unrecognized_keys") this.unknownKeys(issue.keys, issue.message, path);
    else if (issue.code === "invalid_union") this.union(issue, path, value);
    else if (issue.code === "invalid_key")
      this.refuse(path, badName(path), expectedOf(issue.issues[0] as Issue));
    else if (issue.code === "invalid_value") this.choice(path, value, issue.values.map(String));
    else this.refuse(path, describeFound(value), this.orArray(value, expectedOf(issue)));
  }

  private unknownKeys(keys: readonly string[], message: string, path: Path): void {
    const known = message === "" ? [] : message.split("\n");
    for (const key of keys) {
      const where = [...path, key];
      const expected = known.length === 0 ? "no such key" : `one of the keys ${listed(known, "or", 16)}`;
      this.refuse(where, `an unknown key ${quote(key)}`, expected, () => nearest(key, known));
    }
  }

  private union(issue: UnionIssue, path: Path, value: unknown): void {
    const options = "options" in issue ? (issue.options as unknown) : undefined;
    const branch = isEmptyObject(value) ? undefined : branchMeant(issue.errors);
    if (Array.isArray(options)) this.choice(path, value, options.map(String));
    else if (branch !== undefined) for (const inner of branch) this.add(inner, path);
    else {
      const types = issue.errors.map((errors) => expectedOf(errors[0]));
      const expected = issue.message !== "" ? issue.message : listed([...new Set(types)]);
      this.refuse(path, describeFound(value), this.orArray(value, expected));
    }
  }

  private choice(path: Path, value: unknown, options: readonly string[]): void {
    const suggest = () => (typeof value === "string" ? nearest(value, options) : undefined);
    this.refuse(path, describeFound(value), listed(options.map(quote), "or", 16), suggest);
  }

  private orArray(value: unknown, expected: string): string {
    return isReference(value) ? `${expected} (${NOT_HERE})` : expected;
  }

  private refuse(path: Path, found: string, expected: string, suggest?: () => string | undefined): void {
    this.problems.add([...this.at, ...path], found, expected, suggest);
  }
}

/**
 * The branch of a union that was meant: among those whose type fits, the one whose keys fit best. Undefined when none
 * has the type of what was found.
 */
function branchMeant(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = branches.filter((issues) => issues.length > 0 && !issues.some(isWrongType));
  return fitting.reduce<readonly Issue[] | undefined>(
    (best, issues) => (best === undefined || misfit(issues) < misfit(best) ? issues : best),
    undefined,
  );
}

function isWrongType(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "custom");
}

/** Keys too many and wrong entries at the top; what lies deeper says that the branch was the right one. */
function misfit(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === "unrecognized_keys" && issue.path.length === 0) return sum + issue.keys.length;
    return sum + (issue.path.length === 1 ? 1 : 0);
  }, 0);
}

function isEmptyObject(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

function isReference(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof valueAt(value, ["array"]) === "string";
}

function badName(path: Path): string {
  return `the name ${quote(String(path[path.length - 1]))}`;
}

/** What an issue's schema wanted, in words: the schema's own message, or its type and range. */
function expectedOf(issue: Issue): string {
  if (issue.message !== "") return issue.message;
  if (issue.code === "invalid_type") return TYPES[issue.expected] ?? `a value of type ${issue.expected}`;
  if (issue.code === "too_small") return bounded(issue.origin, issue.inclusive ? "≥" : ">", issue.minimum);
  if (issue.code === "too_big") return bounded(issue.origin, issue.inclusive ? "≤" : "<", issue.maximum);
  return "something else";
}

const TYPES: Record<string, string> = {
  number: "a number",
  int: "a whole number",
  string: "a string",
  boolean: "true or false",
  array: "an array",
  object: "an object",
  record: "an object",
  never: "nothing here",
};

function bounded(origin: string, sign: string, bound: number | bigint): string {
  if (origin === "number") return `a number ${sign} ${bound}`;
  if (origin === "int") return `a whole number ${sign} ${bound}`;
  return `${origin === "string" ? "a text" : "a list"} with ${sign} ${bound} ${origin === "string" ? "characters" : "items"}`;
}
