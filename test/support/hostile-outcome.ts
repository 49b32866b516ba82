import {
  certify,
  defineEconomy,
  InputError,
  parseResult,
  type Solution,
  STATUSES,
  type Status,
  solve,
  toResult,
} from "../../src/index.js";
import { hostileSpec } from "./hostile.js";

export interface HostileOutcome {
  readonly seed: number;
  readonly status: Status | "refused";
  readonly seconds: number;
  readonly evaluations: number;
  /** What a solve must never do, in words; none is well. */
  readonly wrongs: readonly string[];
}

/** Nobody cancels here, and the reference backend does not fail. */
const ENDS: ReadonlySet<Status> = new Set(
  STATUSES.filter((status) => status !== "cancelled" && status !== "backend-failed"),
);

/** Default options but for the steps, which bound the time. */
export const MOST_STEPS = 1000;

/** Solves one hostile economy and says what is wrong with the way it ended. Throws what a solve must not throw. */
export async function hostileOutcome(seed: number): Promise<HostileOutcome> {
  const began = process.cpuUsage();
  const solution = await attempt(seed);
  // Of the processor, so that a busy machine is not taken for a slow solve.
  const { user, system } = process.cpuUsage(began);
  const seconds = (user + system) / 1e6;
  if (solution === null) return { seed, status: "refused", seconds, evaluations: 0, wrongs: [] };
  const { status, evaluations } = solution;
  return { seed, status, seconds, evaluations, wrongs: await wrongsOf(solution) };
}

async function attempt(seed: number): Promise<Solution | null> {
  const spec = hostileSpec(seed);
  try {
    return await solve(defineEconomy(spec), { maxSteps: MOST_STEPS });
  } catch (error) {
    if (error instanceof InputError) return null;
    throw new Error(`hostile economy ${seed}`, { cause: error });
  }
}

async function wrongsOf(solution: Solution): Promise<string[]> {
  const { status, message, prices, economy } = solution;
  const wrongs: string[] = [];
  if (!ENDS.has(status)) wrongs.push(`ends as ${status}`);
  if (message.length < 20 || /NaN|undefined|null/.test(message)) wrongs.push(`says "${message}"`);
  if (!prices.data.every((p) => p >= 0 && p < Infinity)) wrongs.push("a price that is no number ≥ 0");
  const result = toResult(solution);
  parseResult(result);
  wrongs.push(...unknowns(result, "").slice(0, 5));
  if (status !== "solved") return wrongs;
  const { certified, failures } = await certify(economy, result);
  if (!certified) wrongs.push(`solved, but certify finds ${JSON.stringify(failures.slice(0, 2))}`);
  return wrongs;
}

/**
 * What a result may not know: a utility or a gap that overflows (a price index beyond 1e308, somebody without income), a bound where
 * no theorem applies, a rationing that does not exist, the residual of a step that went too far.
 */
const MAY_BE_NULL =
  /^\/(economy_sha256|time\/unit|orchestrators\/[^/]+\/utility|trace\/\d+\/residual|certificate\/(contraction\/\w+|error_\w+|utilization|budget_gap|expenditure_gap))$/;

/** Paths of the numbers that are not finite, and of nulls where a number is due. */
function unknowns(value: unknown, path: string): string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [`${value} at ${path}`];
  if (value === null) return MAY_BE_NULL.test(path) ? [] : [`null at ${path}`];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => unknowns(inner, `${path}/${key}`));
}

/** How often each status occurs. */
export function countByStatus(outcomes: readonly HostileOutcome[]): Map<HostileOutcome["status"], number> {
  const counts = new Map<HostileOutcome["status"], number>();
  for (const { status } of outcomes) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}
