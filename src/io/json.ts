import { type ParseError, type ParseErrorCode, parse, stripComments } from "jsonc-parser";
import { describeFound } from "../economy/found.js";
import { keyProblems } from "./json-keys.js";
import { lineAndColumn, unreadable } from "./syntax.js";

/**
 * Reads JSON in which comments are allowed and nothing else is added: no trailing commas, no duplicate keys. Throws
 * InputError with line and column; never overflows the stack.
 */
export function parseJson(text: string, subject: string): unknown {
  const twice = keyProblems(text, subject);
  const value = parseStrictly(text, subject);
  twice.throwIfAny(subject);
  return value;
}

function parseStrictly(text: string, subject: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseWithComments(text, subject);
  }
}

function parseWithComments(text: string, subject: string): unknown {
  const errors: ParseError[] = [];
  parse(text, errors, { allowTrailingComma: false, disallowComments: false });
  try {
    if (errors.length === 0) return JSON.parse(stripComments(text, " "));
  } catch (error) {
    throw unreadable(subject, "", String(error), "a text in JSON");
  }
  throw syntaxError(text, subject, errors[0]!);
}

function syntaxError(text: string, subject: string, { offset, length, error }: ParseError) {
  const rest = text.slice(offset).trimStart();
  const token = text.slice(offset, offset + Math.max(1, length));
  const found = rest === "" ? "the end of the text" : describeToken(token);
  return unreadable(subject, lineAndColumn(text, offset), found, expectedAt(error, text, offset));
}

function describeToken(token: string): string {
  return token.length === 1 ? JSON.stringify(token) : describeFound(token).replace(" (string)", "");
}

function expectedAt(code: ParseErrorCode, text: string, offset: number): string {
  const afterComma = /,\s*$/u.test(text.slice(Math.max(0, offset - 200), offset));
  const trailing = afterComma && /^\s*[}\]]/u.test(text.slice(offset, offset + 200));
  if (trailing) return "another item: JSON has no comma after the last one";
  return EXPECTED[code] ?? "JSON (with comments, if you like)";
}

/** By jsonc-parser's error code. */
const EXPECTED: Record<number, string> = {
  1: "JSON: keys and strings in double quotes, numbers, true, false, null, objects and arrays",
  2: "a number",
  3: "a key in double quotes",
  4: "a value",
  5: 'a ":" after the key',
  6: 'a "," between items',
  7: 'a "}" that closes the object',
  8: 'a "]" that closes the array',
  9: "nothing after the end of the file's one value",
  11: 'a "*/" that closes the comment',
  12: "a closing double quote",
  13: "a number with digits after its point or exponent",
  14: "four hexadecimal digits after \\u",
  15: "an escape that JSON knows",
  16: "no control characters in a string",
};
