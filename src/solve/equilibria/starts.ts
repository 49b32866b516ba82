import { uniformSource } from "../../core/rng.js";

/** Half-widths, in log prices, of the boxes that starts are drawn from, in turn. */
const WIDTHS = [1, 2, 4, 8, 16];
/** The same of log incomes. */
const INCOME_WIDTHS = [1, 2, 4];
/** Distances from an equilibrium already found at which others are looked for. */
const NEARBY = [0.01, 0.1, 1];

/**
 * Points of a low-discrepancy sequence in [−1, 1)^d: fractional parts of k·φ⁻¹, k·φ⁻², …, φ the root of φ^{d+1} = φ + 1 above 1
 * (M. Roberts, The unreasonable effectiveness of quasirandom sequences, 2018), shifted at random. Beyond a few tens of dimensions no
 * sequence fills space, and each is as good as random numbers.
 */
export function* spread(dimension: number, seed: number): Generator<Float64Array, never> {
  const uniform = uniformSource(seed);
  const shift = Float64Array.from({ length: dimension }, uniform);
  let phi = 2;
  for (let k = 0; k < 50; k++) phi = (1 + phi) ** (1 / (dimension + 1));
  const powers = shift.map((_, j) => phi ** -(j + 1));
  for (let k = 1; ; k++) yield shift.map((x, j) => 2 * ((x + k * powers[j]) % 1) - 1);
}

/** Log prices, shape [commodities, nodes]: each by itself, one for each commodity, or one for each instant, in turn, of growing width. */
export function* priceStarts(
  [commodities, nodes]: readonly [number, number],
  seed: number,
): Generator<Float64Array, never> {
  const kinds = [
    { points: spread(commodities * nodes, seed), of: (i: number) => i },
    { points: spread(commodities, seed + 1), of: (i: number) => Math.floor(i / nodes) },
    { points: spread(nodes, seed + 2), of: (i: number) => i % nodes },
  ].slice(0, nodes === 1 ? 1 : 3);
  for (let k = 0; ; k++) {
    const { points, of } = kinds[k % kinds.length];
    const width = WIDTHS[Math.floor(k / kinds.length) % WIDTHS.length];
    const point = points.next().value;
    yield Float64Array.from({ length: commodities * nodes }, (_, i) => width * point[of(i)]);
  }
}

/** Log incomes of groups. */
export function* incomeStarts(groups: number, seed: number): Generator<number[], never> {
  const points = spread(groups, seed + 3);
  for (let k = 0; ; k++) {
    const width = INCOME_WIDTHS[k % INCOME_WIDTHS.length];
    yield Array.from(points.next().value, (x) => width * x);
  }
}

/** What is to be added to the log prices of an equilibrium to begin near it. */
export function* nearbyStarts(length: number, seed: number): Generator<Float64Array, never> {
  const points = spread(length, seed + 4);
  for (let k = 0; ; k++) {
    const width = NEARBY[k % NEARBY.length];
    yield points.next().value.map((x) => width * x);
  }
}
