import type { Certificate } from "../certificates/certificate.js";
import { shownFactor } from "../core/shown.js";
import type { ResultFile } from "../solve/result.js";
import { figure, gap } from "./figures.js";
import type { Paint } from "./paint.js";

/** As the verifier made it, or as a file holds it. */
type AnyCertificate = Certificate | ResultFile["certificate"];

export interface CertificateLine {
  readonly item: string;
  /** Null where it could not be computed. */
  readonly gap: number | null;
  readonly passed: boolean;
  readonly words: string;
}

/** Each item that a solved result must pass, in words (docs/theory.md). */
export function certificateLines(certificate: AnyCertificate, tolerance: number): CertificateLine[] {
  const { utilization } = certificate;
  const lines: [item: string, gap: number | null, claim: string, measure: string][] = [
    ["clearing", certificate.clearing, "Markets clear", "largest excess demand"],
    ["walras", certificate.walras, "Walras' law", "value of all excess demand"],
    ["profit_gap", certificate.profit_gap, "No agent could earn more", "profit forgone"],
    ["membership_gap", certificate.membership_gap, "Every plan can be produced", "distance outside its set"],
    ["budget_gap", certificate.budget_gap, "Budgets are spent", "income and spending differ by"],
    ["expenditure_gap", certificate.expenditure_gap, "Nobody could be as well off for less", "saving"],
    [
      "utilization",
      utilization === null ? null : 1 - utilization,
      "Nothing is wasted",
      "wealth a better plan could free",
    ],
  ];
  return lines.map(([item, value, claim, measure]) => {
    const passed = value !== null && Math.abs(value) <= tolerance;
    const unknown = value === null || Number.isNaN(value);
    const words = unknown ? `${claim}: could not be certified` : `${claim}: ${measure} ${gap(value)}`;
    return { item, gap: unknown ? null : value, passed, words };
  });
}

/** The lines as text, a mark before each. */
export function certificateText(lines: readonly CertificateLine[], { good, bad }: Paint): string[] {
  return lines.map(({ passed, words }) => `  ${passed ? good("✓") : bad("✗")} ${words}`);
}

/** The certificate in as few lines as can be: what fails, or that nothing does. */
export function briefCertificate(lines: readonly CertificateLine[], ink: Paint): string[] {
  const failed = lines.filter(({ passed }) => !passed);
  const worst = lines.reduce((most, line) => ((line.gap ?? 0) > (most.gap ?? 0) ? line : most), lines[0]);
  const passed = lines.length - failed.length;
  const all = `Certificate: all ${lines.length} items hold, the largest gap ${gap(worst.gap)}`;
  const words = failed.length === 0 ? all : `Certificate: ${passed} other items hold`;
  return [...certificateText(failed, ink), ...(passed === 0 ? [] : [`  ${ink.good("✓")} ${words}`])];
}

/** How far the prices are from the equilibrium's; null where nothing is known. */
export function distanceLine({ error_bound, error_kind }: AnyCertificate): string | null {
  if (error_bound === null) return null;
  const factor = error_bound > 0.5 ? `e^${gap(error_bound)}` : `1 ± ${gap(error_bound)}`;
  const kind = error_kind === "bound" ? "proved" : "by estimate";
  return `  Prices (numeraire: mean price 1) are within a factor ${factor} of the equilibrium's, ${kind}.`;
}

/** What is known of uniqueness, speed and the distance to the true prices. */
export function theoryLines(certificate: AnyCertificate): string[] {
  const { bound, why, sampled, local, observed } = certificate.contraction;
  const rates = [
    bound === null ? [] : [`at most ${shownFactor(bound)} anywhere (proved)`],
    bound !== null || sampled === null || sampled === undefined
      ? []
      : [`${shownFactor(sampled)} or more somewhere (sampled)`],
    local === null ? [] : [`${shownFactor(local)} near the solution${better(certificate)}`],
  ].flat();
  const distance = distanceLine(certificate);
  return [
    ...(distance === null ? [] : [distance]),
    `  ${sentence(brief(why))}`,
    ...(rates.length === 0
      ? []
      : [`  A step of plain tâtonnement multiplies the error by ${rates.join(", ")}.`]),
    ...(observed === null ? [] : [`  In this solve the error was multiplied by ${figure(observed)} a step.`]),
  ];
}

/** What the best λ would make of the local factor, where that is noticeably less. */
function better({ contraction: { local, best_local, best_step } }: AnyCertificate): string {
  if (local === null || best_local === null || best_local === undefined || best_local > local - 0.01)
    return "";
  return ` (${shownFactor(best_local)} with λ = ${figure(best_step ?? Number.NaN)})`;
}

/** The first of a list of reasons. */
function brief(why: string): string {
  const [first, ...others] = why.split("; ");
  if (others.length === 0) return why;
  // The list may stand in parentheses.
  const open = first.split("(").length > first.split(")").length;
  return `${first}${open ? ", …)" : ""}, and more (walras check lists them)`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  return `${trimmed[0].toUpperCase()}${trimmed.slice(1)}${/[.!?]$/u.test(trimmed) ? "" : "."}`;
}
