// vitest in a folder, within a time. Node built-ins only.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative, sep } from "node:path";

/**
 * A test that ran.
 *
 * @typedef {object} Test
 * @property {string} file
 * @property {string} name the titles of its suites and its own, as `-t` sees them
 * @property {string} title the same, for people
 * @property {boolean} passed
 */

/**
 * @typedef {object} TestRun
 * @property {readonly Test[]} tests those that ran, in order
 * @property {boolean} timedOut the time was over before the end
 * @property {string | null} broken why vitest could not judge: a file that does not load, an error outside of tests
 */

/**
 * Runs some test files to their end or their first failure.
 *
 * @param {string} root
 * @param {object} request
 * @param {readonly string[]} request.files
 * @param {readonly string[]} [request.only] only tests whose full name contains one of these; all where there are none
 * @param {number} request.seconds
 * @param {boolean} [request.bail] end at the first failure
 * @returns {Promise<TestRun>}
 */
export async function runTests(root, { files, only = [], seconds, bail = false }) {
  const report = join(root, "vitest-report.json");
  rmSync(report, { force: true });
  const pattern = only.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
  const args = [
    join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    // In threads, so that all of it ends with the process.
    "--pool=threads",
    "--no-file-parallelism",
    "--reporter=json",
    `--outputFile=${report}`,
    ...(bail ? ["--bail=1"] : []),
    ...(pattern === "" ? [] : ["-t", pattern]),
    ...files,
  ];
  const timedOut = await ranOutOfTime(root, args, seconds);
  if (timedOut) return { tests: [], timedOut, broken: null };
  return readReport(root, report);
}

/**
 * @param {string} cwd
 * @param {readonly string[]} args
 * @param {number} seconds
 * @returns {Promise<boolean>} whether it had to be stopped
 */
function ranOutOfTime(cwd, args, seconds) {
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const child = spawn(process.execPath, args, { cwd, stdio: "ignore" });
    const stop = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, 1000 * seconds);
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(stop);
      resolve(timedOut);
    });
  });
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {TestRun}
 */
function readReport(root, path) {
  if (!existsSync(path)) return { tests: [], timedOut: false, broken: "vitest left no report" };
  const { testResults, success } = JSON.parse(readFileSync(path, "utf8"));
  /** @type {Test[]} */
  const tests = [];
  for (const { name: file, assertionResults } of testResults) {
    const inside = relative(root, file).split(sep).join("/");
    for (const { ancestorTitles, fullName, status, title } of assertionResults) {
      if (status !== "passed" && status !== "failed") continue;
      const titles = [...ancestorTitles, title].join(" > ");
      tests.push({ file: inside, name: fullName, title: titles, passed: status === "passed" });
    }
  }
  const blameless = tests.every(({ passed }) => passed);
  const message =
    testResults
      .map((/** @type {{ message?: string }} */ { message }) => message)
      .find((/** @type {string | undefined} */ text) => text) ?? "an error outside of tests";
  return { tests, timedOut: false, broken: blameless && !success ? message.split("\n")[0] : null };
}
