import type { Reals } from "../core/reals.js";
import { worthSomething } from "../preferences/preferences.js";
import type { Layout } from "./layout.js";

/** A fall of the log price over which excess supply is watched, and the least elasticity that ends it before long. */
const WATCHED_FALL = 0.1;
const RESPONSE = 0.02;
/** Excess supply (in logs) below this is left to the ordinary step. */
const LASTING_EXCESS = 1e-8;
/** Complementarity of the whole market below which it is calm: what a cycle never is. */
const CALM = 0.01;
/** An instant falls faster only while it is itself this much of what keeps the market from clearing. */
const FOREMOST = 0.1;
/** Excess supply over volume that cannot be a market merely not quite cleared, when all others are. */
const CLEARLY = 1e-2;
/** Nothing is frozen while anything else is off by more than so many tolerances. */
const ROUGHLY = 10;
/** Revenue, in units of the average, below which a falling price need fall no further. */
const DEEP = 1e-20;
const NOT_FALLING = -1e300;
/** While no good is on its way to being free it is enough to look once some price may have moved so far. */
const LOOK = WATCHED_FALL;

/** What it needs of an evaluated allocation; the last two only where a good is about to be frozen. */
export interface Plans {
  readonly price: Reals;
  readonly demand: Reals;
  readonly supply: Reals;
  wealth(): number;
  meanVolume(m: number): number;
  readonly netPut: readonly Float64Array[];
  readonly leafPrice: readonly Float64Array[];
}

/** What it remembers of each instant, shape [commodities, nodes]. */
export interface Falls {
  /** 1 where excess supply did not respond to the last stretch of a fall, whether it may fall faster or not. */
  readonly idle: Uint8Array;
  /** Releases so far: after each an instant waits longer before it may be frozen again: no flutter. */
  readonly releases: Uint8Array;
  /** q and f where the present fall began (f = 0 while the price does not fall); −1e300 before that is known. */
  readonly fallFrom: Reals;
  readonly excessThen: Reals;
  /** How far it may fall at once: 0 unless excess supply did not respond to the last stretch of a fall. */
  readonly stride: Reals;
}

export function noFalls(size: number): Falls {
  return {
    idle: new Uint8Array(size),
    releases: new Uint8Array(size),
    fallFrom: new Float64Array(size).fill(NOT_FALLING),
    excessThen: new Float64Array(size),
    stride: new Float64Array(size),
  };
}

/**
 * Free commodities (model.md section 4). The log process drives the price of a good in lasting excess supply to 0 for
 * ever, so clearing is complementarity: such an instant is frozen (evaluated in the limit p → 0⁺, its q kept) and
 * released at that q as soon as somebody wants more of it than there is.
 */
export class FreeInstants {
  /** 1 where frozen; never written over, so that whoever has it keeps what it was. */
  private now: Uint8Array;
  /** How far a price may have moved since all were watched, and 1 while some good may be on its way to being free. */
  private readonly unwatched = Float64Array.of(Infinity, 0);
  private readonly wait: Uint16Array;
  private readonly idle: Uint8Array;
  private readonly releases: Uint8Array;
  private readonly fallFrom: Reals;
  private readonly excessThen: Reals;
  private readonly stride: Reals;

  constructor(
    private readonly layout: Layout,
    private readonly at: Plans,
    falls: Falls = noFalls(layout.demanded.length),
  ) {
    const size = layout.demanded.length;
    this.now = new Uint8Array(size);
    this.wait = new Uint16Array(size);
    ({
      idle: this.idle,
      releases: this.releases,
      fallFrom: this.fallFrom,
      excessThen: this.excessThen,
      stride: this.stride,
    } = falls);
  }

  /** All that it remembers, for a checkpoint, and back. */
  save(): readonly ArrayLike<number>[] {
    return this.memory().map((array) => array.slice());
  }

  restore(saved: readonly ArrayLike<number>[]): void {
    this.now = new Uint8Array(this.now.length);
    this.memory().forEach((array, k) => {
      array.set(saved[k]);
    });
  }

  private memory() {
    const { now, releases, wait, fallFrom, excessThen, stride, idle, unwatched } = this;
    return [now, releases, wait, fallFrom, excessThen, stride, idle, unwatched];
  }

  get frozen(): Uint8Array {
    return this.now;
  }

  /** Freezes what `frozen` says, shape [commodities, nodes]. */
  freezeAll(frozen: Uint8Array): void {
    this.now = frozen;
  }

  active(i: number): boolean {
    return this.layout.demanded[i] === 1 && this.now[i] === 0;
  }

  /** Whether this step is to be watched. */
  isDue(): boolean {
    return this.unwatched[0] >= LOOK || this.unwatched[1] === 1;
  }

  /** A step has changed log prices by at most so much. */
  moved(most: number): void {
    this.unwatched[0] += most;
  }

  /** Every instant has been watched. @param alert whether some is idle or may fall; looked up unless given */
  watched(alert = this.idle.includes(1) || this.stride.some((x) => x > 0)): void {
    this.unwatched.set([0, Number(alert)]);
  }

  /**
   * Follows one instant from step to step. A price that falls in excess supply which does not respond to the fall is on its way to
   * being free: while all else is calm it may fall faster, twice as far each time that still nothing responds, and deep
   * enough down it waits to be frozen.
   */
  watch(i: number, q: number, f: number, clip: number): void {
    if (f >= 0) {
      this.idle[i] = 0;
      this.stride[i] = 0;
      this.fallFrom[i] = q;
      this.excessThen[i] = 0;
      return;
    }
    const fallen = this.fallFrom[i] - q;
    if (f > this.excessThen[i] / 2) this.idle[i] = 0;
    if (fallen >= 0 && fallen <= WATCHED_FALL) return;
    const responds = fallen < 0 || f - this.excessThen[i] >= RESPONSE * fallen;
    // The beginning of a fall says nothing yet.
    if (this.fallFrom[i] > NOT_FALLING) this.idle[i] = responds ? 0 : 1;
    this.stride[i] = responds ? 0 : Math.min(clip, 2 * Math.max(WATCHED_FALL, this.stride[i]));
    this.fallFrom[i] = q;
    this.excessThen[i] = f;
  }

  /** The change of q to make instead of the ordinary step, or null. */
  fall(i: number, f: number, complementarity: number): number | null {
    if (this.stride[i] === 0) return null;
    const revenue = this.revenue(i);
    if (revenue < DEEP && this.releases[i] === 0) return 0;
    const worst = Math.min(-f, revenue) > FOREMOST * complementarity;
    return worst && complementarity < CALM && f < -LASTING_EXCESS ? -this.stride[i] : null;
  }

  /** On its way to being free: its lasting excess supply says nothing of how far the other markets are from clearing. */
  isIdle(i: number): boolean {
    return this.idle[i] === 1;
  }

  forgetFalls(): void {
    this.stride.fill(0);
    this.fallFrom.fill(NOT_FALLING);
  }

  /** w p S in units of the average instant's. */
  private revenue(i: number): number {
    const { nodes: N, weights, demanded } = this.layout;
    return (weights[i % N] * this.at.price[i] * this.at.supply[i] * demanded.length) / this.at.wealth();
  }

  /** Forgets what is frozen and what was released, for a new beginning. */
  thaw(): void {
    this.now = new Uint8Array(this.now.length);
    for (const array of [this.releases, this.wait, this.idle]) array.fill(0);
    this.forgetFalls();
  }

  /** Releases or freezes at the evaluated allocation, whose complementarity is given; returns how many instants changed. */
  settle(tolerance: number, complementarity: number): number {
    return this.release(tolerance) || this.freeze(tolerance, complementarity);
  }

  private release(tolerance: number): number {
    // Mostly nothing is frozen, which is soon seen.
    if (!this.now.includes(1)) return 0;
    const { demand, supply } = this.at;
    const after = this.now.slice();
    let changed = 0;
    this.now.forEach((isFrozen, i) => {
      if (!isFrozen) return;
      const volume = this.at.meanVolume(Math.floor(i / this.layout.nodes));
      if (demand[i] - supply[i] <= tolerance * volume) return;
      after[i] = 0;
      this.releases[i] = Math.min(10, this.releases[i] + 1);
      this.wait[i] = 2 ** this.releases[i];
      changed++;
    });
    if (changed > 0) this.now = after;
    return changed;
  }

  private freeze(tolerance: number, complementarity: number): number {
    // Then some instant is farther from clearing than any may be, and none of little revenue, which may.
    if (complementarity > ROUGHLY * tolerance) return 0;
    const ready = this.candidates(tolerance).filter((i) => this.waited(i));
    if (ready.length === 0) return 0;
    if (this.impoverishes(new Set(ready))) {
      // Deep down it would wait for ever.
      for (const i of ready) this.releases[i] ||= 1;
      return 0;
    }
    this.now = this.now.slice();
    for (const i of ready) this.now[i] = 1;
    return ready.length;
  }

  private waited(i: number): boolean {
    if (this.wait[i] === 0) return true;
    this.wait[i]--;
    return false;
  }

  /**
   * Whether at price 0 of `freed` somebody would own nothing of value and be well off with what is free alone: no equilibrium,
   * since more of it would cost nothing (Scarf's economy has such corners, and its cycles pass near them).
   */
  private impoverishes(freed: ReadonlySet<number>): boolean {
    const { nodes: N, consumers, agents, weights } = this.layout;
    const { price, netPut } = this.at;
    const priced = (i: number): boolean => this.active(i) && !freed.has(i);
    return consumers.some(({ orchestrator, preferences }, k) => {
      const free = new Float64Array(this.at.leafPrice[k].length);
      preferences.leaves.forEach((m, l) => {
        for (let n = 0; n < N; n++) free[l * N + n] = priced(m * N + n) ? 0 : 1;
      });
      if (!worthSomething(preferences, this.at.leafPrice[k], free)) return false;
      let [owned, lost] = [0, 0];
      const count = (m: number, series: Float64Array, offset: number, scale: number): void => {
        for (let n = 0; n < N; n++) {
          const worth = scale * weights[n] * price[m * N + n] * series[offset + n];
          if (priced(m * N + n)) owned += worth;
          else lost += worth;
        }
      };
      for (const [m, series] of orchestrator.endowment) count(m, series, 0, 1);
      agents.forEach(({ commodities }, a) => {
        for (let r = 0; r < commodities.length; r++)
          count(commodities[r], netPut[a], r * N, orchestrator.shares[a]);
      });
      return owned <= lost;
    });
  }

  /**
   * Instants in excess supply whose whole revenue is negligible (so Σ w p|z| over them is at most tolerance·ΣM, and a priced good that
   * is merely not quite cleared, however low, is none of them); nothing while anything else is off by more than 10·tolerance.
   */
  private candidates(tolerance: number): number[] {
    const { demand, supply } = this.at;
    const { commodities, nodes: N } = this.layout;
    const found: number[] = [];
    for (let m = 0; m < commodities; m++) {
      const volume = this.at.meanVolume(m);
      for (let n = 0; n < N; n++) {
        const i = m * N + n;
        if (!this.active(i)) continue;
        const excess = supply[i] - demand[i];
        const idle = this.idle[i] === 1 || excess > CLEARLY * volume;
        if (idle && excess > tolerance * volume && this.revenue(i) <= tolerance) found.push(i);
        else if (Math.abs(excess) > ROUGHLY * tolerance * volume) return [];
      }
    }
    return found;
  }
}
