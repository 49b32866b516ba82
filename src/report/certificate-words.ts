import type { Certificate } from "../certificates/certificate.js";
import type { ResultFile } from "../solve/result.js";
import { figure, gap } from "./figures.js";
import type { Paint } from "./paint.js";

/** As the verifier made it, or as a file holds it. */
type AnyCertificate = Certificate | ResultFile["certificate"];

export interface CertificateLine {
  readonly item: string;
  readonly passed: boolean;
  readonly words: string;
}

/** Each item that a solved result must pass, in words (model.md section 7). */
export function certificateLines(certificate: AnyCertificate, tolerance: number): CertificateLine[] {
  const { utilization } = certificate;
  const lines: [item: string, gap: number | null, words: string][] = [
    ["clearing", certificate.clearing, "Markets clear: largest excess demand"],
    ["walras", certificate.walras, "Walras' law: value of all excess demand"],
    ["profit_gap", certificate.profit_gap, "No agent could earn more: profit forgone"],
    ["membership_gap", certificate.membership_gap, "Every plan can be produced: distance outside its set"],
    ["budget_gap", certificate.budget_gap, "Budgets are spent, to"],
    ["expenditure_gap", certificate.expenditure_gap, "Nobody could be as well off for less: saving"],
    [
      "utilization",
      utilization === null ? null : 1 - utilization,
      "Nothing is wasted: wealth a better plan could free",
    ],
  ];
  return lines.map(([item, value, words]) => {
    const passed = value !== null && value <= tolerance;
    return { item, passed, words: `${words} ${value === null ? "could not be certified" : gap(value)}` };
  });
}

/** The lines as text, a mark before each. */
export function certificateText(lines: readonly CertificateLine[], { good, bad }: Paint): string[] {
  return lines.map(({ passed, words }) => `  ${passed ? good("✓") : bad("✗")} ${words}`);
}

/** What is known of uniqueness, speed and the distance to the true prices. */
export function theoryLines({ contraction, error_bound, error_kind }: AnyCertificate): string[] {
  const { bound, why, local, observed } = contraction;
  const rates = [
    bound === null ? [] : [`at most ${figure(bound)} anywhere (proved)`],
    local === null ? [] : [`${figure(local)} near the solution`],
  ].flat();
  const distance = `Prices (numeraire: mean price 1) are within a factor 1 ± ${gap(error_bound)} of the equilibrium's`;
  return [
    ...(error_bound === null ? [] : [`  ${distance}, ${error_kind === "bound" ? "proved" : "by estimate"}.`]),
    `  ${sentence(brief(why))}`,
    ...(rates.length === 0
      ? []
      : [`  A step of plain tâtonnement multiplies the error by ${rates.join(", ")}.`]),
    ...(observed === null ? [] : [`  In this solve the error fell by a factor ${figure(observed)} a step.`]),
  ];
}

/** The first of a list of reasons. */
function brief(why: string): string {
  const [first, ...others] = why.split("; ");
  return others.length === 0 ? why : `${first}, and more (walras check lists them)`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  return `${trimmed[0].toUpperCase()}${trimmed.slice(1)}${/[.!?]$/u.test(trimmed) ? "" : "."}`;
}
