import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ResultFile } from "../index.js";
import { writeJson, writeJsonAtomically } from "../io/write-json.js";
import { summarize } from "../report/summary.js";
import { INTERNAL, NOT_SOLVED, OK } from "./command.js";
import { hasColor, type Io, widthOf } from "./io.js";

export interface Delivery {
  readonly json: boolean;
  /** Where the result is written, if anywhere. */
  readonly out?: string;
  /** Standard error belongs to a program: no sentences there. */
  readonly quiet: boolean;
  /** What a person sees; default the summary. */
  readonly text?: (result: ResultFile, options: { width: number; color: boolean }) => string;
}

/** Writes a result wherever it was asked for, and returns the exit code that its status deserves. */
export async function deliver(io: Io, result: ResultFile, delivery: Delivery): Promise<number> {
  const { json, out, quiet, text = summarize } = delivery;
  const say = (sentence: string) => {
    if (!quiet) io.stderr.write(`walras: ${sentence}\n`);
  };
  const written = out === undefined || (await write(out, result, say));
  if (json) await writeJson(io.stdout, result);
  else io.stdout.write(text(result, { width: widthOf(io.stdout), color: hasColor(io.stdout, io.env) }));
  if (out !== undefined && written) say(`the result is in ${out}`);
  if (result.status !== "solved" && json) say(`${result.status}: ${result.message}`);
  if (!written) return INTERNAL;
  return result.status === "solved" ? OK : NOT_SOLVED;
}

/** A disk that filled up meanwhile costs no result. */
async function write(out: string, result: ResultFile, say: (sentence: string) => void): Promise<boolean> {
  try {
    await writeJsonAtomically(out, result);
    return true;
  } catch (error) {
    const rescue = join(tmpdir(), `walras-result-${process.pid}.json`);
    say(`${out} could not be written (${error instanceof Error ? error.message : error}); trying ${rescue}`);
    await writeJsonAtomically(rescue, result).catch(() => say(`${rescue} could not be written either`));
    return false;
  }
}
