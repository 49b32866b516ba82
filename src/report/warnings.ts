import { describeProblem, type Problem } from "../core/errors.js";

/** Warnings listed one by one; `walras check` lists them all. */
const MOST = 5;

/** An economy's warnings, a line each, the rest counted. */
export function warningLines(warnings: readonly Problem[]): string[] {
  const lines = warnings.slice(0, MOST).map(describeProblem);
  const rest = warnings.length - lines.length;
  return rest === 0 ? lines : [...lines, `and ${rest} more, which walras check lists`];
}
