import { uniformSource } from "../../core/rng.js";
import { ReferenceMarket } from "../../market/reference.js";
import type { Collection, Found } from "./collection.js";
import { type Chart, chartAt, followCurve } from "./curve.js";
import type { Hunt } from "./hunt.js";

/** Up to this many active prices curves are followed: each of their points takes as many derivative products. */
const MOST_PRICES = 40;
/** Curves along which one market alone is out of balance, at most, and those of random directions. */
const MOST_MARKETS = 8;
const RANDOM = 3;

/** One family of curves: those on which the markets are out of balance in the same proportion. */
interface Family {
  readonly v: readonly number[];
  /** Equilibria that its curves have passed. */
  readonly passed: Set<Found>;
}

/**
 * From equilibria to others along curves on which all markets but two, or all in proportion to a vector, clear (curve.ts). With two goods such a
 * curve is all prices there are; with more a curve that comes in from where some price vanishes leaves to where one does, and passes an odd
 * number of equilibria whose indices alternate. What lies on closed curves of every family is not found.
 */
export class Curves {
  /** By which instants are free: equilibria with others free lie on other curves. */
  private readonly charts = new Map<string, { chart: Chart; families: Family[] }>();

  constructor(
    private readonly hunt: Hunt,
    private readonly collection: Collection,
  ) {}

  /** Follows every family's curve through an equilibrium, unless it has been followed. */
  async follow(from: Found): Promise<void> {
    const market = new ReferenceMarket(this.hunt.economy);
    const q = market.enter(from.prices);
    const { chart, families } = this.chartOf(from, market, q);
    if (chart.kept.length === 0 || chart.kept.length >= MOST_PRICES) return;
    for (const family of families) {
      if (family.passed.has(from)) continue;
      family.passed.add(from);
      for (const way of [1, -1] as const) {
        if (this.hunt.isOver || this.collection.isContinuum) return;
        await this.followOne(from, market, chart, family, way);
      }
    }
  }

  private async followOne(
    from: Found,
    market: ReferenceMarket,
    chart: Chart,
    family: Family,
    way: 1 | -1,
  ): Promise<void> {
    let counted = market.evaluations;
    const isOver = (): boolean => {
      this.hunt.count(market.evaluations - counted);
      counted = market.evaluations;
      return this.hunt.isOver;
    };
    const crossing = async (near: Float64Array): Promise<boolean> => {
      const offered = await this.collection.offer(market.prices(near), "path");
      if (offered === null) return true;
      family.passed.add(offered.equilibrium);
      return offered.equilibrium !== from;
    };
    await followCurve(market, chart, market.enter(from.prices), family.v, way, crossing, isOver);
  }

  private chartOf(from: Found, market: ReferenceMarket, q: Float64Array) {
    const key = Array.from(from.prices, (p) => (p > 0 ? 1 : 0)).join("");
    const known = this.charts.get(key);
    if (known !== undefined) return known;
    const chart = chartAt(market, q);
    const families = directions(chart.kept.length, this.hunt.seed).map((v) => ({
      v,
      passed: new Set<Found>(),
    }));
    this.charts.set(key, { chart, families });
    return { chart, families };
  }
}

/** Unit vectors, as many as may be, and random ones, whose curves no symmetry of the economy makes cross each other. */
function directions(m: number, seed: number): number[][] {
  const uniform = uniformSource(seed + 5);
  const random = Array.from({ length: m > 1 ? RANDOM : 0 }, () =>
    Array.from({ length: m }, () => 2 * uniform() - 1),
  );
  const units = Array.from({ length: Math.min(m, MOST_MARKETS) }, (_, k) =>
    Array.from({ length: m }, (_, j) => (j === k ? 1 : 0)),
  );
  return [...random, ...units];
}
