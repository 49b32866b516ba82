import { InputError, type Problem } from "../../core/errors.js";
import type { Rule } from "../../time/grid.js";

/** Families of production sets, and `mixed`: all of them (under T1, those that T1 speaks of). */
export const GENERATED_FAMILIES = ["mixed", "ellipsoid", "modes", "hull", "frontier", "factory"] as const;
export type GeneratedFamily = (typeof GENERATED_FAMILIES)[number];
/** One of the sets themselves; `factory` is a frontier with an input. */
export type SetKind = Exclude<GeneratedFamily, "mixed">;

/**
 * What kind of economy: `ordinary`; `t1`, on which tâtonnement provably contracts (model.md section 6); `stiff`, with
 * elasticities from 0.1 to 8; `hostile`, with elasticities 0 and 50, quantities over six decades, floors near income and
 * demand that nearly vanishes.
 */
export type Temper = "ordinary" | "t1" | "stiff" | "hostile";

export interface GenerateOptions {
  readonly agents: number;
  readonly metrics: number;
  readonly nodes: number;
  readonly layers: number;
  readonly orchestrators: number;
  readonly outDegree: number;
  readonly family: GeneratedFamily;
  readonly temper: Temper;
  /** A capacity that agents and orchestrators share. */
  readonly shared: boolean;
  readonly rule: Rule;
  readonly seed: number;
  readonly name: string;
}

export const DEFAULTS: Omit<GenerateOptions, "name"> = {
  agents: 12,
  metrics: 3,
  nodes: 24,
  layers: 3,
  orchestrators: 1,
  outDegree: 4,
  family: "mixed",
  temper: "ordinary",
  shared: false,
  rule: "midpoint",
  seed: 0,
};

const ALL: readonly SetKind[] = ["ellipsoid", "modes", "hull", "frontier", "factory"];
/** Of which T1 speaks: non-negative net puts from ellipsoids with center ≥ 0 and input-free frontiers. */
const UNDER_T1: readonly SetKind[] = ["ellipsoid", "frontier"];

/** The sets that a family stands for. */
export function kindsOf({ family, temper }: GenerateOptions): readonly SetKind[] {
  if (family !== "mixed") return [family];
  return temper === "t1" ? UNDER_T1 : ALL;
}

/** Prices beyond which there is no economy file: one vector of them would fill 2 GiB. */
const MOST_PRICES = 1 << 28;

/** Throws InputError for what cannot be generated: all of it at once. */
export function checkOptions(options: GenerateOptions): void {
  const { agents, metrics, nodes, layers, family, temper } = options;
  const problems: Problem[] = [];
  const refuse = (path: string, found: unknown, expected: string) =>
    problems.push({ path, found: String(found), expected });
  if (layers > agents) refuse("--layers", layers, `at most as many as agents, ${agents}`);
  if (agents * metrics * nodes > MOST_PRICES) {
    const found = `${agents} agents × ${metrics} metrics × ${nodes} nodes`;
    refuse("--agents", found, `at most ${MOST_PRICES} prices in all`);
  }
  if (temper === "t1" && kindsOf(options).some((kind) => !UNDER_T1.includes(kind))) {
    refuse("--t1", `--family ${family}`, `a family that T1 speaks of: ${["mixed", ...UNDER_T1].join(", ")}`);
  }
  if (problems.length > 0) throw new InputError("the command line", problems);
}
