import {
  type Child,
  type CompiledGraph,
  type Edge,
  GraphBuilder,
  normalized,
  type Part,
} from "./graph-builder.js";
import { ENTRY, type Names } from "./names.js";
import type { Path } from "./path.js";
import type { DagFile, StepFile } from "./schema.js";

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
 * @param order the steps' names, successors first. The DAG has been checked (dag-check.ts).
 */
export function compileDag(dag: DagFile, order: readonly string[], names: Names, at: Path): CompiledGraph {
  const compiler = new DagCompiler(dag, names, at);
  for (const name of order) compiler.addStep(name, dag.steps[name]);
  return compiler.finish();
}

class DagCompiler {
  readonly #builder = new GraphBuilder();
  readonly #parts = new Map<string, StepParts>();

  constructor(
    private readonly dag: DagFile,
    private readonly names: Names,
    private readonly at: Path,
  ) {}

  addStep(name: string, step: StepFile): void {
    const work = this.#work(name, step);
    const delegation = this.#delegation(name, step);
    this.#parts.set(name, { delegation, whole: this.#whole(name, step, work, delegation) });
  }

  finish(): CompiledGraph {
    const { entry, entry_elasticity } = this.dag;
    const root = this.#builder.node(ENTRY, entry_elasticity, this.#successors(entry), [...this.at, "entry"]);
    return this.#builder.finish(root, [...this.#edges(ENTRY, entry, root), ...this.#allEdges()]);
  }

  /** e_a. */
  #work(name: string, { metrics = {}, metric_elasticity }: StepFile): Part | null {
    const keys = Object.keys(metrics);
    if (keys.length === 0) return null;
    const weights = normalized(Object.values(metrics));
    const children = keys.map((key, k) => {
      const part = this.#builder.leaf(this.names.metric(name, key)!);
      return { part, weight: weights[k], key };
    });
    return this.#builder.node(`${name} (work)`, metric_elasticity, children, this.#path(name, "metrics"));
  }

  /** D_a. */
  #delegation(name: string, { next = {}, routing_elasticity }: StepFile): Part | null {
    if (Object.keys(next).length === 0) return null;
    const children = this.#successors(next);
    return this.#builder.node(`${name} (delegation)`, routing_elasticity, children, this.#path(name, "next"));
  }

  /** Φ_a. */
  #whole(
    name: string,
    { own_weight, chain_elasticity }: StepFile,
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
    return this.#builder.node(name, chain_elasticity, children, this.#path(name));
  }

  #successors(weightsByName: Readonly<Record<string, number>>): Child[] {
    const weights = normalized(Object.values(weightsByName));
    return Object.keys(weightsByName).map((key, k) => ({
      part: this.#parts.get(key)!.whole,
      weight: weights[k],
      key,
    }));
  }

  *#allEdges(): Generator<Edge> {
    for (const [name, { next = {} }] of Object.entries(this.dag.steps)) {
      yield* this.#edges(name, next, this.#parts.get(name)!.delegation);
    }
  }

  *#edges(from: string, targets: Readonly<Record<string, number>>, spender: Part | null): Generator<Edge> {
    for (const to of Object.keys(targets)) yield { from, to, spender, target: this.#parts.get(to)!.whole };
  }

  #path(step: string, ...rest: string[]): Path {
    return [...this.at, "steps", step, ...rest];
  }
}
