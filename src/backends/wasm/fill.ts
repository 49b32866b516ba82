import type { Reals } from "../../core/reals.js";
import type { Layout } from "../../market/layout.js";
import { noise } from "../../market/readout.js";
import type { KernelSet } from "./agents.js";
import type { Arrays, Bundle } from "./arrays.js";
import { type Graph, starts } from "./graph.js";
import type { Work } from "./work.js";

/** Writes what does not change from one evaluation to the next, and where the arrays lie. */
export function fill(
  arrays: Arrays,
  layout: Layout,
  graph: Graph,
  sets: readonly (KernelSet | null)[],
  bundles: readonly Bundle[],
): void {
  const { agents, weights, nodes: N, commodities: M } = layout;
  arrays.weights.set(weights);
  weights.forEach((w, n) => {
    arrays.inverseWeights[n] = 1 / w;
  });
  arrays.firstEdge.set(graph.firstEdge);
  arrays.children.set(graph.children);
  arrays.edgeWeights.set(graph.weights);
  arrays.nodeOfEdge.set(graph.nodeOfEdge);
  arrays.delta.set(graph.delta);
  arrays.scale.set(graph.scale);
  for (const root of graph.roots) arrays.isRoot[root] = 1;
  for (const k of graph.upper) arrays.isMixed[k] = Number(hasLeaves(graph, k));
  arrays.consumerOfNode.set(graph.consumerOfNode);
  arrays.leafFirst.set(graph.leafFirst);
  arrays.leafEdges.set(graph.leafEdges);
  arrays.agentFirst.set(starts(agents.map(({ metrics }) => metrics.length)));
  arrays.agentCommodity.set(agents.flatMap(({ commodities }) => [...commodities]));
  fillPuts(arrays, layout);
  fillSets(arrays, sets);
  bundles.forEach(({ commodity, series, owed }, b) => {
    arrays.bundleCommodity[b] = commodity;
    arrays.bundleData[b].set(series);
    arrays.bundleSeries[b] = arrays.bundleData[b].byteOffset;
    const total = arrays.totals[owed ? 1 : 0][commodity] as Reals;
    for (let n = 0; n < N; n++) total[n] += series[n];
  });
  [arrays.endowment, arrays.floors].forEach((offsets, owed) => {
    for (let m = 0; m < M; m++) offsets[m] = arrays.totals[owed][m]?.byteOffset ?? 0;
  });
  fillNoise(arrays, layout);
  arrays.side.fill(-1);
  arrays.fallFrom.fill(-1e300);
  const offsets = arrays.fieldOrder.map((name) => arrays[name].byteOffset);
  arrays.fields.set([N, M, graph.nests.length, graph.nestEdges, graph.nodes, ...offsets]);
}

function hasLeaves({ children, firstEdge }: Graph, k: number): boolean {
  return children.subarray(firstEdge[k], firstEdge[k + 1]).some((child) => child < 0);
}

export function fillWork(arrays: Arrays, { ownRows, ownNests }: Work, graph: Graph): void {
  arrays.ownFirst.set(starts(ownRows.map(({ length }) => length)));
  arrays.ownRow.set(ownRows.flat());
  arrays.nestFirst.set(starts(ownNests.map(({ length }) => length)));
  arrays.nest.set(ownNests.flat());
  const own = ownRows.map((rows) => new Set(rows));
  const isOwn = (k: number, a: number) =>
    graph.children
      .subarray(graph.firstEdge[k], graph.firstEdge[k + 1])
      .every((child) => own[a].has(-1 - child));
  arrays.nestOwn.set(ownNests.flatMap((nests, a) => nests.map((k) => Number(isOwn(k, a)))));
}

function fillPuts(arrays: Arrays, { agents, commodities: M }: Layout): void {
  const puts: [agent: number, row: number][][] = Array.from({ length: M }, () => []);
  agents.forEach(({ commodities }, a) => {
    commodities.forEach((m, r) => {
      puts[m].push([a, r]);
    });
  });
  arrays.putFirst.set(starts(puts.map(({ length }) => length)));
  puts.flat().forEach(([a, r], k) => {
    arrays.putAgent[k] = a;
    arrays.putRow[k] = r;
  });
}

function fillSets(arrays: Arrays, sets: readonly (KernelSet | null)[]): void {
  let slot = 0;
  sets.forEach((set, a) => {
    const data = arrays.data[a];
    arrays.agentSlot[a] = slot;
    slot += 2 + (set?.lineCount ?? 0);
    arrays.agentLineCount[a] = set?.lineCount ?? 0;
    if (set === null || data === null) return;
    if (set.center !== null && data.center !== null) {
      data.center.set(set.center);
      arrays.agentCenter[a] = data.center.byteOffset;
    }
    if (set.radius !== null && data.radius !== null) {
      data.radius.set(set.radius);
      arrays.agentRadius[a] = data.radius.byteOffset;
    }
    if (set.lineCount === 0) return;
    let at = 0;
    for (const piece of set.lines) {
      data.lines.set(piece, at);
      at += piece.length;
    }
    arrays.agentLines[a] = data.lines.byteOffset;
  });
}

function fillNoise(
  { rowNoise: rows, columnNoise: columns }: Arrays,
  { commodities: M, nodes: N }: Layout,
): void {
  for (let m = 0; m < M; m++) for (const side of [0, 1] as const) rows[2 * m + side] = noise(m, side);
  for (let n = 0; n < N; n++) for (const side of [0, 1] as const) columns[side * N + n] = noise(n, side, 1);
}
