import { realpath, stat } from "node:fs/promises";
import { extname } from "node:path";
import { InputError, NotBuiltError } from "../index.js";
import { checkWritable } from "../io/write-json.js";
import { NOT_BUILT, notBuilt } from "./not-built.js";

/** The extensions results are written under, those of this version; a name without one means JSON. */
const FORMATS = [".json", ".npz"].filter((extension) => !Object.hasOwn(NOT_BUILT.outFiles, extension));

/**
 * Refuses, before anything is computed, a result file of no known format, one that could not be written, and one that would
 * overwrite `source`. Throws InputError; NotBuiltError for formats of the contract that this version lacks.
 */
export async function checkOut(out: string, source?: string): Promise<void> {
  const refuse = (found: string, expected: string) =>
    new InputError("the command line", [{ path: "--out", found, expected }]);
  if (out === "-") throw refuse('"-"', "a file; --json writes the result to standard output");
  await checkFormat(out, refuse);
  await checkWritable(out);
  if (source === undefined || source === "-") return;
  const [target, read] = await Promise.all([out, source].map((path) => realpath(path).catch(() => null)));
  if (target !== null && target === read) {
    const expected = "another file than the economy's own";
    throw new InputError("the output file", [{ path: out, found: "the economy itself", expected }]);
  }
}

async function checkFormat(out: string, refuse: (found: string, expected: string) => InputError) {
  const extension = extname(out).toLowerCase();
  if (extension === "" || FORMATS.includes(extension)) return;
  for (const [missing, purpose] of Object.entries(NOT_BUILT.outFiles)) {
    if (extension === missing) throw new NotBuiltError(notBuilt(`--out FILE${missing}`, purpose));
  }
  const target = await stat(out).catch(() => null);
  if (target !== null && !target.isFile()) return;
  throw refuse(JSON.stringify(out), `a name that ends in ${FORMATS.join(" or ")}`);
}
