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
  const N = grid.nodes;
  const matrix = () => new Float64Array(commodities.length * N);
  // Where nobody has a floor or uses an input, one matrix of zeros stands for both.
  const none = matrix();
  const [consumption, supply] = [matrix(), matrix()];
  let [floors, inputs] = [none, none];
  orchestrators.forEach(({ endowment, floors: floor }, i) => {
    for (const [m, series] of endowment) addRow(supply, m, series, N);
    if (floor.size > 0 && floors === none) floors = matrix();
    for (const [m, series] of floor) addRow(floors, m, series, N);
    const { commodities: rows, demand } = plans.orchestrators[i];
    rows.forEach((m, row) => {
      addRow(consumption, m, demand, N, row * N);
    });
  });
  agents.forEach((agent, a) => {
    const { supply: y } = plans.agents[a];
    agent.commodities.forEach((m, row) => {
      for (let n = 0, i = m * N, j = row * N; n < N; n++, i++, j++) {
        if (y[j] >= 0) supply[i] += y[j];
        else {
          if (inputs === none) inputs = matrix();
          inputs[i] -= y[j];
          // What is no number is brought and taken, so that no item loses it.
          if (Number.isNaN(y[j])) supply[i] = y[j];
        }
      }
    });
  });
  return {
    consumption,
    floors,
    inputs,
    demand: inputs === none ? consumption : sum(consumption, inputs),
    supply,
  };
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i];
  return out;
}

/** matrix[m, ·] += the N numbers of `rows` that begin at `offset`. */
function addRow(matrix: Float64Array, m: number, rows: Float64Array, N: number, offset = 0): void {
  for (let n = 0, i = m * N, j = offset; n < N; n++, i++, j++) matrix[i] += rows[j];
}
