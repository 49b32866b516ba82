import type { Economy } from "../../src/economy/economy.js";
import type { Allocation } from "../../src/market/allocation.js";
import type { Layout } from "../../src/market/layout.js";
import type { Market, MarketHints, Readout } from "../../src/market/market.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import type { Entitled, Subject } from "./backends.js";

/** |f| from here on says that one side vanishes. */
const EXTREME = 600;

/** Largest differences seen so far, in units of 1 + size, by quantity. */
export type Seen = Map<string, number>;

/** A difference beyond what the backend is entitled to. */
export interface Wrong {
  readonly what: string;
  readonly where: number;
  readonly found: number;
  readonly expected: number;
  readonly error: number;
}

/**
 * A market of the reference and one of a backend, asked the same at the same prices: those that the backend holds, since it may round
 * what it is given. Collects what differs by more than it may.
 */
export class Pair {
  readonly reference: ReferenceMarket;
  readonly subject: Market<unknown>;
  readonly wrongs: Wrong[] = [];
  /** Some f is extreme, and what is extreme is not compared. */
  extreme = false;
  private readonly entitled: Entitled;

  constructor(
    readonly economy: Economy,
    { entitled, open }: Subject,
    private readonly seen: Seen,
    /** Compares even what vanishes. */
    private readonly strict = false,
  ) {
    this.entitled = entitled;
    this.reference = new ReferenceMarket(economy);
    this.subject = open(economy);
    this.same("shape", this.subject.shape.join(), this.reference.shape.join());
    const known = ({ resolution, ...hints }: MarketHints) => JSON.stringify(hints);
    this.same("hints", known(this.subject.hints), known(this.reference.hints));
  }

  get layout(): Layout {
    return this.reference.layout;
  }

  get size(): number {
    return this.layout.demanded.length;
  }

  /** The same numbers on both sides. */
  async adopt(values: Float64Array): Promise<Both> {
    const theirs = this.subject.adopt(values);
    return { mine: await this.subject.download(theirs), theirs };
  }

  create(): Both {
    return { mine: this.reference.create(), theirs: this.subject.create() };
  }

  release(...vectors: Both[]): void {
    this.subject.release(vectors.map(({ theirs }) => theirs));
  }

  /** Compares vectors, and makes the reference's that of the backend, so that errors do not add up. */
  async compare(what: string, kind: keyof Entitled, { mine, theirs }: Both): Promise<void> {
    const found = await this.subject.download(theirs);
    // What a vector holds where there is no market is nobody's business.
    for (let i = 0; i < mine.length; i++)
      if (this.layout.demanded[i]) this.number(what, kind, found[i], mine[i], i);
  }

  /** exp of both, relative to the highest: the additive process takes small prices from the differences of large ones. */
  async comparePrices(what: string, { mine, theirs }: Both): Promise<void> {
    const found = await this.subject.download(theirs);
    const high = mine.reduce((most, x, i) => (this.layout.demanded[i] ? Math.max(most, x) : most), -Infinity);
    mine.forEach((x, i) => {
      if (this.layout.demanded[i])
        this.number(what, "step", Math.exp(found[i] - high), Math.exp(x - high), i);
    });
  }

  /** What was wrong, one line a quantity. */
  complaints(): string[] {
    const lines = new Map<string, Wrong[]>();
    for (const wrong of this.wrongs) lines.set(wrong.what, [...(lines.get(wrong.what) ?? []), wrong]);
    return [...lines].map(([what, all]) => {
      const [{ where, found, expected, error }] = all.sort((a, b) => b.error - a.error);
      return what.includes(" for ")
        ? what
        : `${what}: ${found} for ${expected} at ${where}, off by ${error.toExponential(1)}; ${all.length} in all`;
    });
  }

  /** The error is relative to 1 + |expected|, or to 1 + `size`. */
  number(what: string, kind: keyof Entitled, found: number, expected: number, where = -1, size = 0): void {
    if (Object.is(found, expected) || found === expected) return;
    if (Number.isNaN(found) && Number.isNaN(expected)) return;
    const error = Math.abs(found - expected) / (1 + Math.max(Math.abs(expected), size));
    if (!(error <= (this.seen.get(what) ?? 0))) this.seen.set(what, error);
    if (!(error <= this.entitled[kind])) this.wrongs.push({ what, where, found, expected, error });
  }

  same(what: string, found: unknown, expected: unknown): void {
    if (Object.is(found, expected)) return;
    const error = Number.NaN;
    this.wrongs.push({
      what: `${what}: ${found} for ${expected}`,
      where: -1,
      found: error,
      expected: error,
      error,
    });
  }

  /** f and all that is read out; returns the reference's readout. */
  async residual(q: Both, f: Both): Promise<Readout> {
    const expected = this.reference.residual(q.mine, f.mine);
    const found = await this.subject.residual(q.theirs, f.theirs);
    this.same("finite", found.finite, expected.finite);
    this.number("afford", "residual", found.afford, expected.afford);
    this.number("affordAll", "residual", found.affordAll, expected.affordAll);
    // Beyond its means nobody has a demand.
    if (!expected.finite || expected.afford <= 0) return expected;
    this.extreme = !this.strict && f.mine.some((x) => Math.abs(x) >= EXTREME);
    await this.compareResiduals(f);
    const { clearing, complementarity, oscillation, norm, spread } = expected;
    this.number("clearing", "residual", found.clearing, clearing);
    this.number("complementarity", "residual", found.complementarity, complementarity);
    if (!this.extreme) {
      this.number("oscillation", "residual", found.oscillation, oscillation);
      this.number("norm", "residual", found.norm, norm);
    }
    this.number("spread", "residual", found.spread, spread);
    this.number("gap at worst", "residual", this.gapAt(found.worst), clearing);
    if (expected.potential === null) this.same("potential", found.potential, null);
    else this.number("potential", "residual", found.potential ?? Number.NaN, expected.potential);
    this.number("probe", "residual", found.probe[0], expected.probe[0]);
    this.number("probe", "residual", found.probe[1], expected.probe[1]);
    if (found.poorest !== expected.poorest) this.number("poorest", "residual", found.afford, expected.afford);
    return expected;
  }

  /** Where nothing is demanded, or next to nothing, f is only very far down (see vanishing.test.ts). */
  private async compareResiduals({ mine, theirs }: Both): Promise<void> {
    const found = await this.subject.download(theirs);
    mine.forEach((x, i) => {
      if (this.strict || Math.abs(x) < EXTREME) this.number("f", "residual", found[i], x, i);
      else this.same("f is extreme", Math.abs(found[i]) > EXTREME && found[i] * x > 0, true);
    });
  }

  /** |z| over the mean supply, as the reference has it: of several instants that are equally far off any is the worst. */
  private gapAt(i: number): number {
    const { at } = this;
    const z = at.demand[i] - at.supply[i];
    const isActive = this.reference.prices(new Float64Array(this.size))[i] > 0;
    return (isActive ? Math.abs(z) : Math.max(0, z)) / at.meanVolume(Math.floor(i / this.layout.nodes));
  }

  /** Σ w p D over all incomes. */
  turnover(): number {
    const { price, demand } = this.at;
    const { weights, nodes: N } = this.layout;
    return demand.reduce((sum, x, i) => sum + weights[i % N] * price[i] * x, 0) / this.at.wealth();
  }

  /** Everybody's plans at the last residual, as the reference has them. */
  private get at(): Allocation {
    return (this.reference as unknown as { at: Allocation }).at;
  }

  /** Where neither has a market: undemanded and frozen instants. */
  async sameFrozen(what: string): Promise<void> {
    const q = await this.adopt(new Float64Array(this.size));
    const mine = this.reference.prices(q.mine);
    const prices = this.subject.prices(q.theirs);
    const theirs = await this.subject.download(prices);
    const still = (p: Float64Array) => p.map((x) => (x === 0 ? 1 : 0)).join("");
    this.same(`${what}: what is frozen`, still(theirs), still(mine));
    this.release(q, { mine, theirs: prices });
  }

  dispose(): void {
    this.subject.dispose();
  }
}

export interface Both {
  readonly mine: Float64Array;
  readonly theirs: unknown;
}
