import type { Context } from "./context.js";
import { listed, quote } from "./found.js";
import { ENTRY } from "./names.js";
import { nearest } from "./near.js";
import type { Path } from "./path.js";
import type { DagFile, StepFile } from "./schema.js";
import { describeCycle, topologicalOrder } from "./topological-order.js";
import { checkWeights } from "./weights.js";

/**
 * Checks an agent DAG (formats.md, "What is refused"): steps and metrics that exist, weights, no cycle, every step
 * reached from `entry` along declared edges, also those of weight 0. Returns the steps' names, successors first, or null
 * where something is wrong.
 */
export function checkDag(dag: DagFile, context: Context, at: Path): string[] | null {
  const before = context.problems.count;
  const steps = Object.keys(dag.steps);
  checkTargets(dag.entry, dag, context, [...at, "entry"]);
  for (const name of steps) checkStep(name, dag, context, [...at, "steps", name]);
  const successors = edgesOf(dag, steps);
  const ordering = topologicalOrder(successors);
  if ("cycle" in ordering) refuseCycle(ordering.cycle, steps, context, at);
  checkReached(dag, steps, successors, context, at);
  if (context.problems.count > before || "cycle" in ordering) return null;
  return Array.from(ordering.order, (step) => steps[step]);
}

function checkStep(name: string, dag: DagFile, context: Context, at: Path): void {
  const { metrics = {}, next = {} } = dag.steps[name];
  if (name === ENTRY) {
    context.problems.add(
      at,
      `a step named "${ENTRY}"`,
      `another name: "${ENTRY}" is where the routing policy begins`,
    );
  }
  const works = Object.keys(metrics).length > 0;
  const delegates = Object.keys(next).length > 0;
  if (!works && !delegates)
    context.problems.add(at, 'neither "metrics" nor "next"', "at least one of the two");
  if (works) checkMetrics(name, metrics, context, [...at, "metrics"]);
  if (delegates) checkTargets(next, dag, context, [...at, "next"]);
}

function checkMetrics(
  step: string,
  metrics: NonNullable<StepFile["metrics"]>,
  context: Context,
  at: Path,
): void {
  const { names, problems } = context;
  checkWeights(metrics, problems, at);
  for (const metric of Object.keys(metrics)) {
    if (names.metric(step, metric) !== undefined) continue;
    const found = `an unknown metric ${quote(metric)}`;
    problems.add(
      [...at, metric],
      found,
      () => expectedMetric(step, context),
      () => nearest(metric, names.metricNames(step)),
    );
  }
}

function expectedMetric(step: string, { names }: Context): string {
  const known = listed(names.metricNames(step).map(quote));
  if (names.agent(step) !== undefined)
    return `a metric of agent ${quote(step)} or a declared commodity: ${known}`;
  const meant = nearest(step, names.agents);
  const hint = meant === undefined ? "" : `; did you mean the agent ${quote(meant)}?`;
  return `a declared commodity${known === "" ? "" : `: ${known}`} (${quote(step)} is no agent${hint})`;
}

/** Weights of steps: those of `entry` or of one step's `next`. */
function checkTargets(weights: DagFile["entry"], dag: DagFile, { problems }: Context, at: Path): void {
  checkWeights(weights, problems, at);
  for (const target of Object.keys(weights)) {
    if (Object.hasOwn(dag.steps, target)) continue;
    const found = `an unknown step ${quote(target)}`;
    problems.add([...at, target], found, "a step of this dag", () => nearest(target, Object.keys(dag.steps)));
  }
}

/** Successors of each step by number; unknown ones left out. */
function edgesOf(dag: DagFile, steps: readonly string[]): number[][] {
  const numberOf = new Map(steps.map((name, step) => [name, step]));
  return steps.map((name) => {
    const targets = Object.keys(dag.steps[name].next ?? {});
    return targets.map((target) => numberOf.get(target)).filter((step) => step !== undefined);
  });
}

function refuseCycle(
  cycle: readonly number[],
  steps: readonly string[],
  { problems }: Context,
  at: Path,
): void {
  const path = [...at, "steps", steps[cycle[cycle.length - 2]], "next", steps[cycle[0]]];
  problems.add(path, `a cycle: ${describeCycle(cycle, steps)}`, "a directed graph without cycles");
}

function checkReached(
  dag: DagFile,
  steps: readonly string[],
  successors: readonly (readonly number[])[],
  { problems }: Context,
  at: Path,
): void {
  const reached = new Set<number>();
  steps.forEach((name, step) => {
    if (Object.hasOwn(dag.entry, name)) reached.add(step);
  });
  // A set grows while it is walked, and the walk follows.
  for (const step of reached) for (const next of successors[step]) reached.add(next);
  const expected = 'an edge to it from "entry" or from a step that "entry" reaches, or its removal';
  steps.forEach((name, step) => {
    if (!reached.has(step))
      problems.add([...at, "steps", name], 'a step that "entry" does not reach', expected);
  });
}
