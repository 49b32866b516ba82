import { meanVolume } from "./clearing.js";
import { beyondFloors, type Consumer, expenditure, logUtilityOf } from "./consumer.js";
import type { Outcome } from "./outcome.js";
import type { OrchestratorPlan } from "./plans.js";
import { bundleValue } from "./value.js";
import { type Item, instantAt, Worst } from "./worst.js";

/** A shortage of the floors up to this fraction of the mean volume is charged at its price; beyond it nothing is certified. */
const CHARGED_SHORTAGE = 1e-3;

/**
 * Item 5 of model.md section 7, the First Welfare Theorem: Debreu's coefficient of resource utilisation
 *
 *     (Σ_i e_i(p, u_i(c̃_i))) / (⟨p,Σω⟩ + Σ_a h_a(p)) ≤ 1 ,    c̃ = γ + (c−γ)·min(1, (S−I−γ)/(C−γ)) ,
 *
 * c̃ the consumption rationed to what there is. 1 − it bounds the share of total wealth that any feasible reallocation
 * keeping everyone's rationed utility could free. Where S−I < γ by more than rounding the rationed allocation does not
 * cover the floors: null, and the place is where; within rounding the shortage is charged at its price.
 */
export function utilization(outcome: Outcome): Item<number | null> {
  const { economy, prices, plans, consumers } = outcome;
  const { grid } = economy;
  const { worst, cost } = floorShortage(outcome);
  const place = worst.item((i) => instantAt(economy, i)).place;
  if (!(worst.value <= CHARGED_SHORTAGE)) return { value: null, place };
  let needed = -cost;
  let wealth = plans.agents.reduce((sum, { profit }) => sum + profit, 0);
  consumers.forEach((consumer, i) => {
    const rationed = rationedBundle(consumer, plans.orchestrators[i], outcome);
    needed += expenditure(consumer, logUtilityOf(consumer, rationed), prices, grid);
    wealth += bundleValue(consumer.orchestrator.endowment, prices, grid);
  });
  const value = needed / wealth;
  return Number.isFinite(value) ? { value, place: {} } : { value: null, place: {} };
}

/** max(0, γ − (S−I)): its worst relative to the mean volume, and its value. */
function floorShortage(outcome: Outcome): { worst: Worst; cost: number } {
  const { economy, prices, volumes } = outcome;
  const { nodes: N, weights } = economy.grid;
  const floored = new Set(economy.orchestrators.flatMap(({ floors }) => [...floors.keys()]));
  const worst = new Worst();
  let cost = 0;
  for (let m = 0; m < economy.commodities.length; m++) {
    if (!floored.has(m)) continue;
    const scale = meanVolume(outcome, m);
    for (let n = 0, i = m * N; n < N; n++, i++) {
      if (volumes.floors[i] === 0) continue;
      const shortage = Math.max(0, volumes.floors[i] - (volumes.supply[i] - volumes.inputs[i]));
      worst.see(shortage / scale, i);
      cost += weights[n] * prices[i] * shortage;
    }
  }
  return { worst, cost };
}

/** c̃ − γ of the leaves, shape [leaves, nodes], in the consumer's room; the ration is never below 0. */
function rationedBundle(
  consumer: Consumer,
  plan: OrchestratorPlan,
  { economy: { grid }, prices, volumes: { consumption, floors, inputs, supply } }: Outcome,
): Float64Array {
  const N = grid.nodes;
  const beyond = beyondFloors(consumer, plan, prices, grid);
  const rationed = consumer.room;
  consumer.preferences.leaves.forEach((m, row) => {
    for (let n = 0, i = m * N, j = row * N; n < N; n++, i++, j++) {
      const wanted = consumption[i] - floors[i];
      const left = supply[i] - inputs[i] - floors[i];
      rationed[j] = beyond[j] * (wanted <= 0 ? 1 : Math.max(0, Math.min(1, left / wanted)));
    }
  });
  return rationed;
}
