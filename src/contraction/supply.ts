import type { Agent, Economy } from "../economy/economy.js";
import { wantedInstants } from "../economy/wanted.js";
import type { FailedHypothesis } from "./hypothesis.js";

/** Agents that T1 or T3 says nothing of. */
export function agentFailures({ agents }: Economy, theorem: "t1" | "t3"): FailedHypothesis[] {
  return agents.flatMap((agent): FailedHypothesis[] => {
    const why = obstacle(agent, theorem);
    return why === null ? [] : [{ hypothesis: "agents", where: `agent ${agent.name}: ${why}` }];
  });
}

function obstacle({ set }: Agent, theorem: "t1" | "t3"): string | null {
  return set.theory === undefined ? `nothing is known of its family "${set.family}"` : set.theory[theorem];
}

export function negativeEndowments({ orchestrators, commodities }: Economy): FailedHypothesis[] {
  return orchestrators.flatMap(({ name, endowment }) =>
    [...endowment].flatMap(([m, series]): FailedHypothesis[] => {
      const n = series.findIndex((x) => !(x >= 0));
      if (n < 0) return [];
      const where = `orchestrator ${name}: endowment of ${commodities[m].name} is ${series[n]} at node ${n}`;
      return [{ hypothesis: "endowments", where }];
    }),
  );
}

export function floorFailures({ orchestrators, commodities }: Economy): FailedHypothesis[] {
  return orchestrators.flatMap(({ name, floors }) =>
    [...floors].flatMap(([m, series]): FailedHypothesis[] =>
      series.some((x) => x > 0)
        ? [{ hypothesis: "floors", where: `orchestrator ${name}: floor on ${commodities[m].name}` }]
        : [],
    ),
  );
}

/**
 * Commodities that somebody wants and whose supply may vanish. Under T1's hypothesis an agent that supplies something at
 * equal prices supplies it at all positive prices (s² p > 0, α (p/R̂)^τ > 0); of other agents the upper bound decides.
 */
export function vanishingSupply(economy: Economy): FailedHypothesis[] {
  const { agents, commodities, grid } = economy;
  const supply = totalEndowment(economy);
  for (const agent of agents) {
    const possible = possibleSupply(agent);
    agent.commodities.forEach((m, r) => {
      for (let n = 0; n < grid.nodes; n++) supply[m * grid.nodes + n] += possible[r * grid.nodes + n];
    });
  }
  const wanted = wantedInstants(economy);
  return commodities.flatMap(({ name }, m): FailedHypothesis[] => {
    const row = supply.subarray(m * grid.nodes, (m + 1) * grid.nodes);
    const n = row.findIndex((x, k) => wanted[m * grid.nodes + k] === 1 && !(x > 0));
    return n < 0 ? [] : [{ hypothesis: "supply", where: `nobody surely supplies ${name} at node ${n}` }];
  });
}

/** Entries ≥ 0, positive where the agent supplies, shape [metrics, nodes]. */
function possibleSupply(agent: Agent): Float64Array {
  const { set } = agent;
  if (obstacle(agent, "t1") !== null) return set.bounds().upper.map((x) => Math.max(0, x));
  const supply = new Float64Array(set.metrics * set.nodes);
  set.supply(new Float64Array(supply.length).fill(1), supply);
  return supply;
}

/** e_S: the largest own-price elasticity of supply among agents that respond to prices; 0 where supply is fixed. */
export function ownSupplyElasticity({ agents }: Economy): number {
  return agents.reduce((max, { set }) => {
    const { lower, upper } = set.bounds();
    const fixed = lower.every((x, i) => x === upper[i]);
    return fixed ? max : Math.max(max, set.theory?.elasticity ?? Infinity);
  }, 0);
}

/** Σ_i ω_i, shape [commodities, nodes]. */
export function totalEndowment({ orchestrators, commodities, grid }: Economy): Float64Array {
  const total = new Float64Array(commodities.length * grid.nodes);
  for (const { endowment } of orchestrators) {
    for (const [m, series] of endowment) {
      for (let n = 0; n < grid.nodes; n++) total[m * grid.nodes + n] += series[n];
    }
  }
  return total;
}
