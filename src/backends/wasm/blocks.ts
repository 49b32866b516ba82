import type { Layout } from "../../market/layout.js";
import type { Graph } from "./graph.js";

/** Entries in a block of rows: enough that a call costs nothing, few enough to stay in a cache. */
const BLOCK = 16_384;
/** Entries of the graph's rows that one tile of instants may take, and instants it has at least. */
const TILE = 131_072;
const NARROWEST = 128;

/** What of a plan is cut. */
interface Parts {
  readonly graph: Graph;
  readonly bundles: ArrayLike<unknown>;
  readonly commonRows: Int32Array;
  readonly commonNests: Int32Array;
  /** Instants of a tile of a lean sweep. */
  readonly width: number;
}

/** Where the work is cut: ends of blocks, the first being 0. */
export interface Blocks {
  readonly rows: Int32Array;
  readonly entries: Int32Array;
  readonly agents: Int32Array;
  readonly nests: Int32Array;
  /** Of the rows and nests that are done apart from any agent. */
  readonly commonRows: Int32Array;
  readonly commonNests: Int32Array;
  readonly bundles: Int32Array;
  /** Of instants, for sweeps whose rows are kept, and for lean ones. */
  readonly tiles: Int32Array;
  readonly leanTiles: Int32Array;
}

export function blocksFor(
  { commodities: M, nodes: N, agents }: Layout,
  { graph, bundles, commonRows, commonNests, width: leanWidth }: Parts,
): Blocks {
  const rows = Math.max(1, Math.floor(BLOCK / N));
  const puts = agents.reduce((sum, { metrics }) => sum + metrics.length, 0);
  const nests = Math.max(1, Math.floor((rows * graph.nests.length) / Math.max(1, M)));
  const edges = graph.children.length;
  const width = Math.max(NARROWEST, Math.floor(TILE / (graph.nodes + edges) / 8) * 8);
  return {
    rows: cut(M, rows),
    entries: cut(M * N, rows * N),
    agents: cut(agents.length, Math.max(1, Math.floor((rows * agents.length) / Math.max(1, puts)))),
    nests: cut(graph.nests.length, nests),
    commonRows: cut(commonRows.length, rows),
    commonNests: cut(commonNests.length, nests),
    bundles: cut(bundles.length, rows),
    tiles: cut(N, width),
    leanTiles: cut(N, leanWidth),
  };
}

/** Numbers that a tile of a lean sweep should have, so that it stays in a cache, and instants of the narrowest and the widest. */
const LEAN_TILE = 2 ** 18;
const [NARROW, WIDE] = [32, 256];

/** Instants of a tile of a lean sweep. */
export function tileWidth(
  { nodes: N }: Layout,
  { nodes, nests, children, nestEdges }: Graph,
  threads: number,
): number {
  const rows = 3 * nodes - 2 * nests.length + children.length - nestEdges;
  const fitting = Math.floor(LEAN_TILE / rows / 8) * 8;
  const shared = Math.ceil(N / threads / 8) * 8;
  return Math.min(N, shared, Math.max(NARROW, Math.min(WIDE, fitting)));
}

/** The most blocks of any kind. */
export function mostBlocks(blocks: Blocks): number {
  return Math.max(...Object.values(blocks).map(({ length }) => length));
}

function cut(length: number, size: number): Int32Array {
  return Int32Array.from({ length: Math.ceil(length / size) + 1 }, (_, b) => Math.min(length, b * size));
}
