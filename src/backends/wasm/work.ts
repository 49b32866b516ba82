import type { Layout } from "../../market/layout.js";
import type { Graph } from "./graph.js";

/** Which rows and nests are done together with which agent, while its numbers are in a cache. */
export interface Work {
  /** Of each agent: the rows that are its alone, and the nests whose first leaf is one of those. */
  readonly ownRows: readonly (readonly number[])[];
  readonly ownNests: readonly (readonly number[])[];
  /** The others: rows of several agents or none, and nests that begin with one of them. */
  readonly commonRows: readonly number[];
  readonly commonNests: readonly number[];
}

export function divide({ agents, commodities }: Layout, { nests, children, firstEdge }: Graph): Work {
  const owner = new Int32Array(commodities).fill(NOBODY);
  agents.forEach((agent, a) => {
    for (const m of agent.commodities) owner[m] = owner[m] === NOBODY ? a : SEVERAL;
  });
  const ownRows: number[][] = agents.map(() => []);
  const ownNests: number[][] = agents.map(() => []);
  const commonRows: number[] = [];
  const commonNests: number[] = [];
  owner.forEach((a, m) => {
    (ownRows[a] ?? commonRows).push(m);
  });
  for (const k of nests) (ownNests[owner[-1 - children[firstEdge[k]]]] ?? commonNests).push(k);
  return { ownRows, ownNests, commonRows, commonNests };
}

const NOBODY = -1;
const SEVERAL = -2;
