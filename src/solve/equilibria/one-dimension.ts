import { activeInstants } from "../../contraction/linearization.js";
import { ReferenceMarket } from "../../market/reference.js";
import { FixedIncomes } from "./fixed-incomes.js";
import type { Group } from "./groups.js";
import type { Hunt } from "./hunt.js";
import { scan } from "./scan.js";

/** Prices near equilibria from a scan of all there is. */
export interface Line {
  /** What was scanned, in words. */
  readonly of: string;
  readonly candidates: readonly Float64Array[];
  /** All of it could be looked at. */
  readonly isComplete: boolean;
}

/** Log price ratios are scanned out to here in both directions, closely to the first. */
const CLOSE = 12;
const FAR = 300;
/** Spacing of the points, at most, in the near part; the far part has spacing that grows with distance. */
const SPACING = 0.1;
const MOST_CLOSE = 6000;
const GROWTH = 1.05;

/** Log income ratios: each point and each middle between two is the solution of an economy, in so many evaluations or fewer. */
const INCOMES_CLOSE = 6;
const INCOMES_FAR = 40;
const INCOME_POINTS = 200;
const FEWEST_POINTS = 20;
const EVALUATIONS = 50;
/** Incomes of p(α), whose economy clears to 1e-9 or better, are known to about this. */
const INCOME_NOISE = 1e-8;

/** Two goods: f as a function of the log of the price ratio. */
export async function scanPrices(hunt: Hunt, [a, b]: readonly [number, number]): Promise<Line> {
  const market = new ReferenceMarket(hunt.economy);
  const f = market.create();
  const at = (s: number): Float64Array => {
    const q = market.create();
    [q[a], q[b]] = [s / 2, -s / 2];
    return q;
  };
  // By Walras' law demand exceeds supply of one of the two where it falls short of that of the other.
  const g = async (s: number): Promise<number> => {
    const { finite, afford } = market.residual(at(s), f);
    return finite && afford > 0 ? f[b] - f[a] : Number.NaN;
  };
  const spacing = Math.max((2 * CLOSE) / MOST_CLOSE, Math.min(SPACING, market.hints.step / 5));
  const points = pointsBetween(CLOSE, FAR, spacing, GROWTH);
  const { zeros, complete } = await scan(g, {
    points,
    finest: 1e-8,
    noise: 1e-15,
    most: 20 * points.length,
  });
  hunt.count(market.evaluations);
  // Where one good is in excess supply however cheap, it is free at an equilibrium.
  const corner = (free: number): Float64Array =>
    market.prices(market.create()).map((p, i) => (i === free ? 0 : p));
  return {
    of: `relative prices from e^−${FAR} to e^${FAR}`,
    candidates: [...middleFirst(zeros).map((s) => market.prices(at(s))), corner(a), corner(b)],
    isComplete: complete,
  };
}

/** Two groups: what one earns as a function of what it spends, at the equilibrium of fixed incomes. */
export async function scanIncomes(hunt: Hunt, groups: readonly Group[], start: Float64Array): Promise<Line> {
  const incomes = new FixedIncomes(hunt.economy, groups);
  const found = new Map<number, Float64Array>();
  let last = start;
  const g = async (s: number): Promise<number> => {
    const before = incomes.evaluations;
    const prices = hunt.isOver ? null : await incomes.prices([s, 0], last);
    hunt.count(incomes.evaluations - before);
    if (prices === null) return Number.NaN;
    last = prices;
    found.set(s, prices);
    const [first, second] = incomes.logSpending(prices);
    return s - (first - second);
  };
  const affordable = hunt.left / (2 * EVALUATIONS);
  const close = Math.max(FEWEST_POINTS, Math.min(INCOME_POINTS, affordable / 2));
  const growth = GROWTH ** (INCOME_POINTS / close);
  const points = pointsBetween(INCOMES_CLOSE, INCOMES_FAR, (2 * INCOMES_CLOSE) / close, growth);
  const { zeros, complete } = await scan(g, {
    points,
    finest: 1e-4,
    noise: INCOME_NOISE,
    most: 10 * points.length,
  });
  return {
    of: "distributions of income",
    candidates: middleFirst(zeros).flatMap((s) => found.get(s) ?? []),
    isComplete: complete,
  };
}

/** Of a continuum of zeros those are listed that are offered first. */
function middleFirst(zeros: readonly number[]): number[] {
  return [...zeros].sort((a, b) => Math.abs(a) - Math.abs(b));
}

/** Ascending, at equal distances up to `close` on both sides of a point beside 0, then farther and farther apart. */
function pointsBetween(close: number, far: number, spacing: number, growth: number): number[] {
  // Symmetric economies have equilibria at round numbers, where the sign of rounding would decide.
  const middle = spacing / Math.E;
  const points: number[] = [];
  let step = spacing;
  for (let s = spacing / 2; s < far; s += step) {
    points.push(s);
    if (s > close) step *= growth;
  }
  return [...points.map((s) => middle - s).reverse(), ...points.map((s) => middle + s)];
}

/** The two instants whose prices can move, if there are just two. */
export function onlyTwo(market: ReferenceMarket): readonly [number, number] | null {
  const active = activeInstants(market, market.create());
  return active.length === 2 ? [active[0], active[1]] : null;
}
