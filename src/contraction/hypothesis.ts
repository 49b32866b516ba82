/** A hypothesis of a theorem of model.md section 6 that an economy does not satisfy. */
export interface FailedHypothesis {
  readonly hypothesis: Hypothesis;
  /** Orchestrator, node, agent, commodity: a phrase that says where and what is the matter. */
  readonly where: string;
}

export type Hypothesis =
  /** Elasticities start at σ_0 ≥ 1 and do not decrease along any path. */
  | "elasticities"
  | "floors"
  | "endowments"
  /** One orchestrator, identical preferences, proportional incomes, or a common part of everything for everyone. */
  | "ownership"
  | "agents"
  /** S > 0 wherever somebody wants something. */
  | "supply"
  | "step";

/** How many things a sentence names before it counts the rest. */
const NAMED = 3;

export function describeFailures(failures: readonly FailedHypothesis[]): string {
  return counted(
    failures.slice(0, NAMED).map(({ where }) => where),
    failures.length,
  );
}

/** The first few, and how many more. */
export function enumerate(phrases: readonly string[]): string {
  return counted(phrases.slice(0, NAMED), phrases.length);
}

function counted(named: readonly string[], all: number): string {
  const rest = all - named.length;
  return named.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
