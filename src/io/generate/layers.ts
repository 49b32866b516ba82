import type { Draw } from "./draw.js";

/** A DAG of agents in layers: `from` is a layer before `to`. */
export interface LayeredGraph {
  /** By agent. */
  readonly layer: Int32Array;
  /** The agents of the first layer. */
  readonly entry: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/**
 * Agents dealt into layers of equal size, and edges from each layer to the next: first one to every agent, so that all are
 * reached; then random ones, until every agent has `outDegree` successors or all there are. (An agent has more where the next
 * layer is so much larger that the first edges alone exceed that.)
 */
export function layeredGraph(agents: number, layers: number, outDegree: number, draw: Draw): LayeredGraph {
  const order = draw.permutation(agents);
  const layer = new Int32Array(agents);
  const members: number[][] = Array.from({ length: layers }, () => []);
  order.forEach((agent, k) => {
    layer[agent] = Math.floor((k * layers) / agents);
    members[layer[agent]].push(agent);
  });
  const successors = Array.from({ length: agents }, () => new Set<number>());
  for (let l = 0; l + 1 < layers; l++) connect(members[l], members[l + 1], outDegree, successors, draw);
  const from = successors.flatMap((next, agent) => Array.from(next, () => agent));
  const to = successors.flatMap((next) => [...next].sort((a, b) => a - b));
  return {
    layer,
    entry: Int32Array.from(members[0]).sort(),
    from: Int32Array.from(from),
    to: Int32Array.from(to),
  };
}

function connect(
  parents: readonly number[],
  children: readonly number[],
  outDegree: number,
  successors: readonly Set<number>[],
  draw: Draw,
): void {
  draw.permutation(children.length).forEach((child, k) => {
    successors[parents[k % parents.length]].add(children[child]);
  });
  const wanted = Math.min(outDegree, children.length);
  for (const parent of parents) {
    const next = successors[parent];
    while (next.size < wanted) next.add(children[draw.index(children.length)]);
  }
}
