import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Economy, ResultFile } from "../index.js";
import { writeJson, writeJsonAtomically } from "../io/write-json.js";
import { writeResult } from "../io/write-result.js";
import { headline, type SummaryOptions, summarize } from "../report/summary.js";
import { INTERNAL, NOT_SOLVED, OK } from "./command.js";
import { hasColor, type Io, widthOf } from "./io.js";

export interface Delivery {
  readonly json: boolean;
  /** Where the result is written, if anywhere. */
  readonly out?: string;
  /** Standard error belongs to a program: no sentences there. */
  readonly quiet: boolean;
  /** What a person sees; default the summary, or its headline where the result goes to a file. */
  readonly text?: (result: ResultFile, options: SummaryOptions) => string;
  /** That the result is of. */
  readonly economy: Economy;
  /** A result that is not solved and would go nowhere is written to a file in the temporary folder. */
  readonly keep?: boolean;
}

/** Writes a result wherever it was asked for, and returns the exit code that its status deserves. */
export async function deliver(io: Io, result: ResultFile, delivery: Delivery): Promise<number> {
  const { json, out, quiet, economy, keep = false } = delivery;
  const { text = out === undefined ? summarize : headline } = delivery;
  const { status } = result;
  const say = (sentence: string) => {
    if (!quiet) io.stderr.write(`walras: ${sentence}\n`);
  };
  const written = out === undefined || (await write(out, result, say));
  if (json) await writeJson(io.stdout, result);
  else {
    const color = hasColor(io.stdout, io.env);
    io.stdout.write(text(result, { width: widthOf(io.stdout), color, economy }));
  }
  if (out !== undefined && written) say(`the result is in ${out}`);
  if (status !== "solved" && json)
    say(status === "cancelled" ? result.message : `${status}: ${result.message}`);
  if (keep && status !== "solved" && out === undefined && !json) {
    const path = await writeTemporarily(result);
    const sentence = path === null ? "the result could not be kept" : `the result is kept in ${path}`;
    // Where standard error is not for sentences, standard output is: there is no --json.
    (quiet ? io.stdout : io.stderr).write(`walras: ${sentence} (--out FILE says where else)\n`);
  }
  if (!written) return INTERNAL;
  return status === "solved" ? OK : NOT_SOLVED;
}

/** A disk that filled up meanwhile costs no result. */
async function write(out: string, result: ResultFile, say: (sentence: string) => void): Promise<boolean> {
  try {
    await writeResult(out, result);
    return true;
  } catch (error) {
    const path = await writeTemporarily(result);
    const kept = path === null ? "nor could it be kept elsewhere" : `it is kept in ${path}`;
    say(`${out} could not be written (${error instanceof Error ? error.message : error}); ${kept}`);
    return false;
  }
}

/** The path, in a folder of its own under the system's temporary one; null where that fails too. */
async function writeTemporarily(result: ResultFile): Promise<string | null> {
  try {
    const path = join(await mkdtemp(join(tmpdir(), "walras-")), "result.json");
    await writeJsonAtomically(path, result);
    return path;
  } catch {
    return null;
  }
}
