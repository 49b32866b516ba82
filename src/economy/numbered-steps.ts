import type { ArrayRef } from "../time/array-ref.js";
import type { Context } from "./context.js";
import { quote } from "./found.js";
import { nearest } from "./near.js";
import type { Path } from "./path.js";
import type { DagFile } from "./schema.js";
import type { Step, StepGraph, Targets } from "./step-graph.js";
import { checkWeights } from "./weights.js";

/** A DAG over populations: `entry` and `edges` are lists of agents by number (formats.md, "NPZ economies"). */
export interface NumberedDag extends DagFile {
  readonly entry: Extract<DagFile["entry"], { agents: unknown; weights: unknown }>;
  readonly edges: NonNullable<DagFile["edges"]>;
}

/**
 * The steps of a DAG over populations. `steps` says for an agent, or for all members of a population, what its step is like;
 * numbers that are arrays of [count] differ from member to member. Refused, with positions in the lists: numbers that
 * are no agents, or agents without a step, an edge or entry given twice, lists of different lengths, weights that are all 0.
 * Null where no graph can be made of it.
 */
export function numberedSteps(dag: NumberedDag, context: Context, at: Path): StepGraph | null {
  const before = context.problems.count;
  const reader = new Reader(dag, context, at);
  const graph = reader.read();
  return context.problems.count > before ? null : graph;
}

/** What one agent's step is like: a key of `steps`, and which member of the population of that name. */
interface Kind {
  readonly key: string;
  readonly member: number | null;
}

class Reader {
  /** By step. */
  readonly #names: string[] = [];
  readonly #kinds: Kind[] = [];
  /** By agent: its step, or −1. */
  readonly #stepOf: Int32Array;

  constructor(
    private readonly dag: NumberedDag,
    private readonly context: Context,
    private readonly at: Path,
  ) {
    this.#stepOf = new Int32Array(context.names.agents.length).fill(-1);
  }

  read(): StepGraph {
    for (const key of Object.keys(this.dag.steps)) this.#addSteps(key);
    const entry = this.#entry();
    const next = this.#next();
    const { references } = this.context;
    const { dag, at } = this;
    const step = (s: number): Step => {
      const { key, member } = this.#kinds[s];
      return member === null ? dag.steps[key] : references.fill(dag.steps[key], member);
    };
    const stepAt = (s: number) => {
      const { key, member } = this.#kinds[s];
      const path = [...at, "steps", key];
      return member === null ? { path } : { path, member: this.#names[s] };
    };
    return {
      names: this.#names,
      step,
      entry,
      entryElasticity: dag.entry_elasticity,
      next,
      delegates: (s) => next[s].to.length > 0,
      places: {
        entry: [...at, "entry"],
        step: stepAt,
        edge: () => ({ path: [...at, "edges"] }),
        nextWord: 'any of the "edges"',
      },
    };
  }

  #addSteps(key: string): void {
    const { names, problems } = this.context;
    const path = [...this.at, "steps", key];
    const agents = names.agentsCalled(key);
    if (agents === undefined) {
      const candidates = () => nearest(key, [...names.populations.map(({ name }) => name), ...names.agents]);
      problems.add(path, `an unknown name ${quote(key)}`, "an agent or a population", candidates);
      return;
    }
    if (this.dag.steps[key].next !== undefined) {
      problems.add([...path, "next"], 'the key "next"', 'no such key: successors are in the "edges"');
    }
    const population = names.agent(key) === undefined;
    for (let k = 0; k < agents.count; k++) {
      const agent = agents.first + k;
      const name = names.agents[agent];
      if (this.#stepOf[agent] >= 0)
        problems.addAt({ path, member: name }, "a second step", "one step for an agent");
      this.#stepOf[agent] = this.#names.push(name) - 1;
      this.#kinds.push({ key, member: population ? k : null });
    }
  }

  #entry(): Targets {
    const path = [...this.at, "entry"];
    const { agents, weights } = this.dag.entry;
    const to = this.#steps(agents, [...path, "agents"]);
    const values = this.#weights(weights, to.length, [...path, "weights"], "entry agents");
    checkWeights(values, this.context.problems, { path: [...path, "weights"] }, "no entry");
    this.#refuseTwice(null, to, [...path, "agents"]);
    return { to, weights: values };
  }

  /** Edges sorted by the step they come from, in the file's order otherwise: views of one list of all. */
  #next(): Targets[] {
    const { edges } = this.dag;
    const path = [...this.at, "edges"];
    const from = this.#steps(edges.from, [...path, "from"]);
    const to = this.#steps(edges.to, [...path, "to"]);
    const { problems } = this.context;
    if (from.length !== to.length) {
      problems.add([...path, "to"], `${to.length} numbers`, `as many as "from" has, ${from.length}`);
      return this.#names.map(() => ({ to: [], weights: [] }));
    }
    const weight = this.#weights(edges.weight, from.length, [...path, "weight"], "edges");
    this.#refuseTwice(from, to, path);
    const begin = starts(from, this.#names.length);
    const [targets, weights] = [
      new Int32Array(begin[this.#names.length]),
      new Float64Array(begin[this.#names.length]),
    ];
    const filled = begin.slice();
    for (let e = 0; e < from.length; e++) {
      if (from[e] < 0) continue;
      targets[filled[from[e]]] = to[e];
      weights[filled[from[e]]++] = weight[e] ?? 0;
    }
    return this.#names.map((name, s) => {
      const own = weights.subarray(begin[s], begin[s + 1]);
      if (own.length > 0)
        checkWeights(own, problems, { path: [...path, "weight"], member: `those of ${name}` });
      return { to: targets.subarray(begin[s], begin[s + 1]), weights: own };
    });
  }

  /** The steps of a list of agents; −1, and a problem, where there is none. */
  #steps(list: { array: string; at: number[] }, path: Path): Int32Array {
    const { names, references, problems } = this.context;
    return Int32Array.from(references.list(list as ArrayRef), (agent, position) => {
      const step = this.#stepOf[agent];
      if (step >= 0) return step;
      const known = agent >= 0 && agent < names.agents.length;
      const found = known ? `${agent}, which is ${quote(names.agents[agent])}` : String(agent);
      const expected = known
        ? 'the number of an agent that is, or whose population is, one of the "steps"'
        : `the number of an agent, from 0 to ${names.agents.length - 1}`;
      problems.addAt({ path, member: `position ${position}` }, found, expected);
      return -1;
    });
  }

  #weights(list: { array: string; at: number[] }, length: number, path: Path, what: string): Float64Array {
    const weights = this.context.references.list(list as ArrayRef);
    if (weights.length !== length) {
      this.context.problems.add(path, `${weights.length} weights`, `as many as there are ${what}, ${length}`);
    }
    return weights;
  }

  #refuseTwice(from: Int32Array | null, to: Int32Array, path: Path): void {
    const seen = new Set<number>();
    to.forEach((target, position) => {
      const edge = (from?.[position] ?? 0) * this.#names.length + target;
      if (seen.has(edge) && target >= 0) {
        const name = this.#names[target];
        const found =
          from === null ? `${name} a second time` : `${this.#names[from[position]]} → ${name} a second time`;
        this.context.problems.addAt({ path, member: `position ${position}` }, found, "every one once");
      }
      seen.add(edge);
    });
  }
}

/** Where the edges of each step begin once sorted, and where all end; edges of no step (−1) are not counted. */
function starts(from: Int32Array, steps: number): Int32Array {
  const begin = new Int32Array(steps + 1);
  for (const s of from) if (s >= 0) begin[s + 1]++;
  for (let s = 0; s < steps; s++) begin[s + 1] += begin[s];
  return begin;
}
