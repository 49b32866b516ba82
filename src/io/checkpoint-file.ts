import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";
import writeFileAtomic from "write-file-atomic";
import { InputError } from "../core/errors.js";
import { CHECKPOINT_FORMAT, type Checkpoint } from "../solve/checkpoint.js";

/** `walras-checkpoint/1`, a line end, SHA-256 of the rest in hexadecimal, a line end, the rest: V8's structured clone. */
const HEADER = `${CHECKPOINT_FORMAT}\n`;
const DIGEST = 64;

/** Writes a checkpoint under a temporary name and renames it, synchronously: what it holds is valid only now. */
export function writeCheckpoint(path: string, checkpoint: Checkpoint): void {
  const body = serialize(checkpoint);
  const head = Buffer.from(`${HEADER}${digest(body)}\n`, "latin1");
  writeFileAtomic.sync(path, Buffer.concat([head, body]));
}

/** The checkpoint in a file; null where there is no file. Throws InputError on anything that is not a whole checkpoint. */
export async function readCheckpoint(path: string): Promise<Checkpoint | null> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw refusal(path, `a file that cannot be read (${error.code})`);
  });
  if (bytes === null) return null;
  const start = HEADER.length + DIGEST + 1;
  if (bytes.toString("latin1", 0, HEADER.length) !== HEADER) throw refusal(path, "another kind of file");
  const body = bytes.subarray(start);
  if (bytes.toString("latin1", HEADER.length, start - 1) !== digest(body)) {
    throw refusal(path, "a checkpoint that is damaged or cut off");
  }
  return deserialize(body) as Checkpoint;
}

function digest(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

function refusal(path: string, found: string): InputError {
  return new InputError("the checkpoint", [{ path, found, expected: `a whole ${CHECKPOINT_FORMAT} file` }]);
}
