import type { NestGraph } from "../../economy/economy.js";
import type { Layout } from "../../market/layout.js";

/** All consumers' graphs as one: nodes children first and nests before all others, edges node by node. */
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
  /** How far an index may lie outside the range of the log prices below it: the largest sum of |scale| along a path. */
  readonly reach: number;
  /** Nodes with leaves alone for children, the first of all, and how many edges they have; the other ones. */
  readonly nests: Int32Array;
  readonly nestEdges: number;
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
  const unsorted: Node[] = [];
  const ends = consumers.map(({ orchestrator: { preferences } }, consumer) => {
    unsorted.push(...nodesOf(preferences, consumer, unsorted.length));
    return unsorted.length - 1;
  });
  const { nodes, places } = nestsFirst(unsorted);
  const children = nodes.flatMap((node) => node.children);
  const nodeOfEdge = nodes.flatMap((node, k) => node.children.map(() => k));
  const consumerOfNode = Int32Array.from(nodes, ({ consumer }) => consumer);
  const firstEdge = Int32Array.from(starts(nodes.map((node) => node.children.length)));
  const indices = [...nodes.keys()];
  const nests = Int32Array.from(indices.filter((k) => isNest(nodes[k])));
  return {
    nodes: nodes.length,
    firstEdge,
    children: Int32Array.from(children),
    weights: Float64Array.from(nodes.flatMap(({ weights }) => normalised(weights))),
    nodeOfEdge: Int32Array.from(nodeOfEdge),
    consumerOfNode,
    delta: Float64Array.from(nodes, ({ elasticity }) => 1 - elasticity),
    scale: Float64Array.from(nodes, scaleOf),
    reach: reachOf(nodes),
    roots: Int32Array.from(ends, (end) => places[end]),
    nests,
    nestEdges: firstEdge[nests.length],
    upper: Int32Array.from(indices.filter((k) => !isNest(nodes[k]))),
    ...leavesOf(children, commodities, (e) => consumerOfNode[nodeOfEdge[e]]),
  };
}

function isNest({ children }: Node): boolean {
  return children.every((child) => child < 0);
}

/** The nests, then all others, otherwise in the order given; and where each went. */
function nestsFirst(unsorted: readonly Node[]): { nodes: Node[]; places: Int32Array } {
  const order = [...unsorted.keys()].sort(
    (j, k) => Number(isNest(unsorted[k])) - Number(isNest(unsorted[j])) || j - k,
  );
  const places = new Int32Array(unsorted.length);
  order.forEach((k, place) => {
    places[k] = place;
  });
  const moved = (child: number) => (child < 0 ? child : places[child]);
  const nodes = order.map((k) => ({ ...unsorted[k], children: unsorted[k].children.map(moved) }));
  return { nodes, places };
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

function leavesOf(children: readonly number[], commodities: number, consumerOf: (edge: number) => number) {
  const edges: number[][] = Array.from({ length: commodities }, () => []);
  children.forEach((child, e) => {
    if (child < 0) edges[-1 - child].push(e);
  });
  for (const ofOne of edges) ofOne.sort((d, e) => consumerOf(d) - consumerOf(e) || d - e);
  return {
    leafFirst: Int32Array.from(starts(edges.map(({ length }) => length))),
    leafEdges: Int32Array.from(edges.flat()),
  };
}

function scaleOf({ elasticity, weights }: Node): number {
  return elasticity === 1 ? 0 : Math.log(sum(weights)) / (1 - elasticity);
}

function reachOf(nodes: readonly Node[]): number {
  const reach = new Float64Array(nodes.length);
  nodes.forEach((node, k) => {
    const below = node.children.map((child) => (child < 0 ? 0 : reach[child]));
    reach[k] = Math.abs(scaleOf(node)) + Math.max(...below);
  });
  return reach.reduce((most, x) => Math.max(most, x), 0);
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
