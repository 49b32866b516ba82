/** Successors first; or the nodes of one cycle, its first node repeated at the end. */
export type Ordering = { readonly order: Int32Array } | { readonly cycle: readonly number[] };

/**
 * Orders the nodes 0 … successors.length − 1 of a directed graph so that every node comes after all its successors, by
 * depth-first search without recursion (a chain of any length), in O(nodes + edges).
 */
export function topologicalOrder(successors: readonly ArrayLike<number>[]): Ordering {
  const order = new Int32Array(successors.length);
  const search = new Search(successors);
  let done = 0;
  for (let start = 0; start < successors.length; start++) {
    for (const finished of search.from(start)) order[done++] = finished;
    if (search.cycle !== null) return { cycle: search.cycle };
  }
  return { order };
}

class Search {
  cycle: number[] | null = null;
  /** Position on the current path, −1 before the visit, −2 after it. */
  readonly #position: Int32Array;
  /** How many successors have been taken. */
  readonly #taken: Int32Array;

  constructor(private readonly successors: readonly ArrayLike<number>[]) {
    this.#position = new Int32Array(successors.length).fill(-1);
    this.#taken = new Int32Array(successors.length);
  }

  /** Yields the nodes reached from `start` and not before, each after its successors; stops at a cycle. */
  *from(start: number): Generator<number> {
    const path: number[] = [];
    if (this.#position[start] === -1) this.#enter(start, path);
    while (path.length > 0) {
      const node = path[path.length - 1];
      const next = this.successors[node][this.#taken[node]++];
      if (next === undefined) {
        path.pop();
        this.#position[node] = -2;
        yield node;
      } else if (this.#position[next] >= 0) {
        this.cycle = [...path.slice(this.#position[next]), next];
        return;
      } else if (this.#position[next] === -1) this.#enter(next, path);
    }
  }

  #enter(node: number, path: number[]): void {
    this.#position[node] = path.length;
    path.push(node);
  }
}

/** `a → b → a`; the middle of a long cycle is counted, not shown. */
export function describeCycle(cycle: readonly number[], names: readonly string[]): string {
  const steps = cycle.map((node) => names[node]);
  if (steps.length <= 12) return steps.join(" → ");
  return [...steps.slice(0, 6), `… ${steps.length - 10} more …`, ...steps.slice(-4)].join(" → ");
}
