import type { Collection } from "./collection.js";
import type { Grounds } from "./find.js";
import type { Hunt } from "./hunt.js";

/** How many equilibria there are, why there should be no others, and a plain warning where there should be: sentences for a person. */
export function wordsFor({ found, indexSum, isContinuum }: Collection, grounds: Grounds, hunt: Hunt): string {
  const worst = found.reduce(
    (most, { verification }) => Math.max(most, verification.certificate.clearing),
    0,
  );
  const count = found.length === 1 ? "One equilibrium" : `${found.length} equilibria`;
  const sentences = [
    `${count}, certified, clearing to ${worst.toExponential(1)}${found.length === 1 ? "" : " or closer"}.`,
    ...indexWords(found, indexSum),
    ...(isContinuum ? [CONTINUUM] : coverage(grounds, hunt)),
  ];
  return sentences.join(" ");
}

const CONTINUUM = "So many are critical that there seems to be a continuum, of which these are points.";

/** What a person should be warned of; null where there is nothing. */
export function indexWarning(indexSum: number | null, indices: readonly (number | null)[]): string | null {
  if (indexSum === null || indexSum === 1 || indices.length === 0) return null;
  const critical = indices.filter((index) => index === 0).length;
  const sum = `The indices sum to ${indexSum > 0 ? "+" : ""}${indexSum}, not +1`;
  if (critical === 0) return `${sum}: some equilibria were not found.`;
  const which = critical === 1 ? "one is critical" : `${critical} are critical`;
  return `${sum}: ${which} (index 0), or some equilibria were not found.`;
}

function indexWords(found: Collection["found"], indexSum: number | null): string[] {
  if (indexSum === null) {
    return [
      "With so many prices no index or stability is computed, and nothing tells whether some are missing.",
    ];
  }
  const indices = found.map(({ index }) => index);
  const unknown = found.some(({ stability }) => stability === null);
  return [
    indexWarning(indexSum, indices) ?? "The indices sum to +1, as they must.",
    ...(unknown ? ["With so many prices not every stability is computed."] : []),
  ];
}

function coverage({ theorem, line, searched }: Grounds, hunt: Hunt): string[] {
  if (theorem !== null) return [`There is no other: ${theorem}.`];
  if (searched === null) {
    const all = line === null ? [] : [`All ${line.of} were scanned`];
    return all.map((scanned) => `${scanned}: others could only be pairs closer together than that resolves.`);
  }
  const { starts, fruitless, isSettled } = searched;
  const scan = line?.isComplete === false ? [`Not all ${line.of} could be scanned.`] : [];
  if (isSettled) {
    const last = `Nothing new came of the last ${fruitless} of ${starts} starts`;
    return [...scan, `${last}, which does not prove that there are no others.`];
  }
  const end = hunt.cancelled ? "was cancelled" : "had to end";
  return [...scan, `The search ${end} after ${starts} starts: there may be others.`];
}
