// What is done with one input of the fuzz: read as a file is, then solved for a few steps and certified. Plain JavaScript, so
// that a worker thread can run it on dist/.

/**
 * @typedef {object} Walras
 * @property {typeof import("../../src/io/read-economy.js").parseBytes} parseBytes
 * @property {typeof import("../../src/solve/solve.js").solve} solve
 * @property {typeof import("../../src/core/errors.js").InputError} InputError
 */

/**
 * The status of a short solve, or "refused"; throws where it is neither, as exit 1 would be.
 * @param {Walras} walras
 * @param {{ name: string, bytes: Uint8Array }} input
 * @returns {Promise<string>}
 */
export async function readAndSolve({ parseBytes, solve, InputError }, { name, bytes }) {
  try {
    const economy = parseBytes(bytes, { subject: name });
    const { status, certificate } = await solve(economy, { maxSteps: 2 });
    if (typeof certificate.contraction.why !== "string") throw new Error(`${status} without a certificate`);
    return status;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (error.problems.length === 0) throw new Error("refused without a word", { cause: error });
    for (const { found, expected } of error.problems) {
      if (found === "" || expected === "") throw new Error("refused in no words", { cause: error });
    }
    return "refused";
  }
}
