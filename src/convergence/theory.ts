import { contractionBound } from "../contraction/bound.js";
import { type IntervalReport, spectralInterval } from "../contraction/interval.js";
import type { Economy } from "../economy/economy.js";
import { layOut } from "../market/layout.js";
import type { Solution } from "../solve/solution.js";
import type { Theory } from "./convergence.js";

/** What model.md section 6 says of an economy, at a solution of it where there is one. */
export function theoryOf(economy: Economy, solution: Solution | null): Theory {
  const { step } = layOut(economy);
  const { theorem, rate, why } = contractionBound(economy, step);
  const beyond = solution === null ? undefined : beyondFloors(solution);
  const { interval, why: intervalWhy } = intervalOf(economy, beyond);
  return {
    step,
    theorem,
    rate,
    why,
    interval: interval && {
      least: interval.least,
      largest: interval.largest,
      step: interval.step,
      rate: interval.rate,
      heavy_ball: interval.heavyBall.rate,
    },
    interval_why: intervalWhy,
  };
}

/** T3's report, its interval null also where it is [0, 0]: what answers to no price has no best λ. */
export function intervalOf(economy: Economy, beyond?: number): IntervalReport {
  const report = spectralInterval(economy, beyond);
  return report.interval !== null && report.interval.largest > 0 ? report : { ...report, interval: null };
}

/** The least 1 − γ/D, with D and γ summed over orchestrators and no inputs counted; undefined where nobody has floors. */
function beyondFloors({ economy, plans }: Solution): number | undefined {
  const { grid, orchestrators, commodities } = economy;
  if (orchestrators.every(({ floors }) => floors.size === 0)) return undefined;
  const floor = new Float64Array(commodities.length * grid.nodes);
  const demand = new Float64Array(floor.length);
  const add = (to: Float64Array, m: number, series: Float64Array) => {
    for (let n = 0; n < grid.nodes; n++) to[m * grid.nodes + n] += series[n];
  };
  orchestrators.forEach(({ floors }, i) => {
    for (const [m, series] of floors) add(floor, m, series);
    const plan = plans.orchestrators[i];
    plan.commodities.forEach((m, row) => {
      add(demand, m, plan.demand.subarray(row * grid.nodes, (row + 1) * grid.nodes));
    });
  });
  return floor.reduce((least, x, k) => (x > 0 ? Math.min(least, 1 - x / demand[k]) : least), 1);
}
