import type { Layout } from "../../market/layout.js";
import { noise } from "../../market/readout.js";
import { type KernelSet, kernelSet } from "./agents.js";
import { Arena, LARGEST_MEMORY } from "./arena.js";
import { type Graph, graphOf, starts } from "./graph.js";
import { RESERVED } from "./kernels.js";
import { divide, type Work } from "./work.js";

/** Most vectors in one sum. */
export const MOST_TERMS = 256;

/** Where arrays come from: a memory, or a count of the bytes it must have. */
interface Source {
  reals(length: number): Float64Array;
  ints(length: number): Int32Array;
  bytes(length: number): Uint8Array;
}

/** An economy as the kernels see it (kernels/plan.h): its arrays in one memory, and their offsets at `at`. */
export interface Plan {
  readonly arena: Arena;
  readonly at: number;
  readonly graph: Graph;
  readonly sets: readonly (KernelSet | null)[];
  readonly arrays: Arrays;
  readonly bundles: readonly Bundle[];
  /** Rows 0, 1, 2 …, for kernels that take a list of them. */
  readonly everyRow: Int32Array;
  readonly nests: Int32Array;
  readonly upper: Int32Array;
  /** Rows and nests that are done apart from any agent. */
  readonly commonRows: Int32Array;
  readonly commonNests: Int32Array;
  readonly everyNode: Int32Array;
  /** Places for what blocks add up, for terms of sums, and for rows that a thread needs meanwhile. */
  readonly partials: Float64Array;
  readonly dots: Float64Array;
  readonly coefficients: Float64Array;
  readonly offsets: Int32Array;
  readonly room: Float64Array;
}

/** A series of an orchestrator's endowment or floors, to be valued. */
export interface Bundle {
  readonly consumer: number;
  readonly commodity: number;
  readonly series: Float64Array;
  readonly owed: boolean;
}

export type Arrays = ReturnType<typeof arraysFrom>;

/** Numbers that vectors hold together: what `auto` and Newton's Krylov space ask for; how many there are at most and at least, and some more. */
const MEMORY = 2 ** 26;
const [MOST_VECTORS, LEAST_VECTORS, MORE] = [200, 10, 24];
/** With fewer no solver gets far. */
const FEWEST = 20;

/** Room for so many vectors of a size; fewer where bytes are scarce, but then FEWEST, which will not fit. */
function vectorsFor(size: number, bytes: number): number {
  const wanted = MORE + Math.max(LEAST_VECTORS, Math.min(MOST_VECTORS, Math.floor(MEMORY / size)));
  return Math.max(FEWEST, Math.min(wanted, Math.floor(bytes / (8 * size + 512))));
}

/** @param shared memory that threads can share; @param threads that need room of their own */
export function planFor(
  layout: Layout,
  shared: boolean,
  threads: number,
): { plan: Plan; room: Float64Array[] } {
  const graph = graphOf(layout);
  const sets = layout.agents.map(({ set }) => kernelSet(set));
  const bundles = bundlesOf(layout);
  const work = divide(layout, graph);
  const size = layout.commodities * layout.nodes;
  const counter = new Counter();
  const everything = (source: Source) => ({
    arrays: arraysFrom(source, layout, graph, work, sets, bundles),
    lists: listsFrom(source, layout, graph, work),
    places: placesFrom(source, layout, threads),
  });
  everything(counter);
  const vectors = vectorsFor(size, LARGEST_MEMORY - RESERVED - counter.total);
  for (let v = 0; v < vectors; v++) counter.reals(size);
  const arena = new Arena(RESERVED, counter.total, shared);
  const { arrays, lists, places } = everything(arena);
  const room = Array.from({ length: vectors }, () => arena.reals(size));
  fill(arrays, layout, graph, sets, bundles);
  fillWork(arrays, work);
  const plan: Plan = {
    arena,
    at: arrays.fields.byteOffset,
    graph,
    sets,
    arrays,
    bundles,
    ...lists,
    ...places,
  };
  lists.everyRow.forEach((_, m, rows) => {
    rows[m] = m;
  });
  lists.everyNode.forEach((_, k, nodes) => {
    nodes[k] = k;
  });
  lists.nests.set(graph.nests);
  lists.commonRows.set(work.commonRows);
  lists.commonNests.set(work.commonNests);
  lists.upper.set(graph.upper);
  return { plan, room };
}

class Counter implements Source {
  total = 65_536;
  reals(length: number): Float64Array {
    this.add(8 * length);
    return new Float64Array(0);
  }
  ints(length: number): Int32Array {
    this.add(4 * length);
    return new Int32Array(0);
  }
  bytes(length: number): Uint8Array {
    this.add(length);
    return new Uint8Array(0);
  }
  /** With what arrays are put apart by. */
  private add(bytes: number): void {
    this.total += bytes + 256;
  }
}

function bundlesOf({ consumers }: Layout): Bundle[] {
  return consumers.flatMap(({ orchestrator: { endowment, floors } }, consumer) => [
    ...[...endowment].map(([commodity, series]) => ({ consumer, commodity, series, owed: false })),
    ...[...floors].map(([commodity, series]) => ({ consumer, commodity, series, owed: true })),
  ]);
}

function listsFrom(source: Source, { commodities }: Layout, graph: Graph, work: Work) {
  return {
    everyRow: source.ints(commodities),
    everyNode: source.ints(graph.nodes),
    nests: source.ints(graph.nests.length),
    commonRows: source.ints(work.commonRows.length),
    commonNests: source.ints(work.commonNests.length),
    upper: source.ints(graph.upper.length),
  };
}

function placesFrom(source: Source, { commodities: M, nodes: N }: Layout, threads: number) {
  // No kind of block is more numerous than rows of one commodity each.
  return {
    partials: source.reals(16 * (M + 1)),
    dots: source.reals(MOST_TERMS * (Math.ceil((M * N) / 4096) + 1)),
    coefficients: source.reals(MOST_TERMS),
    offsets: source.ints(MOST_TERMS),
    room: source.reals(4 * N * threads),
  };
}

/** One array a field of `Plan` in kernels/plan.h, in its order, and last the arrays that fields point to. */
function arraysFrom(
  source: Source,
  { commodities: M, nodes: N, agents, consumers }: Layout,
  graph: Graph,
  work: Work,
  sets: readonly (KernelSet | null)[],
  bundles: readonly Bundle[],
) {
  const [K, E, A, I, B] = [
    graph.nodes,
    graph.children.length,
    agents.length,
    consumers.length,
    bundles.length,
  ];
  const matrix = () => source.reals(M * N);
  const puts = agents.reduce((sum, { metrics }) => sum + metrics.length, 0);
  const slots = sets.reduce((sum, set) => sum + 2 + (set?.lineCount ?? 0), 0);
  const ofNodes = () => source.reals(K * N);
  const described = {
    weights: source.reals(N),
    inverseWeights: source.reals(N),
    price: matrix(),
    supply: matrix(),
    demand: matrix(),
    active: source.bytes(M * N),
    idle: source.bytes(M * N),
    special: source.bytes(M),
    side: source.ints(M),
    sides: matrix(),
    dsides: matrix(),
    firstEdge: source.ints(K + 1),
    children: source.ints(E),
    edgeWeights: source.reals(E),
    nodeOfEdge: source.ints(E),
    delta: source.reals(K),
    scale: source.reals(K),
    isRoot: source.bytes(K),
    index: ofNodes(),
    flow: ofNodes(),
    share: source.reals(E * N),
    consumerOfNode: source.ints(K),
    leafFirst: source.ints(M + 1),
    leafEdges: source.ints(graph.leafEdges.length),
    spending: source.reals(I),
    dspending: source.reals(I),
    putFirst: source.ints(M + 1),
    putAgent: source.ints(puts),
    putRow: source.ints(puts),
    agentFirst: source.ints(A + 1),
    agentCommodity: source.ints(puts),
    ownFirst: source.ints(A + 1),
    ownRow: source.ints(work.ownRows.flat().length),
    nestFirst: source.ints(A + 1),
    nest: source.ints(work.ownNests.flat().length),
    agentCenter: source.ints(A),
    agentRadius: source.ints(A),
    agentLines: source.ints(A),
    agentPut: source.ints(A),
    agentDput: source.ints(A),
    agentResponse: source.ints(A),
    agentLineCount: source.ints(A),
    agentSlot: source.ints(A),
    sums: source.reals(slots),
    coefficients: source.reals(slots),
    changes: source.reals(slots),
    endowment: source.ints(M),
    floors: source.ints(M),
    bundleCommodity: source.ints(B),
    bundleSeries: source.ints(B),
    bundleValue: source.reals(B),
    rowNoise: source.reals(2 * M),
    columnNoise: source.reals(2 * N),
    response: matrix(),
    free: matrix(),
    scratch0: ofNodes(),
    scratch1: ofNodes(),
    scratch2: ofNodes(),
    scratch3: ofNodes(),
    scratch4: ofNodes(),
    metric: matrix(),
    fallFrom: matrix(),
    excessThen: matrix(),
    stride: matrix(),
    releases: source.bytes(M * N),
    touched: source.bytes(M * N),
  };
  return {
    ...described,
    fields: source.ints(2 + Object.keys(described).length),
    fieldOrder: Object.keys(described) as (keyof typeof described)[],
    dsums: source.reals(slots),
    /** Net puts and their derivatives, made outside of the kernels. */
    puts: source.reals(puts * N),
    dputs: source.reals(puts * N),
    ownResponses: source.reals(sets.some((set) => set === null || set.lineCount > 0) ? puts * N : 0),
    data: sets.map((set) =>
      set === null
        ? null
        : {
            center: set.center && source.reals(set.center.length),
            radius: set.radius && source.reals(set.radius.length),
            lines: source.reals(set.lines.reduce((sum, { length }) => sum + length, 0)),
          },
    ),
    totals: Array.from({ length: 2 }, () => rowsOwned(bundles, M)).map((rows, owed) =>
      rows.map((some) => (some[owed] ? source.reals(N) : null)),
    ),
    bundleData: bundles.map(() => source.reals(N)),
  };
}

/** Of each commodity whether it is owned, and whether it is owed, by somebody. */
function rowsOwned(bundles: readonly Bundle[], commodities: number): boolean[][] {
  const rows = Array.from({ length: commodities }, () => [false, false]);
  for (const { commodity, owed } of bundles) rows[commodity][owed ? 1 : 0] = true;
  return rows;
}

function fill(
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
    const total = arrays.totals[owed ? 1 : 0][commodity] as Float64Array;
    for (let n = 0; n < N; n++) total[n] += series[n];
  });
  [arrays.endowment, arrays.floors].forEach((offsets, owed) => {
    for (let m = 0; m < M; m++) offsets[m] = arrays.totals[owed][m]?.byteOffset ?? 0;
  });
  fillNoise(arrays, layout);
  arrays.side.fill(-1);
  arrays.fallFrom.fill(-1e300);
  const offsets = arrays.fieldOrder.map((name) => arrays[name].byteOffset);
  arrays.fields.set([N, M, ...offsets]);
}

function fillWork(arrays: Arrays, { ownRows, ownNests }: Work): void {
  arrays.ownFirst.set(starts(ownRows.map(({ length }) => length)));
  arrays.ownRow.set(ownRows.flat());
  arrays.nestFirst.set(starts(ownNests.map(({ length }) => length)));
  arrays.nest.set(ownNests.flat());
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
