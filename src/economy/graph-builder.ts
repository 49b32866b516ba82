import type { NestGraph, NestNode, RoutingEdge } from "./economy.js";
import type { Path } from "./path.js";

/** A leaf or a node under construction. */
export interface Part {
  readonly kind: "leaf" | "node";
  /** Commodity index of a leaf, or order of creation of a node. */
  readonly id: number;
}

/** A weighted child, and its key in the file's map of weights. */
export interface Child {
  readonly part: Part;
  readonly weight: number;
  readonly key: string;
}

interface Draft {
  readonly name: string;
  readonly elasticity: number;
  /** Those of positive weight, in the file's order. */
  readonly children: readonly Child[];
  /** Where in the file the map of weights stands. */
  readonly path: Path;
}

/** A nest graph with the way back to the file it came from. */
export interface CompiledGraph {
  readonly graph: NestGraph;
  /** Path in the file of the weight of child number `child` of node number `node`. */
  pathOf(node: number, child: number): Path;
}

/** Builds a NestGraph bottom-up; the root is the node added last. Children of weight 0 are dropped on the way. */
export class GraphBuilder {
  readonly #drafts: Draft[] = [];
  readonly #positions = new Map<number, ReadonlyMap<number, number>>();

  leaf(commodity: number): Part {
    return { kind: "leaf", id: commodity };
  }

  /** Adds a node over children that exist; at least one must have positive weight. */
  node(name: string, elasticity: number, children: readonly Child[], path: Path): Part {
    const kept = children.filter((child) => child.weight > 0);
    this.#drafts.push({ name, elasticity, children: kept, path });
    return { kind: "node", id: this.#drafts.length - 1 };
  }

  /**
   * The graph of what `root` reaches. Nodes keep their order, so children come before parents and the root last;
   * leaves are in the order of commodities.
   * @param edges the routing policy; null where no flow goes.
   */
  finish(root: Part, edges: readonly Edge[] = []): CompiledGraph {
    const { nodes, commodities } = this.#reached(root);
    const leafOf = new Map(commodities.map((commodity, leaf) => [commodity, leaf]));
    const nodeOf = new Map(nodes.map((draft, node) => [draft, node]));
    const number = ({ kind, id }: Part) =>
      kind === "leaf" ? leafOf.get(id)! : commodities.length + nodeOf.get(id)!;
    const drafts = nodes.map((id) => this.#drafts[id]);
    const routing = edges.map((edge) => this.#routing(edge, nodeOf));
    return {
      graph: {
        leaves: Int32Array.from(commodities),
        nodes: drafts.map((draft) => toNode(draft, number)),
        routing,
      },
      pathOf: (node, child) => [...drafts[node].path, drafts[node].children[child].key],
    };
  }

  #reached(root: Part): { nodes: number[]; commodities: number[] } {
    const nodes = new Set([root.id]);
    const commodities = new Set<number>();
    // A set grows while it is walked, and the walk follows.
    for (const node of nodes) {
      for (const { part } of this.#drafts[node].children)
        (part.kind === "leaf" ? commodities : nodes).add(part.id);
    }
    return { nodes: [...nodes].sort(ascending), commodities: [...commodities].sort(ascending) };
  }

  #routing({ from, to, spender, target }: Edge, nodeOf: ReadonlyMap<number, number>): RoutingEdge {
    const node = spender === null ? undefined : nodeOf.get(spender.id);
    const child =
      node === undefined || target === null ? undefined : this.#position(spender!.id).get(target.id);
    return node === undefined || child === undefined
      ? { from, to, node: null, child: -1 }
      : { from, to, node, child };
  }

  /** The position of each node among the children of one node. */
  #position(parent: number): ReadonlyMap<number, number> {
    const known = this.#positions.get(parent);
    if (known !== undefined) return known;
    const nodes = this.#drafts[parent].children.map(
      ({ part }, at) => [part.kind === "node" ? part.id : -1, at] as const,
    );
    const positions = new Map(nodes);
    this.#positions.set(parent, positions);
    return positions;
  }
}

/** An edge of the routing policy: `spender` spends on `target`. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly spender: Part | null;
  readonly target: Part | null;
}

function toNode({ name, elasticity, children }: Draft, number: (part: Part) => number): NestNode {
  return {
    name,
    elasticity,
    children: Int32Array.from(children, ({ part }) => number(part)),
    weights: Float64Array.from(children, ({ weight }) => weight),
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}

/** The weights scaled to sum 1; all 0 stay so. Safe at any size of weight; those that underflow become 0. */
export function normalized(weights: readonly number[]): number[] {
  const sum = total(weights);
  if (sum === 0) return [...weights];
  if (sum > 1e-200 && Number.isFinite(sum)) return weights.map((weight) => weight / sum);
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  return normalized(weights.map((weight) => weight / largest));
}

export function total(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}
