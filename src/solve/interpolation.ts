import { type Grid, sameNodes } from "../time/grid.js";
import { prolong } from "../time/projection.js";

/** Most points of a stencil. */
const MOST_POINTS = 10;
/** A point is added while divided differences fall at least to this part from one order to the next: where the row is resolved. */
const DECAY = 0.7;
/** A cell has a kink when third differences across it are so many times those beside it. */
const KINK = 4;
/** How far a value may leave the range of those around it, in units of that range. */
const OVERSHOOT = 0.25;
/** Up to so many gauss-legendre nodes the polynomial through all of them is taken. */
const SPECTRAL_LIMIT = 64;
/** Beyond it a price is no number any more. */
const LARGEST = 700;

/**
 * A row of prices on one grid as a warm start on another of the same horizon (nested iteration, model.md section 1).
 *
 * Between nodes log prices follow a polynomial through 2 to 10 neighbours. The stencil grows to the side where divided
 * differences are smaller, so that it reaches over no kink (essentially non-oscillatory: A. Harten, B. Engquist, S. Osher,
 * S. Chakravarthy, J. Comput. Phys. 71 (1987) 231), and only while they fall: the order is high where the row is smooth and
 * resolved and 2 where it is rough. Next to a free instant (price 0) prices go to 0 along the line through their last two.
 *
 * @param prices ≥ 0, shape [from.nodes]. @returns ≥ 0, shape [to.nodes]
 */
export function prolongPrices(prices: Float64Array, from: Grid, to: Grid): Float64Array {
  if (sameNodes(from, to)) return prices.slice();
  if (from.nodes === 1) return new Float64Array(to.nodes).fill(prices[0]);
  const spectral = from.rule === "gauss-legendre" && from.nodes <= SPECTRAL_LIMIT;
  if (spectral && prices.every((p) => p > 0)) {
    return prolong(prices.map(Math.log), 1, from, to).map((q) => Math.exp(Math.min(LARGEST, q)));
  }
  const runs = runsAbove0(prices, from.t);
  let cell = 0;
  return to.t.map((t) => {
    while (cell < from.nodes - 2 && from.t[cell + 1] <= t) cell++;
    const run = runs[cell] ?? runs[cell + 1];
    if (run === null) return 0;
    if (prices[cell] > 0 && prices[cell + 1] > 0) return Math.exp(run.at(t, cell));
    return towardsFree(prices, from.t, cell, t);
  });
}

/** For each node the run of positive prices that it is in, or null where the price is 0. */
function runsAbove0(prices: Float64Array, t: Float64Array): (Run | null)[] {
  const runs: (Run | null)[] = [];
  for (let begin = 0; begin < prices.length; begin = runs.length) {
    let end = begin;
    while (end < prices.length && prices[end] > 0) end++;
    const run = end > begin ? new Run(prices.subarray(begin, end), t.subarray(begin, end), begin) : null;
    do runs.push(run);
    while (runs.length < end);
  }
  return runs;
}

/** Log prices of neighbouring nodes. */
class Run {
  /** Divided differences: differences[d][i] over nodes i … i + d of the run. */
  private readonly differences: Float64Array[];

  constructor(
    prices: Float64Array,
    private readonly t: Float64Array,
    private readonly begin: number,
  ) {
    this.differences = [prices.map(Math.log)];
    for (let d = 1; d < Math.min(MOST_POINTS, t.length); d++) {
      const before = this.differences[d - 1];
      this.differences.push(
        Float64Array.from(
          { length: t.length - d },
          (_, i) => (before[i + 1] - before[i]) / (t[i + d] - t[i]),
        ),
      );
    }
  }

  /** At time t in or next to the cell between nodes `cell` and `cell` + 1 of the row. */
  at(t: number, cell: number): number {
    const c = cell - this.begin;
    const last = this.t.length - 1;
    if (!this.hasKink(c)) return this.limited(this.polynomial(t, c, 0, last), c);
    const gap = (at: number) => this.polynomial(at, c - 1, 0, c) - this.polynomial(at, c + 1, c + 1, last);
    const before = gap(t) * gap(this.t[c]) > 0;
    return this.limited(before ? this.polynomial(t, c - 1, 0, c) : this.polynomial(t, c + 1, c + 1, last), c);
  }

  /** Whether the row is smooth on either side of a cell but not across, and the polynomials of both sides meet in it. */
  private hasKink(c: number): boolean {
    const [before, after] = [this.magnitude(3, c - 3), this.magnitude(3, c + 1)];
    const across = Math.min(this.magnitude(3, c - 2), this.magnitude(3, c));
    if (!(across > KINK * Math.max(before, after))) return false;
    const [left, right] = [
      this.polynomial(this.t[c + 1], c - 1, 0, c),
      this.polynomial(this.t[c], c + 1, c + 1, this.t.length - 1),
    ];
    const [y] = this.differences;
    return (y[c] - right) * (left - y[c + 1]) < 0;
  }

  /** Newton's formula in the order in which points are added, beginning with nodes `left` and `left` + 1, all within first … last. */
  private polynomial(t: number, from: number, first: number, last: number): number {
    const { differences } = this;
    const width = this.t[from + 1] - this.t[from];
    let left = from;
    let [y, basis] = [differences[0][left], t - this.t[left]];
    y += differences[1][left] * basis;
    basis *= t - this.t[left + 1];
    let power = width;
    let size = this.size(1, left) * power;
    for (let d = 2; d < differences.length; d++) {
      const toLeft = left > first ? this.magnitude(d, left - 1) : Infinity;
      const toRight = left + d <= last ? this.magnitude(d, left) : Infinity;
      power *= width;
      if (!(Math.min(toLeft, toRight) * power <= DECAY * size)) break;
      size = Math.max(this.size(d, left) * power, DECAY * size);
      if (toLeft < toRight) left--;
      y += differences[d][left] * basis;
      basis *= t - this.t[toLeft < toRight ? left : left + d];
    }
    return y;
  }

  /** Within the values at the six nodes around a cell and a quarter of their range beyond: no extrapolation goes astray. */
  private limited(y: number, cell: number): number {
    const [values] = this.differences;
    const begin = Math.max(0, Math.min(cell - 2, values.length - 6));
    let [low, high] = [values[begin], values[begin]];
    for (let i = begin + 1; i < Math.min(begin + 6, values.length); i++) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
    }
    const beyond = OVERSHOOT * (high - low);
    return Math.max(low - beyond, Math.min(high + beyond, y));
  }

  private magnitude(d: number, start: number): number {
    const row = this.differences[d];
    return row !== undefined && start >= 0 && start < row.length ? Math.abs(row[start]) : Infinity;
  }

  /** The largest of the differences of order d next to a stencil that begins at `left`. */
  private size(d: number, left: number): number {
    const row = this.differences[d];
    let largest = -Infinity;
    for (let i = Math.max(0, left - 1); i <= Math.min(left + 1, row.length - 1); i++)
      largest = Math.max(largest, Math.abs(row[i]));
    return largest;
  }
}

/** Between a priced and a free instant: along the line through the last two prices, and at most from the last one straight to 0. */
function towardsFree(prices: Float64Array, times: Float64Array, cell: number, t: number): number {
  const [last, free, before] = prices[cell] > 0 ? [cell, cell + 1, cell - 1] : [cell + 1, cell, cell + 2];
  const along = (t - times[last]) / (times[free] - times[last]);
  if (along <= 0) return prices[last];
  const straight = prices[last] * (1 - along);
  if (!(prices[before] > 0)) return Math.max(0, straight);
  const slope = (prices[last] - prices[before]) / (times[last] - times[before]);
  return Math.max(0, Math.min(straight, prices[last] + slope * (t - times[last])));
}
