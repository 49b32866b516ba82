import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Writable } from "node:stream";
import { InputError } from "../core/errors.js";
import { jsonPieces } from "./json-pieces.js";
import { writeAtomically } from "./write-atomically.js";

/** Writes JSON so that readers see the old file or the new one, whole. */
export async function writeJsonAtomically(path: string, value: unknown): Promise<void> {
  await writeAtomically(path, textOf(value));
}

/** JSON to a stream, as long as somebody reads it; the stream stays open. */
export async function writeJson(stream: Writable, value: unknown): Promise<void> {
  for (const piece of textOf(value)) {
    if (stream.errored || stream.destroyed) return;
    if (!stream.write(piece)) await drained(stream);
  }
}

function drained(stream: Writable): Promise<void> {
  const events = ["drain", "error", "close"];
  return new Promise((resolve) => {
    const done = () => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}

function* textOf(value: unknown): Generator<string> {
  yield* jsonPieces(value);
  yield "\n";
}

/** Refuses, before anything is computed, a path that could not be written afterwards. Throws InputError. */
export async function checkWritable(path: string): Promise<void> {
  const expected = "a name at which a file can be written";
  const refuse = (found: string) => new InputError("the output file", [{ path, found, expected }]);
  if (path === "") throw refuse("an empty name");
  const target = await stat(path).catch(() => null);
  if (target?.isDirectory()) throw refuse("a directory");
  if (target !== null && !(await isAllowed(path))) throw refuse("a file that may not be written");
  if (target !== null && !target.isFile()) return;
  const folder = dirname(await realpath(path).catch(() => path));
  const parent = await stat(folder).catch(() => null);
  if (parent === null) throw refuse(`no folder ${JSON.stringify(folder)}`);
  if (!parent.isDirectory()) throw refuse(`${JSON.stringify(folder)}, which is no folder`);
  if (!(await isAllowed(folder)))
    throw refuse(`a folder ${JSON.stringify(folder)} that may not be written to`);
}

function isAllowed(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
