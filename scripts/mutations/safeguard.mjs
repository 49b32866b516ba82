// What a safeguard is, and whether the list of them still fits the sources. Node built-ins only.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A piece of code that keeps something from going wrong, how to take it away, and the tests that must see it gone.
 *
 * @typedef {object} Safeguard
 * @property {string} name `area/what-it-does`
 * @property {string} why what goes wrong without it, in a sentence
 * @property {string} file the source it is in
 * @property {string} find its exact text, which occurs in `file` exactly once
 * @property {string} replace what stands there instead when it is taken away
 * @property {readonly string[]} tests files of tests of which at least one must then fail
 * @property {string} [only] of those files only the tests whose full name contains this
 * @property {number} [seconds] how long they may take; where the code then hangs, little more than they usually do
 */

/**
 * Where the list no longer fits the repository.
 *
 * @param {string} root the repository
 * @param {readonly Safeguard[]} safeguards
 * @returns {string[]} one sentence a problem
 */
export function problemsOf(root, safeguards) {
  const names = safeguards.map(({ name }) => name);
  return safeguards.flatMap((safeguard, i) => {
    const { name, find, replace, tests } = safeguard;
    const count = occurrences(root, safeguard);
    const missing = tests.filter((test) => !existsSync(join(root, test)));
    return [
      ...(names.indexOf(name) < i ? [`${name}: there are two of this name.`] : []),
      ...(count === 1 ? [] : [`${name}: its text occurs ${count} times in ${safeguard.file}, not once.`]),
      ...(find === replace ? [`${name}: the replacement changes nothing.`] : []),
      ...(tests.length === 0 ? [`${name}: it names no test.`] : []),
      ...missing.map((test) => `${name}: there is no ${test}.`),
    ];
  });
}

/**
 * How often its text occurs in its file.
 *
 * @param {string} root
 * @param {Safeguard} safeguard
 */
function occurrences(root, { file, find }) {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, "utf8").split(find).length - 1 : 0;
}

/**
 * Those that the names ask for: a whole name, or the area before the slash; all where none is given.
 *
 * @param {readonly Safeguard[]} safeguards
 * @param {readonly string[]} names
 * @returns {{ chosen: Safeguard[], unknown: string[] }}
 */
export function choose(safeguards, names) {
  /** @param {Safeguard} safeguard @param {string} asked */
  const means = ({ name }, asked) => name === asked || name.startsWith(`${asked}/`);
  const chosen = safeguards.filter(
    (safeguard) => names.length === 0 || names.some((asked) => means(safeguard, asked)),
  );
  return { chosen, unknown: names.filter((asked) => !safeguards.some((one) => means(one, asked))) };
}
