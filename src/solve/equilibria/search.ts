import { deflation } from "../../solvers/deflation.js";
import { homotopy } from "../../solvers/homotopy.js";
import { newtonKrylov } from "../../solvers/newton-krylov.js";
import type { Solver } from "../../solvers/solver.js";
import type { FoundBy } from "../solution.js";
import type { Collection, Found } from "./collection.js";
import { Curves } from "./curves.js";
import { FixedIncomes } from "./fixed-incomes.js";
import type { Group } from "./groups.js";
import type { Hunt } from "./hunt.js";
import { incomeStarts, nearbyStarts, priceStarts } from "./starts.js";

/** Starts that must bring nothing new before a search ends: more where there are more prices, within limits. */
const STARTS = 50;
const STARTS_A_PRICE = 20;
const MOST_STARTS = 150;
/** As often as that many where the indices do not sum to +1: something is missing. */
const PERSISTENCE = 4;
const NEWTON_STEPS = 40;
const DEFLATED_STEPS = 40;
const HOMOTOPY_STEPS = 200;
/**
 * Newton's method with all known equilibria divided out seldom ends where there are no others, and runs long: after so many fruitless
 * starts, and while none is known to be missing, it is tried from one start in so many.
 */
const DEFLATED = 30;
const DEFLATED_SELDOM = 5;
/** One start in so many is followed by homotopy, which reaches an equilibrium from anywhere, free goods included. */
const BY_HOMOTOPY = 10;
/** How closely an economy of fixed incomes is solved when its price is only a start. */
const ROUGHLY = 1e-3;

/** How a search ended. */
export interface Searched {
  /** Starts made, and the last of them in a row that brought nothing new. */
  readonly starts: number;
  readonly fruitless: number;
  /** It ended for want of anything new, not of time. */
  readonly isSettled: boolean;
}

/**
 * Looks for equilibria from many starts: log prices of a low-discrepancy sequence in boxes of growing width, equilibrium prices of fixed incomes,
 * and neighbourhoods of what has been found. From each by Newton's method, then by Newton's method with all known equilibria divided out,
 * now and then by homotopy; and from every equilibrium along curves to others. Ends when nothing new has turned up for long and the indices
 * sum to +1, or for much longer; or when the hunt is over. It proves nothing: equilibria may be missing.
 */
export async function search(
  hunt: Hunt,
  collection: Collection,
  groups: readonly Group[],
): Promise<Searched> {
  return new Search(hunt, collection, groups).toEnd();
}

class Search {
  private readonly curves: Curves;
  private readonly followed = new Set<Found>();
  private readonly incomes: FixedIncomes;
  private readonly prices;
  private readonly logIncomes;
  private readonly nearby;

  constructor(
    private readonly hunt: Hunt,
    private readonly collection: Collection,
    private readonly groups: readonly Group[],
  ) {
    const { market, seed, economy } = hunt;
    const [commodities, nodes] = market.shape;
    this.curves = new Curves(hunt, collection);
    this.incomes = new FixedIncomes(economy, groups);
    this.prices = priceStarts(market.shape, seed);
    this.logIncomes = incomeStarts(groups.length, seed);
    this.nearby = nearbyStarts(commodities * nodes, seed);
  }

  async toEnd(): Promise<Searched> {
    const { hunt, collection } = this;
    const patience = Math.min(MOST_STARTS, STARTS + STARTS_A_PRICE * hunt.market.hints.size);
    let [starts, fruitless] = [0, 0];
    await this.followAll();
    while (!hunt.isOver && !collection.isContinuum) {
      const wanted = collection.indexSum === 1 ? patience : PERSISTENCE * patience;
      if (fruitless >= wanted) return { starts, fruitless, isSettled: true };
      const before = collection.found.length;
      const balanced = collection.indexSum === 1 && fruitless >= DEFLATED;
      await this.from(await this.start(starts), {
        byHomotopy: starts % BY_HOMOTOPY === 0,
        deflated: !balanced || starts % DEFLATED_SELDOM === 0,
      });
      await this.followAll();
      starts++;
      fruitless = collection.found.length > before ? 0 : fruitless + 1;
    }
    return { starts, fruitless, isSettled: collection.isContinuum };
  }

  private async from(start: Float64Array, how: { byHomotopy: boolean; deflated: boolean }): Promise<void> {
    if (how.byHomotopy) await this.attempt(homotopy(), "homotopy", start, HOMOTOPY_STEPS);
    await this.attempt(newtonKrylov(), "newton", start, NEWTON_STEPS);
    if (!how.deflated || this.collection.found.length === 0) return;
    const known = this.collection.found.map(({ prices }) => logarithms(prices));
    await this.attempt(deflation(known), "deflation", start, DEFLATED_STEPS);
  }

  private async attempt(
    solver: Solver<Float64Array>,
    by: FoundBy,
    start: Float64Array,
    steps: number,
  ): Promise<void> {
    if (this.hunt.isOver) return;
    const { status, prices } = await this.hunt.run(solver, start, steps);
    if (status === "solved") await this.collection.offer(prices, by);
  }

  private async followAll(): Promise<void> {
    for (const found of this.collection.found) {
      if (this.followed.has(found)) continue;
      this.followed.add(found);
      await this.curves.follow(found);
    }
  }

  /** Prices to begin from, positive. */
  private async start(k: number): Promise<Float64Array> {
    const { found } = this.collection;
    const kind = k % 4;
    if (kind === 1 && this.groups.length > 1) return this.startOfIncomes();
    if (kind === 3 && found.length > 0) {
      const near = logarithms(found[Math.floor(k / 4) % found.length].prices);
      const away = this.nearby.next().value;
      return near.map((x, i) => Math.exp(x + away[i]));
    }
    return this.prices.next().value.map(Math.exp);
  }

  /** The equilibrium price of some distribution of income. */
  private async startOfIncomes(): Promise<Float64Array> {
    const { hunt, incomes } = this;
    const ones = new Float64Array(hunt.market.create().length).fill(1);
    const before = incomes.evaluations;
    const prices = await incomes.prices(this.logIncomes.next().value, ones, ROUGHLY);
    hunt.count(incomes.evaluations - before);
    return prices === null ? ones : logarithms(prices).map(Math.exp);
  }
}

/** Log prices, of what is free that of the cheapest of the rest. */
function logarithms(prices: Float64Array): Float64Array {
  const least = prices.reduce((low, p) => (p > 0 ? Math.min(low, p) : low), Infinity);
  return prices.map((p) => Math.log(p > 0 ? p : least));
}
