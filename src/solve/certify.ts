import type { Certificate } from "../certificates/certificate.js";
import { CERTIFIED_ITEMS, type Verification } from "../certificates/verify.js";
import { InputError } from "../core/errors.js";
import { VERSION } from "../core/version.js";
import type { Economy } from "../economy/economy.js";
import { quote } from "../economy/found.js";
import { nearest } from "../economy/near.js";
import type { Path } from "../economy/path.js";
import { Problems } from "../economy/problems.js";
import { layOut } from "../market/layout.js";
import { certificationOf } from "./certification.js";
import { comparePlans } from "./compare-plans.js";
import { Comparison, type Failure } from "./comparison.js";
import { compareEquilibria } from "./equilibria/compare.js";
import { ranges } from "./ranges.js";
import { certificateOf, parseResult } from "./result.js";
import { arraysOf, ResultArrays } from "./result-arrays.js";
import type { ResultHead } from "./result-schema.js";

export type { Failure } from "./comparison.js";

export interface CertifyOptions {
  /** What the relative items of the certificate may be; the file may differ from what is recomputed by ten times that. */
  readonly tolerance?: number;
  /** What to call the two in messages, their paths; default "economy" and "result". */
  readonly subjects?: { readonly economy: string; readonly result: string };
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
 * @param result the contents of a result file, or the arrays of an archive
 * @throws InputError for a file that is malformed or whose prices are not those of the economy's commodities
 */
export async function certify(
  economy: Economy,
  result: unknown,
  options: CertifyOptions = {},
): Promise<CertifyReport> {
  const tolerance = options.tolerance ?? DEFAULT_TOLERANCE;
  const arrays = result instanceof ResultArrays ? result : arraysOf(parseResult(result));
  const file = arrays.head;
  const subjects = options.subjects ?? { economy: "economy", result: "result" };
  refuseUnrelated(economy, arrays, subjects);
  const own = onGridOf(economy, file);
  const prices = pricesOf(own, arrays, subjects.result);
  const verification = await certificationOf(
    own,
    prices,
    file.certificate.contraction.step ?? layOut(own).step,
  );
  const comparison = new Comparison(10 * tolerance);
  compareIdentity(comparison, own, file);
  compareTime(comparison, own, arrays);
  comparison.number("numeraire", ["numeraire"], meanPrice(own, prices), 1);
  comparePlans(comparison, arrays, own, verification.plans);
  compareCertificates(comparison, file.certificate, certificateOf(verification.certificate));
  compareWords(comparison, file, verification.certificate);
  compareStatus(comparison, file, verification, tolerance);
  await compareEquilibria(comparison, own, file, prices, tolerance, compareCertificates);
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

function onGridOf(economy: Economy, { time }: ResultHead): Economy {
  const same = time.nodes === economy.grid.nodes && time.rule === economy.grid.rule;
  return same ? economy : economy.onGrid({ nodes: time.nodes, rule: time.rule });
}

/** The file's prices [commodities, nodes] in the economy's order. */
function pricesOf(economy: Economy, { prices }: ResultArrays, subject: string): Float64Array {
  const { grid, commodities } = economy;
  const N = grid.nodes;
  const names = commodities.map(({ name }) => name);
  const index = new Map(names.map((name, m) => [name, m]));
  const priced = new Uint8Array(names.length);
  const problems = new Problems();
  const matrix = new Float64Array(names.length * N);
  prices.labels[0].forEach((name, row) => {
    const m = index.get(name);
    if (m === undefined) {
      problems.add(["prices", name], "a price", "a commodity of the economy", () => nearest(name, names));
    } else {
      priced[m] = 1;
      matrix.set(prices.values.subarray(row * N, (row + 1) * N), m * N);
    }
  });
  names.forEach((name, m) => {
    if (priced[m] === 0) problems.add(["prices", name], "nothing", "a price for every commodity");
  });
  if (problems.count === 0 && !matrix.some((p) => p > 0)) {
    problems.add(["prices"], "no price above 0", "at least one");
  }
  problems.throwIfAny(subject);
  return matrix;
}

function compareIdentity(comparison: Comparison, economy: Economy, file: ResultHead): void {
  const same = economy.sha256 !== null && economy.sha256 === file.economy_sha256;
  // A name taken from the file's is no part of it: the file may have been renamed.
  if (economy.isNamed || !same) comparison.equal("economy", ["economy"], file.economy, economy.name);
  comparison.equal("economy", ["economy_sha256"], file.economy_sha256, economy.sha256);
}

/** Refuses, in one problem, a result of another economy: what each lacks of the other's commodities tells nobody anything. */
function refuseUnrelated(
  economy: Economy,
  { head, prices }: ResultArrays,
  subjects: NonNullable<CertifyOptions["subjects"]>,
): void {
  const sameName = head.economy === economy.name;
  const sameHash = head.economy_sha256 === economy.sha256;
  if (sameName && (sameHash || head.economy_sha256 === null || economy.sha256 === null)) return;
  const names = new Set(economy.commodities.map(({ name }) => name));
  const priced = prices.labels[0];
  const common = priced.filter((name) => names.has(name)).length;
  if (common === priced.length && common === names.size) return;
  const hash = (sha256: string | null) => (sha256 === null ? "" : `, sha256 ${sha256.slice(0, 12)}…`);
  const problem = {
    path: "economy",
    found: `a result of the economy ${quote(head.economy)}${hash(head.economy_sha256)}`,
    expected:
      `one of ${quote(economy.name)} in ${subjects.economy}${hash(economy.sha256)} ` +
      `(${common} of its ${names.size} commodities have a price in the result, which has ${priced.length})`,
  };
  throw new InputError(subjects.result, [problem]);
}

/** A file that calls itself worse than it is was not written by the solve it stands for. */
function compareStatus(
  comparison: Comparison,
  { status, tolerance }: ResultHead,
  verification: Verification,
  asked: number,
): void {
  if (status !== "uncertified" && status !== "slo-unaffordable") return;
  if (verification.failures(tolerance ?? asked).length > 0) return;
  comparison.fail("status", ["status"], status, "solved", ": every item of the certificate holds");
}

function compareTime(comparison: Comparison, { grid }: Economy, { head, t, weights }: ResultArrays): void {
  const { time } = head;
  comparison.equal("time", ["time", "unit"], time.unit, grid.unit);
  comparison.number("time", ["time", "horizon"], time.horizon, grid.horizon);
  comparison.series("time", () => ["time", "t"], t, grid.t);
  comparison.series("time", () => ["time", "weights"], weights, grid.weights);
}

/** (1/(M·T)) Σ_m Σ_n w_n p_mn. */
function meanPrice({ grid, commodities }: Economy, prices: Float64Array): number {
  const total = prices.reduce((sum, p, i) => sum + grid.weights[i % grid.nodes] * p, 0);
  return total / (commodities.length * grid.horizon);
}

/** The certificate's numbers are ratios: differences below 1 count absolutely. The observed rate is history, not a fact of the prices. */
function compareCertificates(
  comparison: Comparison,
  said: ResultHead["certificate"],
  own: ResultHead["certificate"],
  at: Path = ["certificate"],
): void {
  const ratio = (path: string[], a: number | null, b: number | null, floor = 1) =>
    comparison.number("certificate", [...at, ...path], a, b, 0, floor);
  for (const item of RATIOS) ratio([item], said[item], own[item]);
  ratio(["contraction", "bound"], said.contraction.bound, own.contraction.bound);
  for (const item of ITERATED) {
    // Files of earlier versions lack some of them.
    const told = said.contraction[item];
    if (told !== undefined) ratio(["contraction", item], told, own.contraction[item] ?? null, 10);
  }
  const [listed, free] = [freeNodes(said.free), freeNodes(own.free)];
  for (const name of new Set([...listed.keys(), ...free.keys()])) {
    comparison.equal("free", [...at, "free", name], listed.get(name) ?? null, free.get(name) ?? null);
  }
}

function compareWords(comparison: Comparison, { version, certificate }: ResultHead, own: Certificate): void {
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

const RATIOS = [...CERTIFIED_ITEMS, "error_bound"] as const;
/** From eigenvalues found by iteration, or the worst of several prices: rounding on another machine reaches more of their digits. */
const ITERATED = ["local", "sampled", "best_step", "best_local"] as const;

/** Each free commodity's nodes, in words. */
function freeNodes(free: ResultHead["certificate"]["free"]): Map<string, string> {
  const nodes = new Map<string, number[]>();
  for (const entry of free)
    nodes.set(entry.commodity, [...(nodes.get(entry.commodity) ?? []), ...entry.nodes]);
  return new Map(Array.from(nodes, ([name, list]) => [name, `free at nodes ${ranges(list)}`]));
}
