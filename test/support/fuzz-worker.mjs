// A worker thread that does the fuzz's inputs one by one, on what is in dist/.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { readAndSolve } from "./fuzz-target.mjs";

/** @param {string[]} path */
const load = (...path) => import(pathToFileURL(join(workerData.dist, ...path)).href);
const [{ InputError, solve }, { parseBytes }] = await Promise.all([
  load("index.js"),
  load("io", "read-economy.js"),
]);

parentPort?.on("message", async (input) => {
  const outcome = await readAndSolve({ parseBytes, solve, InputError }, input).catch((error) => ({
    error: error instanceof Error ? String(error.stack) : String(error),
  }));
  parentPort?.postMessage(outcome);
});
