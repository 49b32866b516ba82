import { type Economy, type ResultFile, type SolveOptions, solve, toResult } from "../index.js";
import type { Io } from "./io.js";
import { type ProgressMode, startProgress } from "./progress.js";

/**
 * Solves in sight of a person: progress on standard error; the first Ctrl-C ends the solve with its best iterate. `then`
 * gets the result, and Ctrl-C does not cut it short.
 */
export async function solveWatched(
  io: Io,
  economy: Economy,
  options: SolveOptions & { readonly progress: ProgressMode },
  then: (result: ResultFile) => Promise<number>,
): Promise<number> {
  const { progress: mode, ...rest } = options;
  const controller = new AbortController();
  const progress = startProgress(mode, io.stderr, options.tolerance ?? 1e-8);
  const ignore = io.onInterrupt(() => {
    progress.stop();
    if (mode !== "jsonl") io.stderr.write("walras: cancelling… (once more to end at once)\n");
    controller.abort();
  });
  try {
    const solution = await solve(economy, {
      ...rest,
      onStep: progress.step,
      signal: controller.signal,
    }).finally(progress.stop);
    return await then(toResult(solution));
  } finally {
    ignore();
  }
}
