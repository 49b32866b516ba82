import type { Economy } from "../economy/economy.js";
import { parseResult, type ResultFile } from "../solve/result.js";
import type { ResultArrays } from "../solve/result-arrays.js";
import { decodeText, isZip } from "./decode.js";
import { parseJson } from "./json.js";
import { readResultArchive } from "./npz/result-archive.js";
import { nameOf, readBytes } from "./read-bytes.js";
import { unreadable } from "./syntax.js";

/** Characters of the longest string there can be (V8, 64 bits). */
const LONGEST = 2 ** 29 - 24;

/**
 * Reads a result (formats.md, `walras-result/1`): a file in JSON, or an archive as `--out x.npz` writes it, by content. Throws
 * InputError with every problem found.
 * @param economy that the result is of, if known: an archive much larger than that is not unpacked
 */
export async function readResult(
  source: string | URL,
  economy?: Economy,
): Promise<ResultFile | ResultArrays> {
  const [subject, bytes] = [nameOf(source), await readBytes(source)];
  if (isArchive(bytes, subject)) return readResultArchive(bytes, { subject, economy });
  return parseResult(parseJsonBytes(bytes, subject, "a result in JSON or NPZ"), subject);
}

/** Whether a file is an NPZ archive, or says so by its name. */
export function isArchive(bytes: Uint8Array, name: string): boolean {
  return isZip(bytes) || /\.npz$/iu.test(name);
}

/** The value of a JSON file. @param expected what the file should have been, for messages */
export function parseJsonBytes(bytes: Uint8Array, subject: string, expected: string): unknown {
  if (bytes.length > LONGEST) {
    const most = `a text of at most ${LONGEST}; as arrays (walras solve … --out x.npz) it may be longer`;
    throw unreadable(subject, "", `${bytes.length} bytes`, most);
  }
  if (bytes.every(isBlank)) throw unreadable(subject, "", "an empty file", expected);
  return parseJson(decodeText(bytes, subject), subject);
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
