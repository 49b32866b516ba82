import { NotBuiltError } from "../core/errors.js";
import { parseResult, type ResultFile } from "../solve/result.js";
import { decodeText, isZip } from "./decode.js";
import { parseJson } from "./json.js";
import { nameOf, readBytes } from "./read-bytes.js";
import { unreadable } from "./syntax.js";

/** Characters of the longest string there can be (V8, 64 bits). */
const LONGEST = 2 ** 29 - 24;

/** Reads a result file (formats.md, `walras-result/1`). Throws InputError with every problem found; NotBuiltError for NPZ. */
export async function readResult(source: string | URL): Promise<ResultFile> {
  return parseResult(await readJson(source, "a result in JSON"), nameOf(source));
}

/** The value of a JSON file. @param expected what the file should have been, for messages */
export async function readJson(source: string | URL, expected: string): Promise<unknown> {
  const subject = nameOf(source);
  const bytes = await readBytes(source);
  if (isZip(bytes) || /\.npz$/iu.test(subject)) {
    throw new NotBuiltError(
      `${subject}: NPZ files are not built in this version; use a result written as JSON.`,
    );
  }
  if (bytes.length > LONGEST)
    throw unreadable(subject, "", `${bytes.length} bytes`, `a text of at most ${LONGEST}`);
  if (bytes.every(isBlank)) throw unreadable(subject, "", "an empty file", expected);
  return parseJson(decodeText(bytes, subject), subject);
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
