import type { NestGraph } from "../../economy/economy.js";
import type { Layout } from "../../market/layout.js";

/** All consumers' graphs as one: nodes children first, edges node by node. */
export interface Graph {
  readonly nodes: number;
  readonly firstEdge: Int32Array;
  /** ≥ 0: a node; below: commodity −1 − child. */
  readonly children: Int32Array;
  readonly weights: Float64Array;
  readonly nodeOfEdge: Int32Array;
  readonly consumerOfNode: Int32Array;
  /** 1 − σ, and what weights of sum A add to log P: log A/(1−σ), 0 at σ = 1. */
  readonly delta: Float64Array;
  readonly scale: Float64Array;
  readonly roots: Int32Array;
  /** Nodes with leaves alone for children; the other ones, children first. */
  readonly nests: Int32Array;
  readonly upper: Int32Array;
  /** Edges that end at each commodity, by consumer. */
  readonly leafFirst: Int32Array;
  readonly leafEdges: Int32Array;
}

interface Node {
  readonly consumer: number;
  readonly elasticity: number;
  readonly children: readonly number[];
  readonly weights: readonly number[];
}

export function graphOf({ consumers, commodities }: Layout): Graph {
  const nodes: Node[] = [];
  const roots = consumers.map(({ orchestrator: { preferences } }, consumer) => {
    nodes.push(...nodesOf(preferences, consumer, nodes.length));
    return nodes.length - 1;
  });
  const children = nodes.flatMap((node) => node.children);
  const nodeOfEdge = nodes.flatMap((node, k) => node.children.map(() => k));
  const isNest = ({ children }: Node) => children.every((child) => child < 0);
  const indices = [...nodes.keys()];
  return {
    nodes: nodes.length,
    firstEdge: Int32Array.from(starts(nodes.map((node) => node.children.length))),
    children: Int32Array.from(children),
    weights: Float64Array.from(nodes.flatMap(({ weights }) => normalised(weights))),
    nodeOfEdge: Int32Array.from(nodeOfEdge),
    consumerOfNode: Int32Array.from(nodes, ({ consumer }) => consumer),
    delta: Float64Array.from(nodes, ({ elasticity }) => 1 - elasticity),
    scale: Float64Array.from(nodes, scaleOf),
    roots: Int32Array.from(roots),
    nests: Int32Array.from(indices.filter((k) => isNest(nodes[k]))),
    upper: Int32Array.from(indices.filter((k) => !isNest(nodes[k]))),
    ...leavesOf(children, commodities),
  };
}

/** The nodes of one graph, numbered from `base` on; the root last. Whoever wants a single thing has a node over it. */
function nodesOf({ leaves, nodes }: NestGraph, consumer: number, base: number): Node[] {
  const place = (child: number) =>
    child < leaves.length ? -1 - leaves[child] : base + child - leaves.length;
  if (nodes.length === 0) return [{ consumer, elasticity: 1, children: [-1 - leaves[0]], weights: [1] }];
  return nodes.map(({ elasticity, children, weights }) => ({
    consumer,
    elasticity,
    children: [...children].map(place),
    weights: [...weights],
  }));
}

function leavesOf(children: readonly number[], commodities: number) {
  const edges: number[][] = Array.from({ length: commodities }, () => []);
  children.forEach((child, e) => {
    if (child < 0) edges[-1 - child].push(e);
  });
  return {
    leafFirst: Int32Array.from(starts(edges.map(({ length }) => length))),
    leafEdges: Int32Array.from(edges.flat()),
  };
}

function scaleOf({ elasticity, weights }: Node): number {
  return elasticity === 1 ? 0 : Math.log(sum(weights)) / (1 - elasticity);
}

function normalised(weights: readonly number[]): number[] {
  const total = sum(weights);
  return weights.map((a) => a / total);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, x) => total + x, 0);
}

/** 0 and the running sums of counts. */
export function starts(counts: readonly number[]): number[] {
  let total = 0;
  return [0, ...counts.map((count) => (total += count))];
}
