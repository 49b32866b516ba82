import type { Context } from "./context.js";
import { describeFound } from "./found.js";
import { numberedSteps } from "./numbered-steps.js";
import type { Path } from "./path.js";
import type { DagFile } from "./schema.js";
import { namedSteps, type StepGraph, type Weights } from "./step-graph.js";

type Entry = DagFile["entry"];

/** Whether `entry` is two lists, of agents and of weights. */
function isLists(entry: Entry): entry is Exclude<Entry, Weights> {
  return Object.hasOwn(entry, "agents") && typeof entry.agents === "object";
}

/**
 * The steps of a DAG, written either way (formats.md): steps that name their successors, or, with `edges`, lists of agents by
 * number. Null where the two are mixed up.
 */
export function readSteps(dag: DagFile, context: Context, at: Path): StepGraph | null {
  const { entry, edges } = dag;
  if (edges === undefined) {
    if (!isLists(entry)) return namedSteps(dag, entry, context, at);
    const expected = 'weights by step, or beside the lists "edges": { "from", "to", "weight" }';
    context.problems.add([...at, "entry"], 'lists of "agents" and "weights"', expected);
    return null;
  }
  if (isLists(entry)) return numberedSteps({ ...dag, entry, edges }, context, at);
  const expected = '{ "agents": { "array": … }, "weights": { "array": … } }, as there are "edges"';
  context.problems.add([...at, "entry"], describeFound(entry), expected);
  return null;
}
