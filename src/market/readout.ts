import { hash } from "../core/rng.js";
import type { Allocation } from "./allocation.js";
import type { Layout } from "./layout.js";
import type { Readout } from "./market.js";
import { meanPrice } from "./mean-price.js";

/** Weight of all instants alike, beside spending, in ‖f‖: at a corner where hardly anything is spent on most goods they count too. */
export const EVENLY = 0.1;

type Active = (i: number) => boolean;

/** The reductions that go with a residual f at q: one pass over the active instants, one over all for clearing. */
export function readOut(
  q: Float64Array,
  f: Float64Array,
  layout: Layout,
  at: Allocation,
  active: Active,
  counts: Active,
): Readout {
  const { nodes: N, weights } = layout;
  const afford = at.books.afford();
  const oscillation = new Range();
  const spread = new Range();
  const sample = probed(layout.commodities);
  let finite = Number.isFinite(afford.all);
  let [plain, count, norm, spending, value, u, v] = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < f.length; i++) {
    if (!active(i)) continue;
    // A sum keeps NaN and Infinity that comparisons would drop.
    finite &&= Number.isFinite(q[i] + at.demand[i] + at.supply[i]);
    oscillation.see(f[i]);
    spread.see(q[i]);
    const worth = weights[i % N] * at.price[i];
    norm += worth * at.demand[i] * f[i] ** 2;
    if (counts(i)) {
      plain += f[i] ** 2;
      count++;
    }
    spending += worth * at.demand[i];
    const [m, n] = [Math.floor(i / N), i % N];
    if (m % sample !== 0) continue;
    value += worth;
    u += worth * noise(m, 0) * noise(n, 0, 1);
    v += worth * noise(m, 1) * noise(n, 1, 1);
  }
  return {
    ...clearing(layout, at, active),
    oscillation: oscillation.width,
    norm: Math.sqrt(norm / spending + (EVENLY * plain) / Math.max(1, count)),
    potential: at.books.potential(layout.aggregation),
    afford: afford.least,
    poorest: afford.poorest,
    affordAll: afford.all,
    level: Math.log(meanPrice(layout, at.price)),
    spread: spread.width,
    probe: [ratio(u, value), ratio(v, value)],
    finite,
  };
}

/** max |z| / (time mean of S_m), frozen and undemanded instants counting only z > 0; and the same as complementarity. */
function clearing(
  { nodes: N, commodities, weights, size }: Layout,
  at: Allocation,
  active: Active,
): Pick<Readout, "clearing" | "worst" | "complementarity"> {
  const average = at.wealth() / size;
  let [largest, worst, complementarity] = [0, 0, 0];
  for (let m = 0; m < commodities; m++) {
    const volume = at.meanVolume(m);
    for (let n = 0; n < N; n++) {
      const i = m * N + n;
      const z = at.demand[i] - at.supply[i];
      const gap = (active(i) ? Math.abs(z) : Math.max(0, z)) / volume;
      if (gap > largest) [largest, worst] = [gap, i];
      const revenue = (weights[n] * at.price[i] * at.supply[i]) / average;
      complementarity = Math.max(complementarity, z < 0 ? Math.min(gap, revenue) : gap);
    }
  }
  return { clearing: largest, worst, complementarity };
}

/** max − min of what it saw. */
class Range {
  private high = -Infinity;
  private low = Infinity;

  see(x: number): void {
    if (x > this.high) this.high = x;
    if (x < this.low) this.low = x;
  }

  get width(): number {
    return this.high - this.low;
  }
}

/** Every how many commodities one is probed: 1 024 of them say enough. */
export function probed(commodities: number): number {
  return Math.max(1, Math.floor(commodities / 1024));
}

/** x/total, and 0 where all is free. */
export function ratio(x: number, total: number): number {
  return total > 0 ? x / total : 0;
}

/**
 * A fixed pseudo-random number in [−1, 1) for each row (axis 0) or column (axis 1) of a matrix: the products of a row's and a column's make
 * up a functional of it.
 *
 * @param side which of two functionals
 */
export function noise(i: number, side: 0 | 1, axis: 0 | 1 = 0): number {
  return hash(4 * i + 2 * axis + side) / 2 ** 31 - 1;
}
