// Removes each named safeguard in turn from a copy of the sources and prints the test that then fails:
// `node scripts/mutate.mjs [--list] [name or area …]`. Exits 1 if no test sees one gone, or if the list no longer fits.

import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SAFEGUARDS } from "./mutations/index.mjs";
import { runTests } from "./mutations/run-tests.mjs";
import { choose, problemsOf } from "./mutations/safeguard.mjs";
import { workingCopy } from "./mutations/working-copy.mjs";

/** @typedef {import("./mutations/safeguard.mjs").Safeguard} Safeguard */
/** @typedef {import("./mutations/run-tests.mjs").Test} Test */

/**
 * What became of one: caught by a test or by the time limit, seen by no test, or not judged for a reason.
 *
 * @typedef {{ name: string, caught: string | null, wrong: string | null }} Verdict
 */

/** How long the tests of one safeguard may take, and all of them before anything is removed. */
const SECONDS = 120;
const ALL_SECONDS = 1200;

/**
 * Removes each safeguard in turn from a copy of the repository.
 *
 * @param {string} root the repository, which is left alone
 * @param {readonly Safeguard[]} safeguards
 * @param {(verdict: Verdict) => void} [onVerdict]
 * @returns {Promise<Verdict[]>}
 */
export async function mutate(root, safeguards, onVerdict = () => {}) {
  const copy = workingCopy(root);
  const stop = () => {
    copy.remove();
    process.exit(130);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    const before = await unmutated(copy.root, safeguards);
    /** @type {Verdict[]} */
    const verdicts = [];
    for (const safeguard of safeguards) {
      const wrong = before(safeguard);
      const verdict = wrong === null ? await judge(copy.root, safeguard) : { ...NOTHING, wrong };
      verdicts.push({ ...verdict, name: safeguard.name });
      onVerdict(verdicts[verdicts.length - 1]);
    }
    return verdicts;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    copy.remove();
  }
}

const NOTHING = { caught: null, wrong: null };

/**
 * Runs all the tests with every safeguard in place, so that a test that fails anyhow is not taken for a catch.
 *
 * @param {string} root
 * @param {readonly Safeguard[]} safeguards
 * @returns {Promise<(safeguard: Safeguard) => string | null>} why the tests of one cannot judge it, or null
 */
async function unmutated(root, safeguards) {
  const whole = safeguards.filter(({ only }) => only === undefined);
  const part = safeguards.filter(({ only }) => only !== undefined);
  /** @type {import("./mutations/run-tests.mjs").TestRun[]} */
  const runs = [];
  for (const group of [whole, part]) {
    if (group.length === 0) continue;
    const files = [...new Set(group.flatMap(({ tests }) => tests))];
    const only = [...new Set(group.flatMap((safeguard) => safeguard.only ?? []))];
    runs.push(await runTests(root, { files, only, seconds: ALL_SECONDS }));
  }
  const ran = runs.flatMap(({ tests }) => tests);
  return ({ tests, only = "" }) => {
    const own = ran.filter(({ file, name }) => tests.includes(file) && name.includes(only));
    const red = own.find(({ passed }) => !passed);
    if (red !== undefined) return `fails with the safeguard in place: ${red.title}`;
    if (own.length > 0) return null;
    if (runs.some(({ timedOut }) => timedOut)) return `the tests take more than ${ALL_SECONDS} s`;
    return `no test ran (${runs.map(({ broken }) => broken).find((text) => text) ?? "none of that name"})`;
  };
}

/**
 * Removes one safeguard, runs its tests, and puts it back.
 *
 * @param {string} root
 * @param {Safeguard} safeguard
 * @returns {Promise<{ caught: string | null, wrong: string | null }>}
 */
async function judge(root, { file, find, replace, tests, only, seconds = SECONDS }) {
  const path = join(root, file);
  const text = readFileSync(path, "utf8");
  const place = text.indexOf(find);
  writeFileSync(path, text.slice(0, place) + replace + text.slice(place + find.length));
  try {
    const filter = only === undefined ? [] : [only];
    const run = await runTests(root, { files: tests, only: filter, seconds, bail: true });
    if (run.timedOut) return { ...NOTHING, caught: `time limit, ${seconds} s` };
    if (run.broken !== null) return { ...NOTHING, wrong: `does not run: ${run.broken}` };
    const failed = run.tests.find(({ passed }) => !passed);
    if (failed === undefined) return { ...NOTHING, wrong: `no test fails of ${tests.join(", ")}` };
    return { ...NOTHING, caught: `${failed.file} > ${failed.title}` };
  } finally {
    writeFileSync(path, text);
  }
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
async function main(args) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const { chosen, unknown } = choose(
    SAFEGUARDS,
    args.filter((arg) => arg !== "--list"),
  );
  if (unknown.length > 0) {
    console.error(`No safeguard and no area is called ${unknown.join(", ")}; --list prints them all.`);
    return 2;
  }
  if (args.includes("--list")) {
    for (const { name, why } of chosen) console.log(`${name}\n    ${why}`);
    return 0;
  }
  const problems = problemsOf(root, chosen);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return 1;
  console.log(
    `Removing ${chosen.length} safeguards, one at a time; first all their tests with nothing removed.`,
  );
  const began = performance.now();
  const verdicts = await mutate(root, chosen, ({ name, wrong }) =>
    console.log(wrong === null ? `caught    ${name}` : `NOT SEEN  ${name}: ${wrong}`),
  );
  console.log(`\n${tableOf(verdicts)}\n`);
  const wrong = verdicts.filter((verdict) => verdict.wrong !== null);
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  console.log(`${verdicts.length - wrong.length} of ${verdicts.length} caught, in ${minutes} minutes.`);
  return wrong.length === 0 ? 0 : 1;
}

/** @param {readonly Verdict[]} verdicts */
function tableOf(verdicts) {
  const rows = [
    ["safeguard", "caught by"],
    ...verdicts.map(({ name, caught, wrong }) => [name, caught ?? `NOTHING: ${wrong}`]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, by]) => `${name.padEnd(width)}  ${by}`).join("\n");
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
