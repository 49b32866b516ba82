import type { Verification } from "../../certificates/verify.js";
import { hash } from "../../core/rng.js";
import { newtonKrylov } from "../../solvers/newton-krylov.js";
import { newtonDirection } from "../../solvers/parts/newton-direction.js";
import { certificationOf } from "../certification.js";
import type { FoundBy } from "../solution.js";
import { type Character, characterOf } from "./character.js";
import type { Hunt } from "./hunt.js";

interface Polished {
  /** p, shape [commodities, nodes], mean price 1; exactly 0 where free. */
  readonly prices: Float64Array;
  /** Estimate of osc(log p − log p*). */
  readonly error: number;
}

export interface Found extends Polished, Character {
  readonly by: FoundBy;
  readonly verification: Verification;
}

/** As closely as float64 lets prices clear, nearly; wanted of as many prices at most, since Newton's last steps gain little. */
const CLOSEST = 1e-15;
const FEW = 1000;
const POLISHING = 60;
/** Prices that clear less closely than asked are an equilibrium's when Newton would move them by no more than this. */
const SETTLED = 1e-6;
/** Equilibria closer than this, or than so many times their errors, are one. */
const SAME = 3e-7;
const ERRORS = 10;
/** A budget share beside which a price of 0 and a positive one are the same. */
const NOTHING = 1e-9;
const KRYLOV = 60;
const ROUNDING = 1e-15;
/** More critical equilibria than this are taken for points of a continuum. */
const MOST_CRITICAL = 3;

/** The equilibria found so far: each polished, certified, and once. */
export class Collection {
  readonly found: Found[] = [];

  /** @param onFound told of each new equilibrium */
  constructor(
    private readonly hunt: Hunt,
    private readonly onFound: (found: Found) => void = () => {},
  ) {}

  /** Σ of the indices; null where one is not known. */
  get indexSum(): number | null {
    return this.found.reduce<number | null>(
      (sum, { index }) => (sum === null || index === null ? null : sum + index),
      0,
    );
  }

  /** So many are critical that there must be infinitely many. */
  get isContinuum(): boolean {
    return this.found.filter(({ index }) => index === 0).length > MOST_CRITICAL;
  }

  /**
   * Takes prices near an equilibrium to it, and keeps it if it is new and the verifier agrees.
   *
   * @returns the equilibrium, new or known, and which; null where there is none
   */
  async offer(prices: Float64Array, by: FoundBy): Promise<{ equilibrium: Found; isNew: boolean } | null> {
    // What was solved and certified stands, whatever Newton makes of it.
    const polished = (await this.polish(prices)) ?? (by === "solve" ? await this.withError(prices) : null);
    if (polished === null) return null;
    const known = this.found.find((other) => isSame(polished, other));
    if (known !== undefined) return { equilibrium: known, isNew: false };
    const { economy, step, tolerance } = this.hunt;
    const verification = await certificationOf(economy, polished.prices, step);
    if (verification.failures(tolerance).length > 0) return null;
    const character = await characterOf(economy, polished.prices);
    const equilibrium = { ...polished, ...character, by, verification };
    this.found.push(equilibrium);
    this.onFound(equilibrium);
    return { equilibrium, isNew: true };
  }

  /** Newton's method to rounding; null where it does not lead to an equilibrium. */
  private async polish(prices: Float64Array): Promise<Polished | null> {
    const { market, target } = this.hunt;
    const closest = market.hints.size <= FEW ? CLOSEST : target;
    const end = await this.hunt.run(newtonKrylov(), prices, POLISHING, closest);
    if (end.status !== "solved") return null;
    const polished = await this.withError(end.prices);
    return end.residual <= target || polished.error <= SETTLED ? polished : null;
  }

  /** The error is where Newton would go from here, and how far rounding of f might send it. */
  private async withError(prices: Float64Array): Promise<Polished> {
    const { market } = this.hunt;
    market.thaw();
    const q = market.enter(prices);
    const f = market.create();
    market.residual(q, f);
    const noise = f.map((_, i) => ROUNDING * (1 - 2 * (hash(i) % 2)));
    let error = 0;
    for (const right of [f, noise]) {
      const step = await newtonDirection(market, q, right, 1e-2, KRYLOV);
      error += step === null ? Infinity : oscillation(step.x, (i) => prices[i] > 0);
    }
    return { prices, error };
  }
}

/** Whether two are one equilibrium, to their errors. */
function isSame(a: Polished, b: Polished): boolean {
  const distance = distanceOf(a.prices, b.prices);
  return distance <= Math.max(SAME, ERRORS * (a.error + b.error));
}

/** osc(log p − log p') over what is free in neither; infinite where something of value is free in one alone. */
export function distanceOf(p: Float64Array, other: Float64Array): number {
  const total = p.reduce((sum, x) => sum + x, 0);
  const differs = p.some((x, i) => x > 0 !== other[i] > 0 && Math.max(x, other[i]) > NOTHING * total);
  if (differs) return Infinity;
  return oscillation(
    p.map((x, i) => Math.log(x) - Math.log(other[i])),
    (i) => p[i] > 0 && other[i] > 0,
  );
}

/** max − min over those that count. */
function oscillation(v: Float64Array, counts: (i: number) => boolean): number {
  let [low, high] = [Infinity, -Infinity];
  v.forEach((x, i) => {
    if (!counts(i)) return;
    low = Math.min(low, x);
    high = Math.max(high, x);
  });
  return high < low ? 0 : high - low;
}
