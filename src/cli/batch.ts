import { type Economy, type SolveOptions, solveEach, toResult } from "../index.js";
import { NOT_SOLVED, OK } from "./command.js";
import type { Io } from "./io.js";

/** Solves economies of one structure; one result as a line of JSON for each, in order. Ctrl-C ends the rest early. */
export async function runBatch(
  io: Io,
  economies: readonly Economy[],
  options: SolveOptions,
): Promise<number> {
  const controller = new AbortController();
  const ignore = io.onInterrupt(() => {
    io.stderr.write("walras: cancelling… (once more to end at once)\n");
    controller.abort();
  });
  let code = OK;
  try {
    for await (const solution of solveEach(economies, { ...options, signal: controller.signal })) {
      io.stdout.write(`${JSON.stringify(toResult(solution))}\n`);
      if (solution.status !== "solved") {
        code = NOT_SOLVED;
        io.stderr.write(`walras: ${solution.economy.name}: ${solution.status}: ${solution.message}\n`);
      }
    }
    return code;
  } finally {
    ignore();
  }
}
