import { InputError } from "../core/errors.js";
import type { Economy } from "../economy/economy.js";
import type { Grid } from "../time/grid.js";
import { booksAt, marginsOf } from "./affordability.js";
import { prolongPrices } from "./interpolation.js";

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
  if (from !== null) return prolongPrices(given, from, to);
  if (given.length === to.nodes) return given;
  const problem = {
    path: `prices.${name}`,
    found: `${given.length} values`,
    expected: `1 or ${to.nodes} (nodes)`,
  };
  throw new InputError("the start", [problem]);
}

/** Every orchestrator should keep this fraction of what it earns and owes beyond its floors, when that can be had. */
const MARGIN = 0.01;
const MOST_STEPS = 5000;
/** Prices relative to the highest; below it nothing is worth anything. */
const LEAST_PRICE = 1e-100;

/**
 * Where some M°_i ≤ 0, prices that minimise Σ_i max(0, margin − M°_i/T_i), T_i what orchestrator i earns and owes (model.md
 * section 5), by Polyak's subgradient step in log prices; the given prices where everybody can pay already. The last point is
 * returned even when somebody still cannot: prices ≥ 0, never NaN, the highest 1.
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
    const highest = p.reduce((high, x) => Math.max(high, x), 0);
    p = p.map((x) => (x === 0 ? 0 : Math.max(LEAST_PRICE, x / highest)));
  }
  return p;
}

/** Whether somebody cannot pay its floors at these prices. */
export function isAffordable(economy: Economy, prices: Float64Array): boolean {
  return affordability(economy, prices).least > 0;
}

/** Σ max(0, margin − M°_i/T_i), its gradient in log prices, and the least M°_i/T_i. */
function affordability(
  economy: Economy,
  p: Float64Array,
): { shortfall: number; gradient: Float64Array; least: number } {
  const { grid, orchestrators } = economy;
  const books = booksAt(economy, p);
  const gradient = new Float64Array(p.length);
  let [shortfall, least] = [0, Infinity];
  orchestrators.forEach((orchestrator, i) => {
    const turnover = books.turnover[i];
    // Who earns and owes nothing can pay.
    const ratio = turnover > 0 ? (books.income[i] - books.cost[i]) / turnover : 1;
    least = Math.min(least, ratio);
    if (ratio >= MARGIN) return;
    shortfall += MARGIN - ratio;
    const { earned, turned } = marginsOf(orchestrator, economy, books);
    for (let k = 0; k < p.length; k++) {
      gradient[k] -= (grid.weights[k % grid.nodes] * p[k] * (earned[k] - ratio * turned[k])) / turnover;
    }
  });
  return { shortfall, gradient, least };
}
