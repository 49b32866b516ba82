import type { ResultFile } from "../solve/result.js";
import { arraysOf } from "../solve/result-arrays.js";
import { writeResultArchive } from "./npz/result-archive.js";
import { writeJsonAtomically } from "./write-json.js";

/** Writes a result (formats.md, `walras-result/1`): as arrays where the name ends in `.npz`, otherwise as JSON. */
export async function writeResult(path: string, result: ResultFile): Promise<void> {
  if (/\.npz$/iu.test(path)) await writeResultArchive(path, arraysOf(result));
  else await writeJsonAtomically(path, result);
}
