import type { Grid } from "../time/grid.js";
import type { Deviation } from "./deviation.js";
import { type EllipsoidParts, ellipsoidGap } from "./ellipsoid-membership.js";
import { pairing } from "./pairing.js";
import type { ProductionSet, SupplyTheory } from "./production-set.js";

/**
 * Y = ȳ + V: a center and deviations from it, a ball of root-mean-square deviations in units of the radius
 * (radius.ts), a smoothed Karhunen–Loève ellipsoid (modes.ts), the sum of both, or none (model.md section 2).
 */
export class Ellipsoid implements ProductionSet {
  readonly family = "ellipsoid";
  readonly metrics: number;
  readonly nodes: number;
  readonly theory: SupplyTheory;
  readonly #deviations: readonly Deviation[];

  /** @param names of the metrics, for `theory`. */
  constructor(
    readonly parts: EllipsoidParts,
    readonly grid: Grid,
    names: readonly string[],
  ) {
    const { center, radius, modes } = parts;
    this.nodes = grid.nodes;
    this.metrics = center.length / grid.nodes;
    this.#deviations = [radius, modes].filter((part) => part !== undefined);
    const obstacle = modes === undefined ? negativeCenter(center, grid, names) : "modes";
    const jumps = modes?.disposal.every((x) => x === 0);
    this.theory = { t1: obstacle, t3: obstacle, elasticity: 1, jumps };
  }

  profit(p: Float64Array): number {
    let profit = pairing(this.grid.weights, p, this.parts.center);
    for (const part of this.#deviations) profit += part.profit(p);
    return profit;
  }

  supply(p: Float64Array, out: Float64Array): void {
    out.set(this.parts.center);
    for (const part of this.#deviations) part.addSupply(p, out);
  }

  supplyDerivative(p: Float64Array, dp: Float64Array, out: Float64Array): void {
    out.fill(0);
    for (const part of this.#deviations) part.addDerivative(p, dp, out);
  }

  ownResponse(p: Float64Array, out: Float64Array): void {
    out.fill(0);
    for (const part of this.#deviations) part.addOwnResponse(p, out);
  }

  /** See ellipsoidGap. */
  gap(y: Float64Array): number {
    return ellipsoidGap(this.parts, this.grid, y);
  }

  bounds(): { readonly lower: Float64Array; readonly upper: Float64Array } {
    const lower = Float64Array.from(this.parts.center);
    const upper = Float64Array.from(this.parts.center);
    for (const part of this.#deviations) part.addBounds(lower, upper);
    return { lower, upper };
  }
}

function negativeCenter(center: Float64Array, grid: Grid, names: readonly string[]): string | null {
  const k = center.findIndex((value) => value < 0);
  if (k < 0) return null;
  return `center of ${names[Math.floor(k / grid.nodes)]} is negative at t = ${grid.t[k % grid.nodes]}`;
}
