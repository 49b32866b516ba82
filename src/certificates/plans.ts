import type { Agent, Economy } from "../economy/economy.js";
import { limitPrices, wantedInstants } from "../economy/wanted.js";
import type { Grid } from "../time/grid.js";
import { agentPrices } from "./agent-prices.js";
import type { Plans } from "./certificate.js";
import {
  type Consumer,
  consumersAt,
  discretionaryDemand,
  discretionaryIncome,
  incomeOf,
} from "./consumer.js";

export type AgentPlan = Plans["agents"][number];
export type OrchestratorPlan = Plans["orchestrators"][number];

/**
 * Everybody's plans at prices p ≥ 0 [commodities, nodes], exactly 0 at free instants (model.md sections 2-4), by a route of
 * its own: no code of the market or of a solver. Never NaN where the economy is valid and some price is positive; what is
 * wanted without bound at price 0 may be infinite.
 */
export function plansAt(
  economy: Economy,
  prices: Float64Array,
  consumers: readonly Consumer[] = consumersAt(economy, prices),
): Plans {
  const { agents, grid } = economy;
  // Who has a price above 0 is not asked what is wanted.
  const wanted = prices.includes(0) ? wantedInstants(economy) : new Uint8Array();
  const pricesOf = agentPrices(economy, prices);
  const agentPlans = agents.map((agent) => agentPlan(agent, pricesOf(agent), wanted, grid));
  const profits = agentPlans.map(({ profit }) => profit);
  const plan = (consumer: Consumer) =>
    orchestratorPlan(consumer, incomeOf(consumer, profits, prices, grid), prices, grid);
  return { agents: agentPlans, orchestrators: consumers.map(plan) };
}

/** η_a(p) and h_a(p) at the prices p of its metrics. */
function agentPlan(
  { set, commodities }: Agent,
  p: Float64Array,
  wanted: Uint8Array,
  { nodes: N }: Grid,
): AgentPlan {
  const supply = new Float64Array(p.length);
  set.supply(limitPrices(p, commodities, wanted, N), supply);
  return { supply, profit: set.profit(p) };
}

/** c = γ + (M°/p)·s/w with M° = M − ⟨p,γ⟩; where M° ≤ 0 only the floors, which the budget then does not cover. */
function orchestratorPlan(
  consumer: Consumer,
  income: number,
  prices: Float64Array,
  grid: Grid,
): OrchestratorPlan {
  const { orchestrator, preferences, logPrice, logE } = consumer;
  const discretionary = discretionaryIncome(consumer, income, prices, grid);
  const commodities = demandedCommodities(consumer);
  const demand = new Float64Array(commodities.length * grid.nodes);
  commodities.forEach((m, row) => {
    const c = demand.subarray(row * grid.nodes, (row + 1) * grid.nodes);
    if (row < preferences.leaves.length) discretionaryDemand(consumer, discretionary, row, c);
    orchestrator.floors.get(m)?.forEach((floor, n) => {
      c[n] += floor;
    });
  });
  const utility = discretionary === 0 ? 0 : Math.exp(Math.log(discretionary) - logE);
  return { income, utility, commodities, demand, routing: preferences.routing(logPrice) };
}

/** The leaves of the preferences, then what only a floor asks for. */
function demandedCommodities({ orchestrator, preferences: { leaves } }: Consumer): Int32Array {
  const wanted = new Set(leaves);
  return Int32Array.from([...leaves, ...[...orchestrator.floors.keys()].filter((m) => !wanted.has(m))]);
}
