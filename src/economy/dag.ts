import {
  type Child,
  type CompiledGraph,
  type Edge,
  GraphBuilder,
  normalized,
  type Part,
} from "./graph-builder.js";
import { ENTRY, type Names } from "./names.js";
import { within } from "./place.js";
import type { Step, StepGraph, Targets } from "./step-graph.js";

/** What a step's node is made of; null where there is no such part, or its weight is 0. */
interface StepParts {
  /** D_a, what the step delegates. */
  readonly delegation: Part | null;
  /** Φ_a, the step as its predecessors see it. */
  readonly whole: Part;
}

/**
 * Compiles an agent DAG to a nest graph (model.md section 3, "The routing policy"). For step a
 *
 *     e_a = CES(metric_elasticity) over its metrics ,   D_a = CES(routing_elasticity) over its successors ,
 *     Φ_a = CES(chain_elasticity) of (e_a, D_a) with weights (own_weight, 1 − own_weight) ,
 *
 * Φ_a = e_a without successors and D_a without metrics; the root is CES(entry_elasticity) over the entry steps. Every
 * weight vector is normalised to sum 1; children of weight 0 and what only they reach are left out.
 *
 * @param order the steps, successors first. The DAG has been checked (dag-check.ts).
 */
export function compileDag(graph: StepGraph, order: Int32Array, names: Names): CompiledGraph {
  const compiler = new DagCompiler(graph, names);
  for (const s of order) compiler.addStep(s);
  return compiler.finish();
}

class DagCompiler {
  readonly #builder = new GraphBuilder();
  readonly #parts: StepParts[];

  constructor(
    private readonly graph: StepGraph,
    private readonly names: Names,
  ) {
    this.#parts = new Array(graph.names.length);
  }

  addStep(s: number): void {
    const step = this.graph.step(s);
    const work = this.#work(s, step);
    const delegation = this.#delegation(s, step);
    this.#parts[s] = { delegation, whole: this.#whole(s, step, work, delegation) };
  }

  finish(): CompiledGraph {
    const { entry, entryElasticity, places } = this.graph;
    const root = this.#builder.node(ENTRY, entryElasticity, this.#successors(entry), places.entry);
    return this.#builder.finish(root, [...this.#edges(ENTRY, entry, root), ...this.#allEdges()]);
  }

  /** e_a. */
  #work(s: number, { metrics = {}, metric_elasticity }: Step): Part | null {
    const keys = Object.keys(metrics);
    if (keys.length === 0) return null;
    const name = this.graph.names[s];
    const weights = normalized(Object.values(metrics));
    const children = keys.map((key, k) => {
      const part = this.#builder.leaf(this.names.metric(name, key)!);
      return { part, weight: weights[k], key };
    });
    return this.#builder.node(`${name} (work)`, metric_elasticity, children, this.#path(s, "metrics"));
  }

  /** D_a. */
  #delegation(s: number, { routing_elasticity }: Step): Part | null {
    const { names, next } = this.graph;
    if (next[s].to.length === 0) return null;
    const children = this.#successors(next[s]);
    return this.#builder.node(
      `${names[s]} (delegation)`,
      routing_elasticity,
      children,
      this.#path(s, "next"),
    );
  }

  /** Φ_a. */
  #whole(
    s: number,
    { own_weight, chain_elasticity }: Step,
    work: Part | null,
    delegation: Part | null,
  ): Part {
    if (work === null || delegation === null) return (work ?? delegation)!;
    if (own_weight === 0) return delegation;
    if (own_weight === 1) return work;
    const children: Child[] = [
      { part: work, weight: own_weight, key: "metrics" },
      { part: delegation, weight: 1 - own_weight, key: "next" },
    ];
    return this.#builder.node(this.graph.names[s], chain_elasticity, children, this.#path(s));
  }

  #successors({ to, weights }: Targets): Child[] {
    const shares = normalized(Array.from(weights));
    return Array.from(to, (s, k) => ({
      part: this.#parts[s].whole,
      weight: shares[k],
      key: this.graph.names[s],
    }));
  }

  *#allEdges(): Generator<Edge> {
    const { names, next } = this.graph;
    for (let s = 0; s < names.length; s++) yield* this.#edges(names[s], next[s], this.#parts[s].delegation);
  }

  *#edges(from: string, { to }: Targets, spender: Part | null): Generator<Edge> {
    for (let k = 0; k < to.length; k++) {
      yield { from, to: this.graph.names[to[k]], spender, target: this.#parts[to[k]].whole };
    }
  }

  #path(s: number, ...rest: string[]) {
    return within(this.graph.places.step(s), ...rest).path;
  }
}
