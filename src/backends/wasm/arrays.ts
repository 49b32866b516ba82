import type { Reals } from "../../core/reals.js";
import type { Layout } from "../../market/layout.js";
import type { KernelSet } from "./agents.js";
import type { Graph } from "./graph.js";
import type { Work } from "./work.js";

/** Most vectors in one sum. */
export const MOST_TERMS = 256;

/** Where arrays come from: a memory, or a count of the bytes it must have. */
export interface Source {
  reals(length: number): Reals;
  /** float64 whatever the precision: sums and single numbers. */
  wides(length: number): Float64Array;
  ints(length: number): Int32Array;
  bytes(length: number): Uint8Array;
}

/** A series of an orchestrator's endowment or floors, to be valued. */
export interface Bundle {
  readonly consumer: number;
  readonly commodity: number;
  readonly series: Float64Array;
  readonly owed: boolean;
}

export type Arrays = ReturnType<typeof arraysFrom>;

export function bundlesOf({ consumers }: Layout): Bundle[] {
  return consumers.flatMap(({ orchestrator: { endowment, floors } }, consumer) => [
    ...[...endowment].map(([commodity, series]) => ({ consumer, commodity, series, owed: false })),
    ...[...floors].map(([commodity, series]) => ({ consumer, commodity, series, owed: true })),
  ]);
}

export function listsFrom(source: Source, { commodities }: Layout, graph: Graph, work: Work) {
  return {
    everyRow: source.ints(commodities),
    everyNode: source.ints(graph.nodes),
    nests: source.ints(graph.nests.length),
    commonRows: source.ints(work.commonRows.length),
    commonNests: source.ints(work.commonNests.length),
    upper: source.ints(graph.upper.length),
  };
}

/** @param width instants of a tile of the graph */
export function placesFrom(
  source: Source,
  { commodities: M, nodes: N }: Layout,
  graph: Graph,
  threads: number,
  width: number,
) {
  const { nodes: K, children, nests, nestEdges } = graph;
  // No kind of block is more numerous than rows of one commodity each.
  return {
    partials: source.wides(16 * (M + 1)),
    dots: source.wides(MOST_TERMS * (Math.ceil((M * N) / 4096) + 1)),
    coefficients: source.wides(MOST_TERMS),
    offsets: source.ints(2 * MOST_TERMS),
    room: source.reals(4 * N * threads),
    tile: source.reals((3 * K - 2 * nests.length + children.length - nestEdges) * width * threads),
  };
}

/**
 * One array a field of `Plan` in kernels/plan.h, in its order, and last the arrays that fields point to.
 *
 * @param left of what a whole evaluation leaves
 * @param shared of what economies of a batch share, or have no use for
 */
export function arraysFrom(
  source: Source,
  { commodities: M, nodes: N, agents, consumers }: Layout,
  graph: Graph,
  work: Work,
  sets: readonly (KernelSet | null)[],
  bundles: readonly Bundle[],
  left = source,
  shared = source,
) {
  const [K, E, A, I, B] = [
    graph.nodes,
    graph.children.length,
    agents.length,
    consumers.length,
    bundles.length,
  ];
  const matrix = () => left.reals(M * N);
  const puts = agents.reduce((sum, { metrics }) => sum + metrics.length, 0);
  const slots = sets.reduce((sum, set) => sum + 2 + (set?.lineCount ?? 0), 0);
  const ofNodes = () => left.reals(K * N);
  const described = {
    weights: source.reals(N),
    inverseWeights: source.reals(N),
    price: matrix(),
    supply: matrix(),
    demand: matrix(),
    active: shared.bytes(M * N),
    idle: shared.bytes(M * N),
    special: source.bytes(M),
    side: source.ints(M),
    sides: shared.reals(M * N),
    dsides: shared.reals(M * N),
    firstEdge: source.ints(K + 1),
    children: source.ints(E),
    edgeWeights: source.reals(E),
    nodeOfEdge: source.ints(E),
    delta: source.reals(K),
    scale: source.reals(K),
    isRoot: source.bytes(K),
    isMixed: source.bytes(K),
    index: ofNodes(),
    flow: ofNodes(),
    share: left.reals(E * N),
    consumerOfNode: source.ints(K),
    budget: left.reals(I * N),
    leafFirst: source.ints(M + 1),
    leafEdges: source.ints(graph.leafEdges.length),
    spending: source.wides(I),
    dspending: source.wides(I),
    putFirst: source.ints(M + 1),
    putAgent: source.ints(puts),
    putRow: source.ints(puts),
    agentFirst: source.ints(A + 1),
    agentCommodity: source.ints(puts),
    ownFirst: source.ints(A + 1),
    ownRow: source.ints(work.ownRows.flat().length),
    nestFirst: source.ints(A + 1),
    nest: source.ints(work.ownNests.flat().length),
    nestOwn: source.bytes(work.ownNests.flat().length),
    agentCenter: source.ints(A),
    agentRadius: source.ints(A),
    agentLines: source.ints(A),
    agentPut: source.ints(A),
    agentDput: source.ints(A),
    agentResponse: source.ints(A),
    agentLineCount: source.ints(A),
    agentSlot: source.ints(A),
    sums: source.wides(slots),
    coefficients: source.wides(slots),
    changes: source.wides(slots),
    endowment: source.ints(M),
    floors: source.ints(M),
    bundleCommodity: source.ints(B),
    bundleSeries: source.ints(B),
    bundleValue: source.wides(B),
    rowNoise: source.reals(2 * M),
    columnNoise: source.reals(2 * N),
    response: matrix(),
    free: matrix(),
    scratch0: shared.reals(K * N),
    scratch1: shared.reals(K * N),
    scratch2: shared.reals(K * N),
    scratch3: shared.reals(K * N),
    scratch4: shared.reals(K * N),
    metric: shared.reals(M * N),
    fallFrom: shared.reals(M * N),
    excessThen: shared.reals(M * N),
    stride: shared.reals(M * N),
    releases: shared.bytes(M * N),
  };
  return {
    ...described,
    fields: source.ints(5 + Object.keys(described).length),
    fieldOrder: Object.keys(described) as (keyof typeof described)[],
    dsums: source.wides(slots),
    /** Net puts and their derivatives, made outside of the kernels. */
    puts: shared.reals(puts * N),
    dputs: shared.reals(puts * N),
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
