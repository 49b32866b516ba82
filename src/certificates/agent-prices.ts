import { gatherRows } from "../core/rows.js";
import type { Agent, Economy } from "../economy/economy.js";

/**
 * For each agent the prices of its metrics, shape [metrics, nodes], in one array that the next agent's are written over: an array of
 * its own for every agent of thousands costs more than what is computed from it.
 */
export function agentPrices(
  { agents, grid: { nodes } }: Economy,
  prices: Float64Array,
): (agent: Agent) => Float64Array {
  const widest = agents.reduce((most, { commodities }) => Math.max(most, commodities.length), 0);
  const room = new Float64Array(widest * nodes);
  return ({ commodities }) =>
    gatherRows(prices, commodities, nodes, room.subarray(0, commodities.length * nodes));
}
