import { InputError, type Problem } from "../core/errors.js";
import { gaussLegendre } from "./gauss-legendre.js";

export type Rule = "midpoint" | "gauss-legendre";

/**
 * V_K ⊂ L²([0,T]): a quadrature rule with nodes t_n and weights w_n > 0, Σ w_n = T (model.md section 1).
 * A static economy is T = 1, N = 1.
 */
export interface Grid {
  /** T, in `unit`. */
  readonly horizon: number;
  /** Unit of time, for people; null when the file names none. */
  readonly unit: string | null;
  readonly rule: Rule;
  /** N ≥ 1. */
  readonly nodes: number;
  /** t_n, increasing, shape [N]. */
  readonly t: Float64Array;
  /** w_n, shape [N]. */
  readonly weights: Float64Array;
}

/** What defines a grid; the `time` object of an economy file. Left out: horizon 1, nodes 1, "midpoint". */
export interface GridOptions {
  readonly horizon?: number;
  readonly unit?: string | null;
  readonly nodes?: number;
  readonly rule?: Rule;
}

/**
 * The grid with `nodes` nodes on [0, horizon].
 *
 * midpoint: t_n = (n + ½) T/N, w_n = T/N, n = 0 … N−1. gauss-legendre: the nodes of gaussLegendre(N), moved to [0, T].
 *
 * @throws InputError unless horizon is finite and > 0, nodes an integer ≥ 1 and the rule one of the two.
 */
export function createGrid({
  horizon = 1,
  unit = null,
  nodes = 1,
  rule = "midpoint",
}: GridOptions = {}): Grid {
  const problems = gridProblems(horizon, nodes, rule);
  if (problems.length > 0) throw new InputError("the time grid", problems);
  return {
    horizon,
    unit,
    rule,
    nodes,
    ...(rule === "midpoint" ? midpoint(horizon, nodes) : gauss(horizon, nodes)),
  };
}

/** Grids whose node sets coincide: a series on one is a series on the other. */
export function sameNodes(a: Grid, b: Grid): boolean {
  return a.rule === b.rule && a.nodes === b.nodes && a.horizon === b.horizon;
}

function gridProblems(horizon: number, nodes: number, rule: string): Problem[] {
  const problems: Problem[] = [];
  const refuse = (path: string, found: unknown, expected: string) => {
    problems.push({ path: `time.${path}`, found: String(found), expected });
  };
  if (!(Number.isFinite(horizon) && horizon > 0)) refuse("horizon", horizon, "a finite number > 0");
  if (!(Number.isInteger(nodes) && nodes >= 1)) refuse("nodes", nodes, "an integer ≥ 1");
  if (rule !== "midpoint" && rule !== "gauss-legendre")
    refuse("rule", rule, '"midpoint" or "gauss-legendre"');
  return problems;
}

function midpoint(horizon: number, nodes: number): Pick<Grid, "t" | "weights"> {
  const t = Float64Array.from({ length: nodes }, (_, n) => ((n + 0.5) / nodes) * horizon);
  return { t, weights: new Float64Array(nodes).fill(horizon / nodes) };
}

function gauss(horizon: number, nodes: number): Pick<Grid, "t" | "weights"> {
  const rule = gaussLegendre(nodes);
  return {
    t: rule.nodes.map((x) => (horizon / 2) * (1 + x)),
    weights: rule.weights.map((w) => (horizon / 2) * w),
  };
}
