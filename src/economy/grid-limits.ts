import { Problems } from "./problems.js";
import type { EconomyFile } from "./schema.js";

/** More prices than this are no economy but a slip in `nodes`: one vector of them would fill 2 GiB. */
export const MOST_PRICES = 2 ** 28;

/** More commodities than this no population may make: their names alone would fill a GiB. */
export const MOST_COMMODITIES = 2 ** 22;

/** Finding n Gauss–Legendre nodes takes O(n²) work: seconds at this many. */
const MOST_GAUSS = 2 ** 14;

/** Beyond these, weights and intensities leave the range of numbers. */
const SHORTEST = 1e-100;
const LONGEST = 1e100;

/** Throws InputError where a grid would not fit in memory, would not be done in time, or has no weights in range. */
export function requireReasonableGrid(
  time: Pick<EconomyFile["time"], "horizon" | "nodes" | "rule">,
  commodities: number,
  subject: string,
): void {
  const { horizon, nodes, rule } = time;
  const problems = new Problems();
  if (horizon < SHORTEST || horizon > LONGEST) {
    problems.add(
      ["time", "horizon"],
      String(horizon),
      `a horizon from ${SHORTEST} to ${LONGEST}, in a unit that suits it`,
    );
  }
  if (Math.max(1, commodities) * nodes > MOST_PRICES) {
    const found = `${nodes} nodes for ${commodities} commodities`;
    problems.add(["time", "nodes"], found, `at most ${MOST_PRICES} prices in all`);
  } else if (rule === "gauss-legendre" && nodes > MOST_GAUSS) {
    problems.add(["time", "nodes"], `${nodes} gauss-legendre nodes`, `at most ${MOST_GAUSS}, or "midpoint"`);
  }
  problems.throwIfAny(subject);
}
