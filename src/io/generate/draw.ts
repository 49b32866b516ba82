import { uniformSource } from "../../core/rng.js";
import type { Grid } from "../../time/grid.js";

/**
 * Random numbers of which every machine draws the same: the generator works in integers, and what is made of its numbers
 * uses only + − × ÷ and rounding, which IEEE 754 fixes to the last bit. No function of the platform's or of V8's mathematics takes part.
 */
export class Draw {
  readonly #uniform: () => number;

  constructor(seed: number) {
    this.#uniform = uniformSource(seed);
  }

  /** From low to high, to six decimals. */
  between(low: number, high: number): number {
    return rounded(low + (high - low) * this.#uniform());
  }

  /** 0 … count − 1. */
  index(count: number): number {
    return Math.min(count - 1, Math.floor(count * this.#uniform()));
  }

  oneOf<T>(items: readonly T[]): T {
    return items[this.index(items.length)];
  }

  /** From low to high > low > 0, about as often in each octave: an octave is drawn, then a number in it. */
  logarithmic(low: number, high: number): number {
    const octaves: number[] = [];
    for (let bound = low; bound < high; bound *= 2) octaves.push(bound);
    const begin = this.oneOf(octaves);
    return this.between(begin, Math.min(high, 2 * begin));
  }

  /** 0 … count − 1 in random order (Fisher–Yates). */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, k) => k);
    for (let k = count - 1; k > 0; k--) {
      const j = this.index(k + 1);
      [order[k], order[j]] = [order[j], order[k]];
    }
    return order;
  }
}

/** To six decimals. */
export function rounded(x: number): number {
  return Math.round(x * 1e6) / 1e6;
}

/** Bends of a curve over the horizon. */
const BENDS = 6;

/**
 * Smooth random functions on a grid, periodic over its horizon: cubic B-splines with `BENDS` random control values, between
 * whose least and largest they stay.
 */
export class Curves {
  readonly #first: Int32Array;
  readonly #basis: Float64Array;
  readonly #control = new Float64Array(BENDS);

  constructor(
    private readonly draw: Draw,
    { t, nodes, horizon }: Grid,
  ) {
    this.#first = new Int32Array(nodes);
    this.#basis = new Float64Array(4 * nodes);
    for (let n = 0; n < nodes; n++) {
      const at = (t[n] / horizon) * BENDS;
      this.#first[n] = Math.floor(at);
      this.#basis.set(cubic(at - this.#first[n]), 4 * n);
    }
  }

  /** A curve from low to high into `out`, shape [nodes], to six decimals. */
  fill(out: Float64Array, low: number, high: number): void {
    for (let k = 0; k < BENDS; k++) this.#control[k] = this.draw.between(low, high);
    this.#spline(out);
  }

  /** A curve through these control values. */
  through(control: readonly number[], out: Float64Array): void {
    this.#control.set(control);
    this.#spline(out);
  }

  #spline(out: Float64Array): void {
    const [basis, first, control] = [this.#basis, this.#first, this.#control];
    for (let n = 0; n < out.length; n++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += basis[4 * n + k] * control[(first[n] + k) % BENDS];
      out[n] = rounded(sum);
    }
  }
}

/** The four cubic B-splines that are not 0 at x in [0, 1]; they sum to 1. */
function cubic(x: number): number[] {
  const y = 1 - x;
  return [
    (y * y * y) / 6,
    (4 - 6 * x * x + 3 * x * x * x) / 6,
    (4 - 6 * y * y + 3 * y * y * y) / 6,
    (x * x * x) / 6,
  ];
}
