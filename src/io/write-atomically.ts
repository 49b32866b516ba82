import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import writeFileAtomic from "write-file-atomic";

/**
 * Writes a file under a temporary name beside the target, piece by piece, then renames: readers see the old file or the
 * new one, whole. A device or a pipe (`/dev/null`) is written to as it is.
 */
export async function writeAtomically(path: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  const write = (to: string) => pipeline(Readable.from(pieces), createWriteStream(to));
  if (!(await isReplaceable(path))) return write(path);
  // The library makes the temporary file, keeps mode and owner, syncs and renames; the hook fills it piece by piece.
  await writeFileAtomic(path, "", { tmpfileCreated: (temporary) => write(temporary) });
}

/** Whether the path is new or an ordinary file, which a rename may replace. */
async function isReplaceable(path: string): Promise<boolean> {
  const target = await stat(path).catch(() => null);
  return target === null || target.isFile();
}
