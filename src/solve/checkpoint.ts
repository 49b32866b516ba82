import { InputError } from "../core/errors.js";
import type { Economy } from "../economy/economy.js";
import type { RunMemory } from "../solvers/loop.js";
import type { Mark } from "./ladder.js";

/** The state of a solve between two steps, and what it belongs to. Plain data and typed arrays. */
export interface Checkpoint {
  readonly format: typeof CHECKPOINT_FORMAT;
  readonly binding: Binding;
  readonly run: RunMemory;
  /** Where on a ladder of grids it was made; none where there is no ladder. */
  readonly mark?: Mark;
}

export const CHECKPOINT_FORMAT = "walras-checkpoint/1";

/** What must be the same for a solve to go on as if it had never stopped. */
export interface Binding {
  readonly economy: string;
  readonly sha256: string | null;
  readonly nodes: number;
  readonly rule: string;
  readonly prices: number;
  readonly solver: string;
  readonly backend: string;
  readonly step: number;
  readonly tolerance: number;
  readonly version: string;
}

export function bindingOf(
  { name, sha256, grid, commodities }: Economy,
  how: Pick<Binding, "solver" | "backend" | "step" | "tolerance" | "version">,
): Binding {
  const { nodes, rule } = grid;
  return { economy: name, sha256, nodes, rule, prices: commodities.length * nodes, ...how };
}

/** Throws InputError naming everything that differs from what the checkpoint was made of. */
export function checkBinding(checkpoint: Checkpoint, now: Binding): void {
  const problems = (Object.keys(now) as (keyof Binding)[])
    .filter((key) => checkpoint.binding[key] !== now[key])
    .map((key) => ({ path: key, found: String(checkpoint.binding[key]), expected: String(now[key]) }));
  if (problems.length > 0) throw new InputError("the checkpoint", problems);
}
