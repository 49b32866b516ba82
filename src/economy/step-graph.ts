import type { Context } from "./context.js";
import { quote } from "./found.js";
import { nearest } from "./near.js";
import type { Path } from "./path.js";
import { type Place, within } from "./place.js";
import type { DagFile, StepFile } from "./schema.js";
import { checkWeights } from "./weights.js";

/** What a step delegates to: steps by number, each once, with weights ≥ 0. */
export interface Targets {
  readonly to: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/** What a step says of itself. */
export type Step = Omit<StepFile, "next">;

/** An agent DAG with its steps numbered: what both ways of writing one become (formats.md). */
export interface StepGraph {
  readonly names: readonly string[];
  step(s: number): Step;
  readonly entry: Targets;
  readonly entryElasticity: number;
  /** By step. */
  readonly next: readonly Targets[];
  /** Whether the file gives a step successors, be they steps or not. */
  delegates(s: number): boolean;
  readonly places: StepPlaces;
}

/** Where the parts of a step graph stand in the file. */
export interface StepPlaces {
  readonly entry: Path;
  step(s: number): Place;
  /** The weight of a step's successor. */
  edge(from: number, to: number): Place;
  /** What a step without metrics should have had instead, in words. */
  readonly nextWord: string;
}

const NOWHERE: Targets = { to: [], weights: [] };

/** Weights by name. */
export type Weights = Readonly<Record<string, number>>;

/** A DAG whose steps name their successors. Weights are checked; targets that are no steps are reported and left out. */
export function namedSteps(dag: DagFile, entry: Weights, context: Context, at: Path): StepGraph {
  const names = Object.keys(dag.steps);
  const numberOf = new Map(names.map((name, step) => [name, step]));
  const targets = (weights: Weights, where: Path): Targets => {
    checkWeights(Object.values(weights), context.problems, { path: where });
    const known = Object.keys(weights).filter(
      (name) => numberOf.has(name) || refuseUnknown(name, dag, context, where),
    );
    return { to: known.map((name) => numberOf.get(name)!), weights: known.map((name) => weights[name]) };
  };
  const stepAt = (s: number): Place => ({ path: [...at, "steps", names[s]] });
  return {
    names,
    step: (s) => dag.steps[names[s]],
    entry: targets(entry, [...at, "entry"]),
    entryElasticity: dag.entry_elasticity,
    next: names.map((name) => {
      const { next = {} } = dag.steps[name];
      return Object.keys(next).length === 0 ? NOWHERE : targets(next, [...at, "steps", name, "next"]);
    }),
    delegates: (s) => Object.keys(dag.steps[names[s]].next ?? {}).length > 0,
    places: {
      entry: [...at, "entry"],
      step: stepAt,
      edge: (from, to) => within(stepAt(from), "next", names[to]),
      nextWord: '"next"',
    },
  };
}

function refuseUnknown(target: string, dag: DagFile, { problems }: Context, at: Path): false {
  const found = `an unknown step ${quote(target)}`;
  problems.add([...at, target], found, "a step of this dag", () => nearest(target, Object.keys(dag.steps)));
  return false;
}
