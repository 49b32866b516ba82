import type { CertifyReport, Failure } from "../solve/certify.js";
import type { ResultHead } from "../solve/result-schema.js";
import { certificateLines, certificateText, theoryLines } from "./certificate-words.js";
import { gap } from "./figures.js";
import { paint } from "./paint.js";
import { top } from "./table.js";

/** What the text takes from the result. */
type Said = Pick<ResultHead, "economy" | "status" | "tolerance">;

/** Failures listed one by one; fewer where the result is of another file, which explains the rest. */
const MOST = 20;
const FEW = 3;

/** What `walras certify` says: each item in words, then what in the file disagrees with what was recomputed. */
export function certifyText(
  report: CertifyReport,
  result: Said,
  tolerance: number,
  options: { color?: boolean } = {},
): string {
  const ink = paint(options.color ?? false);
  const lines = certificateLines(report.certificate, tolerance);
  const verdict = report.certified ? ink.good("certified") : ink.bad("not certified");
  const items = new Set(lines.map(({ item }) => item));
  const disagreements = report.failures.filter(({ item }) => !items.has(item));
  const agrees = disagreements.length === 0;
  return [
    `${ink.bold(result.economy)}: ${verdict} (every gap at most ${tolerance})`,
    certificateText(lines, ink).join("\n"),
    [
      `  ${agrees ? ink.good("✓") : ink.bad("✗")} The file says what is recomputed from its economy and its prices`,
      ...disagreementLines(disagreements),
    ].join("\n"),
    theoryLines(report.certificate).join("\n"),
    ...places(report.failures.filter(({ item }) => items.has(item))),
    ...advice(report, result, tolerance),
    "",
  ]
    .join("\n\n")
    .replace(/\n\n$/u, "\n");
}

function disagreementLines(failures: readonly Failure[]): string[] {
  const { shown, more } = top(failures, failures.some(({ item }) => item === "economy") ? FEW : MOST);
  const lines = shown.map((failure) => `      ${describeFailure(failure)}`);
  return [...lines, ...more.map((line) => `    ${line}`)];
}

/** One failure in one line. */
export function describeFailure({ item, found, allowed, where }: Failure): string {
  const show = (value: Failure["found"]) =>
    typeof value === "number" ? gap(value) : value === null ? "nothing" : JSON.stringify(value);
  const place = where === "" ? "" : `${where}: `;
  return typeof allowed === "number"
    ? `${item}: ${place}off by ${show(found)}, allowed ${show(allowed)}`
    : `${item}: ${place}${show(found)}, expected ${show(allowed)}`;
}

function places(failures: readonly Failure[]): string[] {
  const known = failures.filter(({ where }) => where !== "");
  if (known.length === 0) return [];
  return [
    known
      .map(
        ({ item, where, found }) =>
          `  worst ${item}: ${typeof found === "number" ? gap(found) : "?"} at ${where}`,
      )
      .join("\n"),
  ];
}

function advice({ certified }: CertifyReport, { status, tolerance }: Said, asked: number): string[] {
  if (certified) return [];
  if (status !== "solved") return [`  The file itself says "${status}".`];
  if (tolerance === undefined || tolerance <= asked) return [];
  return [
    `  The file was solved to ${tolerance}: certify it with --tol ${tolerance}, or solve again with --tol ${asked}.`,
  ];
}
