import type { WasmMarket } from "../../src/backends/wasm/market.js";
import type { Argument } from "../../src/backends/wasm/threads.js";
import { planOf } from "../native/inside.js";

/** What of an economy the counts need. A nest has leaves alone for children; the nodes above the nests have nodes too. */
export interface Shape {
  readonly rows: number;
  /** Instants. */
  readonly nodes: number;
  readonly agents: number;
  readonly nests: number;
  readonly nestEdges: number;
  /** Of the graph: all nodes, all edges. */
  readonly graphNodes: number;
  readonly edges: number;
  /** Rows and nests that are done apart from any agent. */
  readonly commonRows: number;
  readonly commonNests: number;
  /** Of a number of a vector: 8, or 4 in float32. */
  readonly width: number;
}

/** A kernel over all of its blocks. */
export interface Call {
  readonly name: string;
  /** Rows, entries, agents, nests or instants, all blocks together. */
  readonly items: number;
  readonly args: readonly Argument[];
  /** Different vectors among those that lists in the memory name: each is an offset and a length. */
  readonly different: (...lists: readonly (readonly [at: number, length: number])[]) => number;
}

/** Reading a number; writing one into a line that must be fetched first (write-allocate); changing one in place. */
const [READ, WRITE, CHANGE] = [1, 2, 2];
/** ȳ and s of an ellipsoid. */
const SET = 2 * READ;

type Numbers = (call: Call, shape: Shape) => number;

/** Numbers of a row, and of the part of a nest's rows that falls to it. */
function byRow(ofRow: number, ofNest = 0): Numbers {
  return ({ items }, { nodes, rows, nests }) => items * nodes * (ofRow + (ofNest * nests) / rows);
}

/** Numbers of each instant of the graph's nests, other nodes, and edges to the latter's children. */
function byInstant(ofNest: number, ofUpper: number, ofUpperEdge: number): Numbers {
  return ({ items }, { nests, graphNodes, nestEdges, edges }) =>
    items * (nests * ofNest + (graphNodes - nests) * ofUpper + (edges - nestEdges) * ofUpperEdge);
}

/** Means of vectors: at nests, by rows, of their leaves; above, by instants, of the nodes below. */
function means(vectors: number): Numbers {
  return (call, shape) => {
    if (call.args[3] !== "from") return byInstant(vectors * READ, vectors * WRITE, READ)(call, shape);
    const ofLeaves = ((1 + vectors) * READ * shape.nestEdges) / shape.nests;
    return call.items * shape.nodes * (ofLeaves + vectors * WRITE);
  };
}

/**
 * Numbers that each kernel must move between memory and caches, one ellipsoid and one leaf a row: every stream once a call, as if what a call
 * reads again were still in a cache, and weights, sums and whatever else has no entry a price were free. In a few words which: R read,
 * W written, C changed.
 */
export const NUMBERS: Readonly<Record<string, Numbers>> = {
  // R q, ȳ, s; W p; of its nests W shares, indices and, lean, 1/Σ.
  open_agents: ({ items, args }, { nodes, agents, rows, commonRows, nests, commonNests, nestEdges }) => {
    const [ownNests, lean] = [nests - commonNests, Number(args[4])];
    const ofNests = (WRITE * nestEdges) / nests + WRITE + lean * WRITE;
    const all = (rows - commonRows) * (READ + SET + WRITE) + ownNests * ofNests;
    return (items / agents) * nodes * all;
  },
  // R q; W p.
  price_rows: byRow(READ + WRITE),
  // R q; W shares, indices and, lean, 1/Σ.
  price_nests: ({ items, args }, { nodes, nests, nestEdges }) =>
    items * nodes * (((READ + WRITE) * nestEdges) / nests + WRITE + Number(args[5]) * WRITE),
  // R p and the series.
  bundle_values: byRow(2 * READ),
  // Lean: R indices of nests; C their 1/Σ into flows. The rest stays in a tile.
  sweep_tile: byInstant(READ + CHANGE, 0, 0),
  // R indices of nests; W indices and shares above them.
  price_nodes: byInstant(READ, WRITE, WRITE),
  // R shares above the nests; W flows.
  flow_nodes: byInstant(WRITE, WRITE, READ),
  // R p, ȳ, s, share, flow of the nest; W f, and unless lean S and D.
  residual_rows: (call, shape) =>
    byRow(READ + SET + READ + WRITE + (call.args[4] === 0 ? 2 * WRITE : 0), READ)(call, shape),
  // R p, ȳ, s, share, flow; W S and D.
  account_rows: byRow(READ + SET + READ + 2 * WRITE, READ),
  // R p, dq, ȳ, s.
  agent_sums: ({ items }, { nodes, rows, agents }) => (items / agents) * rows * nodes * (2 * READ + SET),
  // R shares and a direction; W means.
  mean_nodes: means(1),
  // The same of three vectors at once.
  mean_three: means(3),
  // R flows, dlog P, shares above the nests; W dflows.
  dflow_nodes: byInstant(2 * READ + WRITE, 2 * READ + WRITE, READ),
  // R p, dq, ȳ, s, share, S, D; of the nest flow, dlog P, dflow; W the product.
  tangent_rows: byRow(5 * READ + SET + WRITE, 3 * READ),
  // R p, ȳ, s, share, flow of the nest; W e, φ.
  response_rows: byRow(READ + SET + READ + 2 * WRITE, READ),
  // R value, e, φ, flow, shares above the nests; W step, weight.
  wise_nodes: byInstant(4 * READ + 2 * WRITE, 4 * READ + 2 * WRITE, READ),
  // R v, share; of the nest flow, value, step, weight; W the step.
  wise_rows: byRow(2 * READ + WRITE, 4 * READ),
  // R the inner product and each vector.
  dots: ({ items, args: [, us, count, vs, others], different }) =>
    items * READ * (1 + different([Number(us), Number(count)], [Number(vs), Number(others)])),
  // R each vector; W their sum.
  combine: ({ items, args: [, list, count], different }) =>
    items * (READ * different([Number(list), Number(count)]) + WRITE),
  // R q and each vector; W the next q.
  move: ({ items, args: [, , list, count], different }) =>
    items * (READ * (1 + different([Number(list), Number(count)])) + WRITE),
  // C q.
  shift: ({ items }) => items * CHANGE,
  // R q.
  level_rows: byRow(READ),
  // R p, ȳ, s, share, flow of the nest; W the inner product.
  spending_rows: byRow(READ + SET + READ + WRITE, READ),
  // C the inner product.
  metric_rows: byRow(CHANGE),
  // R p, ȳ, s, share, d, flow of the nest.
  slope_rows: byRow(2 * READ + SET + READ, READ),
  // R q, d, f, p; C where a fall began, f then, strides; W the next q. (Marks are bytes.)
  fall_rows: byRow(4 * READ + 3 * CHANGE + WRITE),
};

/** Bytes that a call must move; NaN for a kernel that the table does not know. */
export function bytesOf(call: Call, shape: Shape): number {
  if (!Object.hasOwn(NUMBERS, call.name)) return Number.NaN;
  return call.items === 0 ? 0 : shape.width * NUMBERS[call.name](call, shape);
}

export function shapeOf(market: WasmMarket): Shape {
  const { graph, arrays, sets, nests, commonRows, commonNests } = planOf(market);
  return {
    rows: market.shape[0],
    nodes: market.shape[1],
    agents: sets.length,
    nests: nests.length,
    nestEdges: graph.nestEdges,
    graphNodes: graph.nodes,
    edges: graph.children.length,
    commonRows: commonRows.length,
    commonNests: commonNests.length,
    width: arrays.price.BYTES_PER_ELEMENT,
  };
}

/** Adds up the bytes of every kernel that a market calls; NaN when the table does not know one. */
export function countBytes(market: WasmMarket): { readonly bytes: number; stop(): void } {
  const { threads } = market;
  const shape = shapeOf(market);
  const { buffer } = planOf(market).arena.memory;
  const run = threads.run.bind(threads);
  const counted = {
    bytes: 0,
    stop() {
      threads.run = run;
    },
  };
  const different: Call["different"] = (...lists) =>
    new Set(lists.flatMap(([at, length]) => [...new Int32Array(buffer, at, length)])).size;
  threads.run = (name, boundaries, ...args) => {
    const items = boundaries[boundaries.length - 1] - boundaries[0];
    counted.bytes += bytesOf({ name, items, args, different }, shape);
    run(name, boundaries, ...args);
  };
  return counted;
}
