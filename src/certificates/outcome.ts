import type { Economy } from "../economy/economy.js";
import type { Plans } from "./certificate.js";
import { type Consumer, consumersAt } from "./consumer.js";
import { plansAt } from "./plans.js";

/** What the certificates judge: an economy, prices, and everybody's plans, recomputed or given. */
export interface Outcome {
  readonly economy: Economy;
  /** p, shape [commodities, nodes]. */
  readonly prices: Float64Array;
  readonly plans: Plans;
  readonly consumers: readonly Consumer[];
  readonly volumes: Volumes;
}

/** Who brings and who takes what, each [commodities, nodes], summed over agents and orchestrators (model.md section 4). */
export interface Volumes {
  /** C, floors included. */
  readonly consumption: Float64Array;
  /** Σ_i γ_i. */
  readonly floors: Float64Array;
  /** I, agents' inputs ≥ 0. */
  readonly inputs: Float64Array;
  /** D = C + I. */
  readonly demand: Float64Array;
  /** S = endowments + agents' outputs. */
  readonly supply: Float64Array;
}

/** @param plans whose plans to judge; recomputed from the prices where not given */
export function outcomeOf(economy: Economy, prices: Float64Array, plans?: Plans): Outcome {
  const size = economy.commodities.length * economy.grid.nodes;
  if (prices.length !== size) throw new RangeError(`${prices.length} prices, expected ${size}`);
  const consumers = consumersAt(economy, prices);
  const judged = plans ?? plansAt(economy, prices, consumers);
  return { economy, prices, plans: judged, consumers, volumes: volumesOf(economy, judged) };
}

function volumesOf(economy: Economy, plans: Plans): Volumes {
  const { agents, orchestrators, commodities, grid } = economy;
  const matrix = () => new Float64Array(commodities.length * grid.nodes);
  const [consumption, floors, inputs, supply] = [matrix(), matrix(), matrix(), matrix()];
  orchestrators.forEach(({ endowment, floors: floor }, i) => {
    for (const [m, series] of endowment) addRow(supply, m, series);
    for (const [m, series] of floor) addRow(floors, m, series);
    const { commodities: rows, demand } = plans.orchestrators[i];
    rows.forEach((m, row) => {
      addRow(consumption, m, demand.subarray(row * grid.nodes, (row + 1) * grid.nodes));
    });
  });
  agents.forEach((agent, a) => {
    const { supply: y } = plans.agents[a];
    agent.commodities.forEach((m, row) => {
      const netPut = y.subarray(row * grid.nodes, (row + 1) * grid.nodes);
      const outputs = netPut.map((x) => Math.max(0, x));
      const used = netPut.map((x) => Math.max(0, -x));
      addRow(supply, m, outputs);
      addRow(inputs, m, used);
    });
  });
  return { consumption, floors, inputs, demand: consumption.map((c, i) => c + inputs[i]), supply };
}

/** matrix[m, ·] += row. */
function addRow(matrix: Float64Array, m: number, row: Float64Array): void {
  const start = m * row.length;
  for (let n = 0; n < row.length; n++) matrix[start + n] += row[n];
}
