import type { Certificate } from "../certificates/certificate.js";
import { VERSION } from "../core/version.js";
import type { Economy } from "../economy/economy.js";
import { nearest } from "../economy/near.js";
import { Problems } from "../economy/problems.js";
import { layOut } from "../market/layout.js";
import { certificationOf } from "./certification.js";
import { Comparison, type Failure } from "./comparison.js";
import { ranges } from "./ranges.js";
import { certificateOf, parseResult, plansOf, type ResultFile } from "./result.js";

export type { Failure } from "./comparison.js";

export interface CertifyOptions {
  /** What the relative items of the certificate may be; the file may differ from what is recomputed by ten times that. */
  readonly tolerance?: number;
}

export interface CertifyReport {
  readonly certified: boolean;
  readonly failures: readonly Failure[];
  /** Recomputed from the economy and the prices; nothing of it is taken from the file. */
  readonly certificate: Certificate;
}

export const DEFAULT_TOLERANCE = 1e-8;

/**
 * Whether a result is what it says: recomputes from the economy, re-projected on the result's `time`, and from the
 * prices alone everybody's plans and the certificate, asks the verifier, and compares with what the file says.
 * Throws InputError for a file that is malformed or whose prices are not those of the economy's commodities.
 */
export async function certify(
  economy: Economy,
  result: unknown,
  options: CertifyOptions = {},
): Promise<CertifyReport> {
  const tolerance = options.tolerance ?? DEFAULT_TOLERANCE;
  const file = parseResult(result);
  const own = onGridOf(economy, file);
  const prices = pricesOf(own, file);
  const verification = await certificationOf(
    own,
    prices,
    file.certificate.contraction.step ?? layOut(own).step,
  );
  const comparison = new Comparison(10 * tolerance);
  compareIdentity(comparison, own, file);
  compareTime(comparison, own, file);
  comparison.number("numeraire", ["numeraire"], meanPrice(own, prices), 1);
  comparePlans(comparison, file, plansOf(own, verification.plans));
  compareCertificates(comparison, file.certificate, certificateOf(verification.certificate));
  compareWords(comparison, file, verification.certificate);
  if (file.status === "solved" && file.tolerance !== undefined && file.tolerance < tolerance) {
    for (const { found, allowed, where } of verification.failures(file.tolerance)) {
      comparison.fail(
        "tolerance",
        ["tolerance"],
        found,
        allowed,
        ` at which the file says it is solved: ${where}`,
      );
    }
  }
  const failures = [...verification.failures(tolerance), ...comparison.failures];
  return { certified: failures.length === 0, failures, certificate: verification.certificate };
}

function onGridOf(economy: Economy, { time }: ResultFile): Economy {
  const same = time.nodes === economy.grid.nodes && time.rule === economy.grid.rule;
  return same ? economy : economy.onGrid({ nodes: time.nodes, rule: time.rule });
}

/** The file's prices [commodities, nodes] in the economy's order. */
function pricesOf(economy: Economy, { prices }: ResultFile): Float64Array {
  const { grid, commodities } = economy;
  const names = commodities.map(({ name }) => name);
  const known = new Set(names);
  const problems = new Problems();
  for (const name of Object.keys(prices)) {
    if (known.has(name)) continue;
    problems.add(["prices", name], "a price", "a commodity of the economy", () => nearest(name, names));
  }
  const matrix = new Float64Array(names.length * grid.nodes);
  names.forEach((name, m) => {
    const row = Object.hasOwn(prices, name) ? prices[name] : undefined;
    if (row === undefined) problems.add(["prices", name], "nothing", "a price for every commodity");
    else matrix.set(Array.isArray(row) ? row : [row], m * grid.nodes);
  });
  if (problems.count === 0 && !matrix.some((p) => p > 0)) {
    problems.add(["prices"], "no price above 0", "at least one");
  }
  problems.throwIfAny("result");
  return matrix;
}

function compareIdentity(comparison: Comparison, economy: Economy, file: ResultFile): void {
  comparison.equal("economy", ["economy"], file.economy, economy.name);
  comparison.equal("economy", ["economy_sha256"], file.economy_sha256, economy.sha256);
}

function compareTime(comparison: Comparison, { grid }: Economy, { time }: ResultFile): void {
  comparison.equal("time", ["time", "unit"], time.unit, grid.unit);
  comparison.number("time", ["time", "horizon"], time.horizon, grid.horizon);
  comparison.series("time", ["time", "t"], time.t, Array.from(grid.t));
  comparison.series("time", ["time", "weights"], time.weights, Array.from(grid.weights));
}

/** (1/(M·T)) Σ_m Σ_n w_n p_mn. */
function meanPrice({ grid, commodities }: Economy, prices: Float64Array): number {
  const total = prices.reduce((sum, p, i) => sum + grid.weights[i % grid.nodes] * p, 0);
  return total / (commodities.length * grid.horizon);
}

function comparePlans(comparison: Comparison, file: ResultFile, own: ReturnType<typeof plansOf>): void {
  const wealth = Object.values(own.orchestrators).reduce((sum, { income }) => sum + Math.abs(income ?? 0), 0);
  const rows = (item: string) => (path: readonly PropertyKey[], said: Series, computed: Series) =>
    comparison.series(item, path, said, computed);
  comparison.names("agents", ["agents"], file.agents, own.agents, (path, said, computed) => {
    comparison.names("supply", [...path, "supply"], said.supply, computed.supply, rows("supply"));
    comparison.number("profit", [...path, "profit"], said.profit, computed.profit, wealth);
  });
  comparison.names(
    "orchestrators",
    ["orchestrators"],
    file.orchestrators,
    own.orchestrators,
    (path, said, computed) => {
      comparison.number("income", [...path, "income"], said.income, computed.income, wealth);
      comparison.number("utility", [...path, "utility"], said.utility, computed.utility);
      comparison.names("demand", [...path, "demand"], said.demand, computed.demand, rows("demand"));
      comparison.names("routing", [...path, "routing"], said.routing, computed.routing, (from, to, own) =>
        comparison.names("routing", from, to, own, rows("routing")),
      );
    },
  );
}

type Series = ResultFile["prices"][string] | ResultFile["agents"][string]["supply"][string];

/** The certificate's numbers are ratios: differences below 1 count absolutely. The observed rate is history, not a fact of the prices. */
function compareCertificates(
  comparison: Comparison,
  said: ResultFile["certificate"],
  own: ResultFile["certificate"],
): void {
  const ratio = (path: string[], a: number | null, b: number | null, floor = 1) =>
    comparison.number("certificate", ["certificate", ...path], a, b, 0, floor);
  for (const item of RATIOS) ratio([item], said[item], own[item]);
  ratio(["contraction", "bound"], said.contraction.bound, own.contraction.bound);
  // An eigenvalue found by iteration: rounding on another machine reaches more of its digits.
  ratio(["contraction", "local"], said.contraction.local, own.contraction.local, 10);
  const [listed, free] = [freeNodes(said.free), freeNodes(own.free)];
  for (const name of new Set([...listed.keys(), ...free.keys()])) {
    comparison.equal("free", ["certificate", "free", name], listed.get(name) ?? null, free.get(name) ?? null);
  }
}

function compareWords(comparison: Comparison, { version, certificate }: ResultFile, own: Certificate): void {
  const { contraction, error_kind } = certificate;
  if (error_kind !== undefined) {
    comparison.equal("certificate", ["certificate", "error_kind"], error_kind, own.error_kind);
  }
  // Another version may have worded the same finding differently.
  if (version !== VERSION) return;
  comparison.equal(
    "certificate",
    ["certificate", "contraction", "why"],
    contraction.why,
    own.contraction.why,
  );
}

const RATIOS = [
  "clearing",
  "walras",
  "profit_gap",
  "membership_gap",
  "budget_gap",
  "expenditure_gap",
  "utilization",
  "error_bound",
] as const;

/** Each free commodity's nodes, in words. */
function freeNodes(free: ResultFile["certificate"]["free"]): Map<string, string> {
  const nodes = new Map<string, number[]>();
  for (const entry of free)
    nodes.set(entry.commodity, [...(nodes.get(entry.commodity) ?? []), ...entry.nodes]);
  return new Map(Array.from(nodes, ([name, list]) => [name, `free at nodes ${ranges(list)}`]));
}
