import { InputError } from "../core/errors.js";
import { gatherRows } from "../core/rows.js";
import type { Economy } from "../economy/economy.js";
import type { Grid } from "../time/grid.js";
import { prolong } from "../time/projection.js";

/** Prices to begin from: a solution, or anybody's guess. */
export interface StartPrices {
  /** The grid they are on; null: this economy's own, or constants. */
  readonly grid: Grid | null;
  /** By commodity name, ≥ 0; commodities not named start at 1. */
  readonly prices: ReadonlyMap<string, Float64Array>;
}

/** The start as a price matrix [commodities, nodes], prolonged in logs where the grids differ. */
export function startPrices(economy: Economy, start: StartPrices | undefined): Float64Array {
  const N = economy.grid.nodes;
  const prices = new Float64Array(economy.commodities.length * N).fill(1);
  economy.commodities.forEach(({ name }, m) => {
    const given = start?.prices.get(name);
    if (given !== undefined) prices.set(onGrid(given, start?.grid ?? null, economy.grid, name), m * N);
  });
  return prices;
}

function onGrid(given: Float64Array, from: Grid | null, to: Grid, name: string): Float64Array {
  if (given.length === 1) return new Float64Array(to.nodes).fill(given[0]);
  if (from !== null) return prolong(given.map(Math.log), 1, from, to).map(Math.exp);
  if (given.length === to.nodes) return given;
  const problem = {
    path: `prices.${name}`,
    found: `${given.length} values`,
    expected: `1 or ${to.nodes} (nodes)`,
  };
  throw new InputError("the start", [problem]);
}

/** Every orchestrator should keep this fraction of its income beyond its floors, when that can be had. */
const MARGIN = 0.02;
const MOST_STEPS = 5000;

/**
 * Where some M°_i ≤ 0, prices that minimise Σ_i max(0, margin − M°_i/M_i) (model.md section 5), by Polyak's subgradient
 * step in log prices; the given prices where everybody can pay already. The last point is returned even when somebody
 * still cannot.
 */
export function affordableStart(economy: Economy, prices: Float64Array): Float64Array {
  let p = prices.slice();
  for (let step = 0; step < MOST_STEPS; step++) {
    const { shortfall, gradient, least } = affordability(economy, p);
    if (least > (step === 0 ? 0 : MARGIN / 2) || shortfall === 0) break;
    const square = gradient.reduce((sum, g) => sum + g * g, 0);
    if (!(square > 0)) break;
    const size = (1.5 * shortfall) / square;
    p = p.map((x, k) => x * Math.exp(Math.max(-1, Math.min(1, -size * gradient[k]))));
  }
  return p;
}

/** Σ max(0, margin − M°_i/M_i), its gradient in log prices, and the least M°_i/M_i. */
function affordability(
  { grid, agents, orchestrators }: Economy,
  p: Float64Array,
): { shortfall: number; gradient: Float64Array; least: number } {
  const N = grid.nodes;
  const worth = p.map((x, k) => x * grid.weights[k % N]);
  const supplies = agents.map(({ set, commodities }) => {
    const own = gatherRows(p, commodities, N, new Float64Array(commodities.length * N));
    const supply = new Float64Array(own.length);
    set.supply(own, supply);
    return { commodities, supply, profit: set.profit(own) };
  });
  const gradient = new Float64Array(p.length);
  let [shortfall, least] = [0, Infinity];
  for (const { endowment, floors, shares } of orchestrators) {
    const dIncome = new Float64Array(p.length);
    const dCost = new Float64Array(p.length);
    const add = (to: Float64Array, m: number, series: Float64Array, scale: number) => {
      for (let n = 0; n < N; n++) to[m * N + n] += scale * worth[m * N + n] * series[n];
    };
    for (const [m, series] of endowment) add(dIncome, m, series, 1);
    for (const [m, series] of floors) add(dCost, m, series, 1);
    let income = dIncome.reduce((sum, x) => sum + x, 0);
    const cost = dCost.reduce((sum, x) => sum + x, 0);
    supplies.forEach(({ commodities, supply, profit }, a) => {
      if (shares[a] === 0) return;
      income += shares[a] * profit;
      commodities.forEach((m, r) => {
        add(dIncome, m, supply.subarray(r * N, (r + 1) * N), shares[a]);
      });
    });
    const ratio = 1 - cost / income;
    least = Math.min(least, ratio);
    if (ratio >= MARGIN) continue;
    shortfall += MARGIN - ratio;
    for (let k = 0; k < p.length; k++) gradient[k] += (dCost[k] - (cost / income) * dIncome[k]) / income;
  }
  return { shortfall, gradient, least };
}
