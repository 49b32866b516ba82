import type { Agent, Orchestrator } from "./economy.js";

/** What an agent can do to one of its metrics at one instant, from the bounds of its set. */
export interface Reach {
  readonly agent: Agent;
  readonly row: number;
  /** Bounds of the net put by node, shape [N]. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Who can supply what when: by endowments, and by agents whose net put may be positive. */
export class SupplyMap {
  /** The reach of every metric of every agent. */
  readonly reaches: readonly Reach[];
  /** Whether anybody can supply commodity m at node n, shape [commodities, N]. */
  readonly #possible: Uint8Array;

  constructor(
    agents: readonly Agent[],
    orchestrators: readonly Orchestrator[],
    commodities: number,
    readonly nodes: number,
  ) {
    this.#possible = new Uint8Array(commodities * nodes);
    this.reaches = agents.flatMap((agent) => reachesOf(agent, nodes));
    for (const { endowment } of orchestrators) {
      for (const [commodity, series] of endowment) this.#mark(commodity, series);
    }
    for (const { agent, row, upper } of this.reaches) this.#mark(agent.commodities[row], upper);
  }

  #mark(commodity: number, series: Float64Array): void {
    for (let n = 0; n < this.nodes; n++) if (series[n] > 0) this.#possible[commodity * this.nodes + n] = 1;
  }

  /** The nodes where `wanted` holds and nobody can supply the commodity. */
  missing(commodity: number, wanted: (n: number) => boolean): number[] {
    const nodes: number[] = [];
    const base = commodity * this.nodes;
    for (let n = 0; n < this.nodes; n++) if (this.#possible[base + n] === 0 && wanted(n)) nodes.push(n);
    return nodes;
  }
}

function reachesOf(agent: Agent, nodes: number): Reach[] {
  const { lower, upper } = agent.set.bounds();
  return agent.metrics.map((_, row) => ({
    agent,
    row,
    lower: lower.subarray(row * nodes, (row + 1) * nodes),
    upper: upper.subarray(row * nodes, (row + 1) * nodes),
  }));
}
