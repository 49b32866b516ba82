import { gatherRows } from "../core/rows.js";
import type { Economy, Orchestrator } from "../economy/economy.js";
import { preferencesOf, type RoutedPreferences, worthSomething } from "../preferences/preferences.js";
import type { Grid } from "../time/grid.js";
import { bundleValue, rowsValue } from "./value.js";

/** How far below the least positive price, in logs, the limit p → 0⁺ is evaluated: 1e-100, nothing to any sum. */
const FREE_DEPTH = 230;
/** Deepest log price, relative to the mean price, whose exponential and its inverse are both finite. */
const DEEPEST = -690;

/** Least float64 with all its digits, and least of all above 0. */
const LEAST_NORMAL = 2 ** -1022;
const LEAST_POSITIVE = 2 ** -1074;

/** An orchestrator's preferences at prices. Matrices are [leaves, nodes], node fastest. */
export interface Consumer {
  readonly orchestrator: Orchestrator;
  readonly preferences: RoutedPreferences;
  /** p [commodities, nodes], free instants in the limit p → 0⁺. */
  readonly positive: Float64Array;
  /** log p of the leaves, in that limit. */
  readonly logPrice: Float64Array;
  /** Budget shares s, Σ s = 1. */
  readonly share: Float64Array;
  /** log E(p), E the price of one unit of utility. */
  readonly logE: number;
  readonly grid: Grid;
  /** Room for quantities and their logs, written over: touching new memory takes longer than what is computed in it. */
  readonly room: Float64Array;
}

export function consumersAt({ orchestrators, grid }: Economy, prices: Float64Array): Consumer[] {
  const positive = limitPrices(prices, grid);
  return orchestrators.map((orchestrator) => {
    const preferences = preferencesOf(orchestrator, grid);
    const matrix = () => new Float64Array(preferences.leaves.length * grid.nodes);
    const logPrice = gatherRows(positive, preferences.leaves, grid.nodes, matrix());
    for (let j = 0; j < logPrice.length; j++) logPrice[j] = Math.log(logPrice[j]);
    const share = matrix();
    const logE = preferences.shares(logPrice, share);
    return { orchestrator, preferences, positive, logPrice, share, logE, grid, room: matrix() };
  });
}

/** p; where p = 0 the limit p → 0⁺ (model.md section 4), evaluated far below the least positive price. */
function limitPrices(prices: Float64Array, { nodes: N, weights, horizon }: Grid): Float64Array {
  if (!prices.includes(0)) return prices;
  let least = Infinity;
  let sum = 0;
  for (let i = 0; i < prices.length; i++) {
    if (prices[i] > 0 && prices[i] < least) least = prices[i];
    sum += weights[i % N] * prices[i];
  }
  const mean = (sum * N) / (horizon * prices.length);
  const limit = Math.exp(Math.max(Math.log(mean) + DEEPEST, Math.log(least) - FREE_DEPTH));
  return prices.map((p) => (p === 0 ? limit : p));
}

/** Whether some commodity-instant that the preferences want has price 0. */
export function wantsFree({ preferences, intensity }: Orchestrator, prices: Float64Array): boolean {
  if (!prices.includes(0)) return false;
  const N = intensity.length;
  return preferences.leaves.some((m) => intensity.some((rho, n) => rho > 0 && prices[m * N + n] === 0));
}

/** Whether what is free alone gives utility: then more of it costs nothing, and prices say nothing of what is wanted. */
export function livesOffFree({ preferences, logPrice }: Consumer, prices: Float64Array): boolean {
  const { leaves, nodes: N } = preferences;
  const free = logPrice.map((_, j) => (prices[leaves[Math.floor(j / N)] * N + (j % N)] === 0 ? 1 : 0));
  return worthSomething(preferences, logPrice, free);
}

/** M_i = ⟨p,ω_i⟩ + Σ_a θ_ia h_a. */
export function incomeOf(
  { orchestrator: { endowment, shares } }: Consumer,
  profits: readonly number[],
  prices: Float64Array,
  grid: Grid,
): number {
  return profits.reduce(
    (income, profit, a) => (shares[a] === 0 ? income : income + shares[a] * profit),
    bundleValue(endowment, prices, grid),
  );
}

/** e(p,u) = ⟨p,γ⟩ + u·E(p), the least that buys the floors and utility u beyond them; takes log u. */
export function expenditure(
  { orchestrator, logE }: Consumer,
  logUtility: number,
  prices: Float64Array,
  grid: Grid,
): number {
  return bundleValue(orchestrator.floors, prices, grid) + Math.exp(logUtility + logE);
}

/**
 * log u_i of quantities beyond the floors [leaves, nodes], bottom-up from quantities. What is essential may be wanted in amounts
 * that float64 does not resolve: where a quantity is what that rounds to, the amount itself is taken.
 *
 * @param beyond may be the consumer's room, where the logs are written
 */
export function logUtilityOf(consumer: Consumer, beyond: Float64Array): number {
  const { preferences, logPrice, share, room, grid } = consumer;
  const amounts = tinyAmounts(consumer, beyond);
  for (let row = 0; row < room.length; row += grid.nodes) {
    for (let n = 0, j = row; n < grid.nodes; n++, j++) {
      const tiny = amounts !== null && share[j] < LEAST_NORMAL;
      room[j] = tiny ? amounts(j, n) : Math.log(Math.max(0, beyond[j]));
    }
  }
  return preferences.logUtilityOfLogs(logPrice, room);
}

/** log c of entry j at node n of quantities whose shares float64 does not resolve; null where it resolves all that are wanted. */
function tinyAmounts(consumer: Consumer, beyond: Float64Array): ((j: number, n: number) => number) | null {
  if (!someTiny(consumer)) return null;
  const { preferences, positive, logPrice, share, grid } = consumer;
  const { nodes: N, weights } = grid;
  const { leaves } = preferences;
  const spent = rowsValue(beyond, leaves, positive, grid);
  const logShare = new Float64Array(share.length);
  preferences.logShares(logPrice, logShare);
  return (j, n) => {
    const c = Math.max(0, beyond[j]);
    const perShare = spent / (weights[n] * positive[leaves[(j - n) / N] * N + n]);
    const amount = logShare[j] + Math.log(perShare);
    const rounded = Math.abs(c - Math.exp(amount)) <= LEAST_POSITIVE * (1 + perShare);
    return rounded ? amount : Math.log(c);
  };
}

/** Whether float64 does not resolve the share of something at an instant that is wanted at all. */
function someTiny({ share, orchestrator: { intensity }, grid: { nodes: N } }: Consumer): boolean {
  for (let j = 0; j < share.length; j++) if (share[j] < LEAST_NORMAL && intensity[j % N] > 0) return true;
  return false;
}

/** M° = M − ⟨p,γ⟩, or 0 where the income does not pay the floors. */
export function discretionaryIncome(
  { orchestrator }: Consumer,
  income: number,
  prices: Float64Array,
  grid: Grid,
): number {
  return Math.max(0, income - bundleValue(orchestrator.floors, prices, grid));
}

/** c − γ = (M°/p)·s/w of a leaf, the row of it, at every node. Writes `out`, shape [nodes]. */
export function discretionaryDemand(
  { preferences: { leaves }, positive, share, grid: { nodes: N, weights } }: Consumer,
  discretionary: number,
  row: number,
  out: Float64Array,
): Float64Array {
  for (let n = 0, i = leaves[row] * N, j = row * N; n < N; n++, i++, j++) {
    out[n] = (discretionary * share[j]) / (weights[n] * positive[i]);
  }
  return out;
}

/**
 * c − γ of the leaves [leaves, nodes], to be read only, from a plan's demand, whose first rows are the leaves. Where a floor
 * hides it behind rounding, (M°/p)·s/w is taken if it makes the same c: what is essential may be wanted in tiny amounts.
 */
export function beyondFloors(
  consumer: Consumer,
  { demand, income }: { readonly demand: Float64Array; readonly income: number },
  prices: Float64Array,
  grid: Grid,
): Float64Array {
  const { orchestrator, preferences } = consumer;
  const N = grid.nodes;
  const ofLeaves = demand.subarray(0, preferences.leaves.length * N);
  if (orchestrator.floors.size === 0) return ofLeaves;
  const beyond = ofLeaves.slice();
  const discretionary = discretionaryIncome(consumer, income, prices, grid);
  const exact = new Float64Array(N);
  preferences.leaves.forEach((m, row) => {
    const floor = orchestrator.floors.get(m);
    if (floor === undefined) return;
    discretionaryDemand(consumer, discretionary, row, exact);
    for (let n = 0, j = row * N; n < N; n++, j++) {
      beyond[j] = Math.max(0, demand[j] - floor[n]);
      if (Math.abs(beyond[j] - exact[n]) <= 4 * Number.EPSILON * demand[j]) beyond[j] = exact[n];
    }
  });
  return beyond;
}
