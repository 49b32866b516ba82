import type { Context } from "./context.js";
import { listed, quote } from "./found.js";
import { ENTRY } from "./names.js";
import { nearest } from "./near.js";
import { type Place, within } from "./place.js";
import type { StepFile } from "./schema.js";
import type { StepGraph } from "./step-graph.js";
import { describeCycle, topologicalOrder } from "./topological-order.js";
import { checkWeights } from "./weights.js";

/**
 * Checks an agent DAG (formats.md, "What is refused"): metrics that exist and their weights, no cycle, every step reached from `entry`
 * along declared edges, also those of weight 0. Returns the steps, successors first, or null where there is a cycle.
 */
export function checkDag(graph: StepGraph, context: Context): Int32Array | null {
  for (let s = 0; s < graph.names.length; s++) checkStep(s, graph, context);
  const ordering = topologicalOrder(graph.next.map(({ to }) => to));
  if ("cycle" in ordering) refuseCycle(ordering.cycle, graph, context);
  checkReached(graph, context);
  return "cycle" in ordering ? null : ordering.order;
}

function checkStep(s: number, graph: StepGraph, context: Context): void {
  const { names, places } = graph;
  const { problems } = context;
  const { metrics = {} } = graph.step(s);
  if (names[s] === ENTRY) {
    const expected = `another name: "${ENTRY}" is where the routing policy begins`;
    problems.addAt(places.step(s), `a step named "${ENTRY}"`, expected);
  }
  const works = Object.keys(metrics).length > 0;
  if (!works && !graph.delegates(s)) {
    problems.addAt(places.step(s), `neither "metrics" nor ${places.nextWord}`, "at least one of the two");
  }
  if (works) checkMetrics(names[s], metrics, context, within(places.step(s), "metrics"));
}

function checkMetrics(
  step: string,
  metrics: NonNullable<StepFile["metrics"]>,
  context: Context,
  at: Place,
): void {
  const { names, problems } = context;
  checkWeights(Object.values(metrics), problems, at);
  for (const metric of Object.keys(metrics)) {
    if (names.metric(step, metric) !== undefined) continue;
    const found = `an unknown metric ${quote(metric)}`;
    problems.addAt(
      within(at, metric),
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
  if (names.agentsCalled(step) !== undefined)
    return `a dag with "edges" and lists of agents: ${quote(step)} is a population`;
  const meant = nearest(step, names.agents);
  const hint = meant === undefined ? "" : `; did you mean the agent ${quote(meant)}?`;
  return `a declared commodity${known === "" ? "" : `: ${known}`} (${quote(step)} is no agent${hint})`;
}

function refuseCycle(cycle: readonly number[], { names, places }: StepGraph, { problems }: Context): void {
  const found = `a cycle: ${describeCycle(cycle, names)}`;
  const { path } = places.edge(cycle[cycle.length - 2], cycle[0]);
  problems.add(path, found, "a directed graph without cycles");
}

function checkReached({ names, entry, next, places }: StepGraph, { problems }: Context): void {
  const reached = new Set<number>(Array.from(entry.to));
  // A set grows while it is walked, and the walk follows.
  for (const step of reached) {
    const { to } = next[step];
    for (let k = 0; k < to.length; k++) reached.add(to[k]);
  }
  const expected = 'an edge to it from "entry" or from a step that "entry" reaches, or its removal';
  for (let s = 0; s < names.length; s++) {
    if (!reached.has(s)) problems.addAt(places.step(s), 'a step that "entry" does not reach', expected);
  }
}
