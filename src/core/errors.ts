/** One thing wrong with an input: where it stands, what was found, what was expected. */
export interface Problem {
  /** Path in the file, e.g. `agents.planner.production.radius.quality`; empty for the file as a whole. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  /** A near match for a misspelt name. */
  readonly suggestion?: string;
}

export function describeProblem(problem: Problem): string {
  const where = problem.path === "" ? "(whole file)" : problem.path;
  const hint = problem.suggestion === undefined ? "" : ` — did you mean "${problem.suggestion}"?`;
  return `${where}: found ${problem.found}, expected ${problem.expected}${hint}`;
}

/** Bad input or usage: exit code 2. Carries every problem found, not only the first. */
export class InputError extends Error {
  override readonly name = "InputError";
  constructor(
    readonly subject: string,
    readonly problems: readonly Problem[],
  ) {
    super([`${subject} cannot be used:`, ...problems.map((p) => `  ${describeProblem(p)}`)].join("\n"));
  }
}

/** A part of the contract that this version does not have: exit code 2. */
export class NotBuiltError extends Error {
  override readonly name = "NotBuiltError";
}

/** A backend that ran and does no more: a thread that died, a device that was lost. A solve ends as `backend-failed`. */
export class BackendFailedError extends Error {
  override readonly name = "BackendFailedError";
}

/** A backend that cannot run here; the message names what to install: exit code 4. */
export class BackendUnavailableError extends Error {
  override readonly name = "BackendUnavailableError";
}
