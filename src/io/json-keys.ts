import { createScanner } from "jsonc-parser";
import type { Path } from "../economy/path.js";
import { Problems } from "../economy/problems.js";
import { DEEPEST, keyProblem, tooDeep } from "./syntax.js";

/** jsonc-parser's token kinds (its const enum cannot be imported under verbatimModuleSyntax). */
const OPEN_BRACE = 1;
const CLOSE_BRACE = 2;
const OPEN_BRACKET = 3;
const CLOSE_BRACKET = 4;
const COMMA = 5;
const STRING = 10;
const END = 17;

/** An object or array that is open at the current token. */
interface Frame {
  /** Keys seen; null in an array. */
  readonly keys: Set<string> | null;
  /** The key or index of the value being read. */
  at: string | number;
  /** In an object, before a key. */
  wantsKey: boolean;
}

/**
 * One pass over the tokens of a JSON text, without recursion: duplicate keys, which JSON.parse would hide, and
 * `__proto__`. Throws InputError where the nesting is too deep; tolerates every other error of syntax.
 */
export function keyProblems(text: string, subject: string): Problems {
  const scanner = createScanner(text, true);
  const problems = new Problems();
  const open: Frame[] = [];
  for (let kind: number = scanner.scan(); kind !== END; kind = scanner.scan()) {
    const top = open[open.length - 1];
    if (kind === OPEN_BRACE) open.push({ keys: new Set(), at: "", wantsKey: true });
    else if (kind === OPEN_BRACKET) open.push({ keys: null, at: 0, wantsKey: false });
    else if (kind === CLOSE_BRACE || kind === CLOSE_BRACKET) open.pop();
    else if (kind === COMMA && top !== undefined) next(top);
    else if (kind === STRING && top?.wantsKey) {
      if (enter(top, scanner.getTokenValue())) continue;
      const offset = scanner.getTokenOffset();
      problems.addLazily(() => keyProblem(pathOf(open), text, offset));
    }
    if (open.length > DEEPEST) throw tooDeep(subject, text, scanner.getTokenOffset());
  }
  return problems;
}

function pathOf(open: readonly Frame[]): Path {
  return open.map((frame) => frame.at);
}

function next(frame: Frame): void {
  if (typeof frame.at === "number") frame.at++;
  else frame.wantsKey = true;
}

/** Notes a key; false when it is there already or forbidden. */
function enter(frame: Frame, key: string): boolean {
  frame.at = key;
  frame.wantsKey = false;
  if (key === "__proto__" || frame.keys?.has(key)) return false;
  frame.keys?.add(key);
  return true;
}
