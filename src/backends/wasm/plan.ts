import type { Precision, Reals } from "../../core/reals.js";
import type { Layout } from "../../market/layout.js";
import { type KernelSet, kernelSet } from "./agents.js";
import { Arena, LARGEST_MEMORY } from "./arena.js";
import {
  type Arrays,
  arraysFrom,
  type Bundle,
  bundlesOf,
  listsFrom,
  placesFrom,
  type Source,
} from "./arrays.js";
import { tileWidth } from "./blocks.js";
import { fill, fillWork } from "./fill.js";
import { type Graph, graphOf } from "./graph.js";
import { RESERVED } from "./kernels.js";
import { divide } from "./work.js";

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
  /** Where each thread sweeps a tile of so many instants of the graph. */
  readonly tile: Reals;
  readonly width: number;
  /** Places for what blocks add up, for terms of sums, and for rows that a thread needs meanwhile. */
  readonly partials: Float64Array;
  readonly dots: Float64Array;
  readonly coefficients: Float64Array;
  readonly offsets: Int32Array;
  readonly room: Reals;
}

/** Numbers that vectors hold together: what `auto` and Newton's Krylov space ask for; how many there are at most and at least, and some more. */
const MEMORY = 2 ** 26;
const [MOST_VECTORS, LEAST_VECTORS, MORE] = [200, 10, 24];
/** With fewer no solver gets far. */
const FEWEST = 20;

/** Room for so many vectors of a size, of numbers of a width in bytes; fewer where bytes are scarce, but then FEWEST, which will not fit. */
function vectorsFor(size: number, width: number, bytes: number): number {
  const wanted = MORE + Math.max(LEAST_VECTORS, Math.min(MOST_VECTORS, Math.floor(MEMORY / size)));
  return Math.max(FEWEST, Math.min(wanted, Math.floor(bytes / (width * size + 512))));
}

/** @param shared memory that threads can share; @param threads that need room of their own */
export function planFor(
  layout: Layout,
  shared: boolean,
  threads: number,
  precision: Precision,
): { plan: Plan; room: Reals[] } {
  const graph = graphOf(layout);
  const sets = layout.agents.map(({ set }) => kernelSet(set));
  const bundles = bundlesOf(layout);
  const work = divide(layout, graph);
  const size = layout.commodities * layout.nodes;
  const width = tileWidth(layout, graph, threads);
  const counter = new Counter(precision);
  const everything = (source: Source) => ({
    arrays: arraysFrom(source, layout, graph, work, sets, bundles),
    lists: listsFrom(source, layout, graph, work),
    places: placesFrom(source, layout, graph, threads, width),
  });
  everything(counter);
  const vectors = vectorsFor(size, counter.width, LARGEST_MEMORY - RESERVED - counter.total);
  for (let v = 0; v < vectors; v++) counter.reals(size);
  const arena = new Arena(RESERVED, counter.total, shared, precision);
  const { arrays, lists, places } = everything(arena);
  const room = Array.from({ length: vectors }, () => arena.reals(size));
  fill(arrays, layout, graph, sets, bundles);
  fillWork(arrays, work, graph);
  const plan: Plan = {
    arena,
    at: arrays.fields.byteOffset,
    graph,
    sets,
    arrays,
    bundles,
    width,
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
  readonly width: number;
  constructor(precision: Precision) {
    this.width = precision === "float64" ? 8 : 4;
  }
  reals(length: number): Reals {
    this.add(this.width * length);
    return new Float64Array(0);
  }
  wides(length: number): Float64Array {
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
