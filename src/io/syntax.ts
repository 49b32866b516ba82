import { InputError, type Problem } from "../core/errors.js";
import { quote } from "../economy/found.js";
import { formatPath, type Path } from "../economy/path.js";

/** No file of this package nests deeper; deeper ones are refused before any recursive reader sees them. */
export const DEEPEST = 64;

/** A refusal of a text that cannot be read at all: one problem. */
export function unreadable(subject: string, path: string, found: string, expected: string): InputError {
  return new InputError(subject, [{ path, found, expected }]);
}

export function tooDeep(subject: string, text: string, offset: number): InputError {
  const found = `nesting deeper than ${DEEPEST} levels`;
  return unreadable(subject, lineAndColumn(text, offset), found, "the ten levels or so that a file needs");
}

/** `line 3, column 7` (both from 1) of an offset into `text`. */
export function lineAndColumn(text: string, offset: number): string {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/u);
  return `line ${lines.length}, column ${lines[lines.length - 1]!.length + 1}`;
}

/** A key that stands twice in one object, or one that no object may have: `path` ends with it, `offset` is its place. */
export function keyProblem(path: Path, text: string, offset: number): Problem {
  const key = String(path[path.length - 1]);
  const where = lineAndColumn(text, offset);
  const twice = { found: `the key ${quote(key)} a second time (${where})`, expected: "every key once" };
  const forbidden = { found: `the name "__proto__" (${where})`, expected: "another name" };
  return { path: formatPath(path), ...(key === "__proto__" ? forbidden : twice) };
}
