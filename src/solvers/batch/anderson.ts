import type { BatchMarket } from "../../market/batch.js";
import type { Readout } from "../../market/market.js";
import { leastSquares } from "../parts/least-squares.js";
import { resolvedChange, SHORT, shrinks, usable } from "../parts/line-search.js";

/** Differences kept. */
const MEMORY = 30;
/** Farthest that a log price may move in one step; the nest-wise step is nearly Newton's. */
const CLIP = 8;
/** As in solvers/anderson.ts, where they are explained. */
const GROWTH = 10;
const HALVES_IN = 4;
const REWEIGH = 0.1;
const EVENLY = 0.1;

/** Where one economy stands. */
interface Course {
  /** At its iterate. */
  readout: Readout;
  /** ‖f‖ of its last ten iterates. */
  norms: readonly number[];
  /** Slots of the ring that hold its differences, oldest first, their products, and ‖f‖ when the inner product was fixed. */
  slots: readonly number[];
  gram: readonly (readonly number[])[];
  weighed: number;
  /** The plain step that it makes next, `taken` of the part `part` of the process's; null: an accelerated one. */
  plain: { readonly part: number; readonly taken: number } | null;
  /** Fraction of the process's step that its last plain step took. */
  fraction: number;
  refused: boolean;
}

/** What a lock step did to an economy. */
export type Move =
  /** It is at a new iterate. */
  | { readonly to: Readout; readonly note?: string }
  /** The point it looked at was refused; it is where it was. */
  | "refused"
  /** No step of any length was acceptable. */
  | "stuck";

/**
 * Anderson acceleration of the nest-wise step (solvers/anderson.ts) of many economies in lock step: every step evaluates one point of each.
 * Each has its own least-squares problem and its own acceptance; whose accelerated step is refused makes its plain step, halved until
 * it is accepted, in the lock steps that follow. Differences stand in a ring of vectors that all share, in the slot of their lock step.
 */
export class LockStepAnderson<V> {
  private q: V;
  /** P⁻¹f there. */
  private g: V;
  private trial: V;
  private next: V;
  private readonly f: V;
  private readonly dg: V[] = [];
  private readonly dqg: V[] = [];
  private readonly courses: Course[] = [];
  private turn = 0;

  constructor(
    private readonly market: BatchMarket<V>,
    start: V,
  ) {
    this.q = start;
    [this.g, this.trial, this.next, this.f] = [0, 1, 2, 3].map(() => market.create());
  }

  /** The iterates' log prices; until the next step. */
  get iterates(): V {
    return this.q;
  }

  /** Evaluates the starts of all. */
  async begin(): Promise<readonly Readout[]> {
    const all = Array.from({ length: this.market.shape[0] }, (_, b) => b);
    const readouts = await this.market.residual(this.q, this.f, all);
    readouts.forEach((readout) => {
      this.courses.push({
        readout,
        norms: [readout.norm],
        slots: [],
        gram: [],
        weighed: Infinity,
        plain: { part: 1, taken: 1 },
        fraction: 1,
        refused: false,
      });
    });
    const defined = all.filter((b) => usable(readouts[b]));
    await this.market.precondition(this.f, this.g, defined);
    return readouts;
  }

  /** One evaluation of each live economy. */
  async step(live: readonly number[]): Promise<readonly Move[]> {
    await this.propose(live);
    const readouts = await this.market.residual(this.trial, this.f, live);
    const position = new Map(live.map((b, k) => [b, k]));
    const accepted = live.filter((b, k) =>
      this.isAccepted(this.courses[b], this.market.hints[b].potential, readouts[k]),
    );
    const level = (b: number) => readouts[position.get(b) ?? 0].level;
    await this.remember(
      accepted,
      accepted.map((b) => risen(level(b) - this.courses[b].readout.level)),
    );
    this.move(accepted, live);
    this.turn++;
    const moved = new Set(accepted);
    return live.map((b, k) =>
      moved.has(b) ? arrived(this.courses[b], readouts[k]) : turnedDown(this.courses[b]),
    );
  }

  /** Writes the point that each economy looks at next. */
  private async propose(live: readonly number[]): Promise<void> {
    const { market, courses, g, dqg } = this;
    const width = 1 + dqg.length;
    const coefficients = new Float64Array(live.length * width);
    const position = new Map(live.map((b, k) => [b, k]));
    for (const b of live) {
      const { plain } = courses[b];
      coefficients[(position.get(b) ?? 0) * width] = plain === null ? 1 : plain.part * plain.taken;
    }
    await this.eachMix(
      live.filter((b) => courses[b].plain === null),
      (b, gamma) => {
        const row = (position.get(b) ?? 0) * width;
        courses[b].slots.forEach((slot, j) => {
          coefficients[row + 1 + slot] = -gamma[j];
        });
      },
    );
    market.advance(this.q, coefficients, [g, ...dqg], CLIP, this.trial, live);
  }

  /** Calls back with each economy's γ = argmin ‖g − ΔG γ‖. */
  private async eachMix(
    mixers: readonly number[],
    see: (b: number, gamma: Float64Array) => void,
  ): Promise<void> {
    const { market, courses, dg, g } = this;
    for (const b of mixers) refresh(courses[b]);
    const anew = mixers.filter((b) => isStale(courses[b]));
    market.reweigh(EVENLY, anew);
    for (const b of anew) [courses[b].gram, courses[b].weighed] = [[], courses[b].readout.norm];
    // What is asked of an economy depends on itself alone, and so does how sums are rounded.
    for (const group of groupsOf(mixers, (b) => `${courses[b].slots} ${courses[b].gram.length}`)) {
      const { slots, gram } = courses[group[0]];
      const differences = slots.map((slot) => dg[slot]);
      const products = await market.dots(differences, [...differences.slice(gram.length), g], group);
      const size = products.length / group.length;
      group.forEach((b, k) => {
        see(b, mixing(courses[b], products.subarray(k * size, (k + 1) * size)));
      });
    }
  }

  /** Down the potential where there is one and it tells, else while ‖f‖ does not explode; a plain step without a potential anywhere. */
  private isAccepted({ readout, norms, plain }: Course, potential: boolean, to: Readout): boolean {
    if (!usable(to)) return false;
    const bounded = plain === null && to.norm <= GROWTH * Math.min(...norms);
    if (!potential) return bounded || plain !== null;
    const change = resolvedChange(readout, to);
    return change === null ? bounded || shrinks(readout, to) : change < 0;
  }

  /** Takes the step at the new points, and writes how it and they, less what they have risen, differ from the last. */
  private async remember(accepted: readonly number[], levels: readonly number[]): Promise<void> {
    if (accepted.length === 0) return;
    const { market, dg, dqg } = this;
    await market.precondition(this.f, this.next, accepted);
    const slot = this.turn % MEMORY;
    for (const ring of [dg, dqg]) while (ring.length <= slot) ring.push(market.create());
    market.combine([1, -1], [this.next, this.g], dg[slot], accepted);
    market.combine([1, 1, -1], [dg[slot], this.trial, this.q], dqg[slot], accepted, levels);
    for (const b of accepted) takeSlot(this.courses[b], slot);
  }

  private move(accepted: readonly number[], live: readonly number[]): void {
    if (accepted.length === live.length) {
      [this.q, this.trial] = [this.trial, this.q];
      [this.g, this.next] = [this.next, this.g];
      return;
    }
    this.market.combine([1], [this.trial], this.q, accepted);
    this.market.combine([1], [this.next], this.g, accepted);
  }
}

/** A change of the level; none where all prices are 0. */
function risen(by: number): number {
  return Number.isFinite(by) ? by : 0;
}

/** Whether ‖f‖ has fallen so far that the inner product must be fixed anew, or more rows are missing than the last. */
function isStale({ readout, weighed, gram, slots }: Course): boolean {
  return readout.norm < REWEIGH * weighed || gram.length + 1 < slots.length;
}

/** Those of the same key together. */
function groupsOf(live: readonly number[], key: (b: number) => string): Iterable<number[]> {
  const groups = new Map<string, number[]>();
  for (const b of live) {
    const known = groups.get(key(b));
    if (known === undefined) groups.set(key(b), [b]);
    else known.push(b);
  }
  return groups.values();
}

/**
 * γ; completes the Gram matrix.
 *
 * @param products of the differences that have no row in it yet, and of g, with all differences
 */
function mixing(course: Course, products: Float64Array): Float64Array {
  const m = course.slots.length;
  const known = course.gram.length;
  const row = (k: number) => products.subarray((k - known) * m, (k - known + 1) * m);
  const gram = [...course.gram];
  for (let k = known; k < m; k++) gram.push(Array.from(row(k).subarray(0, k + 1)));
  course.gram = gram;
  const full = gram.map((_, i) => Float64Array.from(gram, (_, j) => (j <= i ? gram[i][j] : gram[j][i])));
  return leastSquares(full, row(m));
}

/** When ‖f‖ no longer halves the older differences go. */
function refresh(course: Course): void {
  const { slots, norms, readout } = course;
  const then = norms[norms.length - 1 - HALVES_IN];
  if (!(slots.length > HALVES_IN && readout.norm > then / 2)) return;
  dropOlder(course);
  course.norms = norms.slice(-1);
}

function dropOlder(course: Course): void {
  const half = Math.ceil(course.slots.length / 2);
  course.slots = course.slots.slice(half);
  course.gram = course.gram.slice(half).map((row) => row.slice(half));
}

/** A new difference stands in the slot, in place of an old one if there was. */
function takeSlot(course: Course, slot: number): void {
  const old = course.slots.indexOf(slot);
  const without = <T>(list: readonly T[]) => (old < 0 ? list : list.filter((_, j) => j !== old));
  course.slots = [...without(course.slots), slot];
  course.gram = without(course.gram).map(without);
}

function arrived(course: Course, to: Readout): Move {
  const { plain, refused } = course;
  course.fraction = plain === null ? 1 : plain.part * plain.taken;
  course.plain = null;
  course.refused = false;
  course.readout = to;
  course.norms = [...course.norms, to.norm].slice(-10);
  return refused ? { to, note: "accelerated step refused, older history dropped" } : { to };
}

function turnedDown(course: Course): Move {
  if (course.plain === null) {
    dropOlder(course);
    course.refused = true;
    course.plain = { part: Math.min(1, 2 * course.fraction), taken: 1 };
    return "refused";
  }
  const { part, taken } = course.plain;
  if (taken < SHORT) return "stuck";
  course.plain = { part, taken: taken / 2 };
  return "refused";
}
