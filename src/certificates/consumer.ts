import { gatherRows } from "../core/rows.js";
import type { Economy, Orchestrator } from "../economy/economy.js";
import { preferencesOf, type RoutedPreferences, worthSomething } from "../preferences/preferences.js";
import type { Grid } from "../time/grid.js";
import { bundleValue } from "./value.js";

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
  /** p and log p of the leaves, free instants in the limit p → 0⁺. */
  readonly price: Float64Array;
  readonly logPrice: Float64Array;
  /** Budget shares s, Σ s = 1. */
  readonly share: Float64Array;
  /** log E(p), E the price of one unit of utility. */
  readonly logE: number;
  readonly grid: Grid;
}

export function consumersAt({ orchestrators, grid }: Economy, prices: Float64Array): Consumer[] {
  const positive = limitPrices(prices, grid);
  return orchestrators.map((orchestrator) => {
    const preferences = preferencesOf(orchestrator, grid);
    const share = new Float64Array(preferences.leaves.length * grid.nodes);
    const price = gatherRows(positive, preferences.leaves, grid.nodes, new Float64Array(share.length));
    const logPrice = price.map(Math.log);
    const logE = preferences.shares(logPrice, share);
    return { orchestrator, preferences, price, logPrice, share, logE, grid };
  });
}

/** p; where p = 0 the limit p → 0⁺ (model.md section 4), evaluated far below the least positive price. */
function limitPrices(prices: Float64Array, { nodes: N, weights, horizon }: Grid): Float64Array {
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
 */
export function logUtilityOf(consumer: Consumer, beyond: Float64Array): number {
  const { preferences, price, logPrice, share, grid } = consumer;
  const { nodes: N, weights } = grid;
  const logC = beyond.map((c) => Math.log(Math.max(0, c)));
  if (share.some((s) => s < LEAST_NORMAL)) {
    const spent = beyond.reduce((sum, c, j) => sum + weights[j % N] * price[j] * c, 0);
    const logShare = new Float64Array(beyond.length);
    preferences.logShares(logPrice, logShare);
    share.forEach((s, j) => {
      if (s >= LEAST_NORMAL) return;
      const perShare = spent / (weights[j % N] * price[j]);
      const amount = logShare[j] + Math.log(perShare);
      if (Math.abs(beyond[j] - Math.exp(amount)) <= LEAST_POSITIVE * (1 + perShare)) logC[j] = amount;
    });
  }
  return preferences.logUtilityOfLogs(logPrice, logC);
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

/** c − γ = (M°/p)·s/w of the leaves, shape [leaves, nodes]. */
export function discretionaryDemand(
  { price, share }: Consumer,
  discretionary: number,
  { nodes: N, weights }: Grid,
): Float64Array {
  return share.map((s, j) => (discretionary * s) / (weights[j % N] * price[j]));
}

/**
 * c − γ of the leaves [leaves, nodes], nothing below 0, from a plan's demand, whose first rows are the leaves. Where a floor
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
  const beyond = demand.slice(0, preferences.leaves.length * N);
  if (orchestrator.floors.size === 0) return beyond;
  const exact = discretionaryDemand(consumer, discretionaryIncome(consumer, income, prices, grid), grid);
  preferences.leaves.forEach((m, row) => {
    orchestrator.floors.get(m)?.forEach((floor, n) => {
      const j = row * N + n;
      beyond[j] = Math.max(0, demand[j] - floor);
      if (Math.abs(beyond[j] - exact[j]) <= 4 * Number.EPSILON * demand[j]) beyond[j] = exact[j];
    });
  });
  return beyond;
}
