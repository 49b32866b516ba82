import type { Economy } from "../../economy/economy.js";
import type { Path } from "../../economy/path.js";
import { certificationOf } from "../certification.js";
import type { Comparison } from "../comparison.js";
import { certificateOf, known } from "../result.js";
import type { ResultHead } from "../result-schema.js";
import { characterOf } from "./character.js";
import { distanceOf } from "./collection.js";

type Said = NonNullable<ResultHead["equilibria"]>[number];
type CompareCertificates = (
  comparison: Comparison,
  said: Said["certificate"],
  own: Said["certificate"],
  path: Path,
) => void;

/** Two equilibria of a file that are this close are one. */
const SAME = 1e-9;

/**
 * What a result says of all equilibria (formats.md, `--all-equilibria`): each recomputed from its prices, certified, listed once, and
 * the first of them the result's own; and the sum of the indices. That none is missing no recomputation tells.
 *
 * @param prices the result's own, [commodities, nodes]
 */
export async function compareEquilibria(
  comparison: Comparison,
  economy: Economy,
  { equilibria, index_sum, certificate }: ResultHead,
  prices: Float64Array,
  tolerance: number,
  compareCertificates: CompareCertificates,
): Promise<void> {
  if (equilibria === undefined) return;
  const seen: Float64Array[] = [];
  let sum: number | null = 0;
  for (const [k, said] of equilibria.entries()) {
    const path = ["equilibria", k];
    const own = pricesOf(comparison, economy, said, path);
    if (own === null) continue;
    if (k === 0) comparison.series("equilibria", () => [...path, "prices"], own, prices);
    const twin = seen.findIndex((other) => distanceOf(own, other) <= SAME);
    if (twin >= 0) comparison.fail("equilibria", path, `the same as equilibria[${twin}]`, "each once");
    seen.push(own);
    const step = said.certificate.contraction.step ?? certificate.contraction.step ?? 1;
    const verification = await certificationOf(economy, own, step);
    for (const { item, found, allowed, where } of verification.failures(tolerance)) {
      comparison.fail("equilibria", [...path, "certificate", item], found, allowed, ` ${where}`.trimEnd());
    }
    const recomputed = certificateOf(verification.certificate);
    compareCertificates(comparison, said.certificate, recomputed, [...path, "certificate"]);
    const { index, stability } = await characterOf(economy, own);
    comparison.equal("equilibria", [...path, "index"], worded(said.index), worded(index));
    comparison.equal("equilibria", [...path, "stability"], said.stability, stability);
    economy.orchestrators.forEach(({ name }, i) => {
      const utility = known(verification.plans.orchestrators[i].utility);
      const told = said.utility?.[name];
      if (told !== undefined) comparison.number("equilibria", [...path, "utility", name], told, utility);
    });
    sum = sum === null || index === null ? null : sum + index;
  }
  comparison.equal("equilibria", ["index_sum"], worded(index_sum ?? null), worded(sum));
}

/** The prices of one, [commodities, nodes]; null, and a failure, where they are not those of the economy's commodities. */
function pricesOf(comparison: Comparison, { commodities, grid }: Economy, { prices }: Said, path: Path) {
  const N = grid.nodes;
  const matrix = new Float64Array(commodities.length * N);
  const before = comparison.failures.length;
  const own = Object.fromEntries(commodities.map(({ name }, m) => [name, m]));
  comparison.names("equilibria", [...path, "prices"], prices, own, (at, said, m) => {
    const values = typeof said === "number" ? [said] : said;
    if (values.length === N) matrix.set(values, m * N);
    else comparison.fail("equilibria", at, `${values.length} values`, `${N}, one a node`);
  });
  if (comparison.failures.length > before) return null;
  if (matrix.some((p) => p > 0)) return matrix;
  comparison.fail("equilibria", [...path, "prices"], "no price above 0", "at least one");
  return null;
}

function worded(x: number | null): string | null {
  return x === null ? null : String(x);
}
