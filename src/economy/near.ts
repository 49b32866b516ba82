import { distance } from "fastest-levenshtein";

/**
 * The candidate that a misspelt name most likely meant, or undefined. In order: the same but for case or surrounding
 * space, the same letters in another order, the same last part (`quality` for `planner/quality`), else the smallest edit distance, at most a third
 * of the name's length.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(name);
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const cost = unlikeness(wanted, fold(candidate));
    if (cost < least) [best, least] = [candidate, cost];
  }
  return least <= Math.max(1, Math.floor(wanted.length / 3)) && least < wanted.length ? best : undefined;
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}

/** 0 for the same, 0.5 for the same letters, 0.75 for a shared last part, otherwise the edit distance. */
function unlikeness(wanted: string, candidate: string): number {
  if (wanted === candidate) return 0;
  if (Math.abs(wanted.length - candidate.length) === 0 && sorted(wanted) === sorted(candidate)) return 0.5;
  if (lastPart(wanted) === lastPart(candidate)) return 0.75;
  return distance(wanted, candidate);
}

function sorted(name: string): string {
  return [...name].sort().join("");
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
