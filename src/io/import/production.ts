import type { EconomySpec } from "../../economy/schema.js";
import type { Model } from "./leaderboard.js";

type Production = NonNullable<EconomySpec["agents"]>[string]["production"];

/** Digits that are written: more than any table has, fewer than would differ between machines. */
export function rounded(x: number): number {
  return Number(x.toPrecision(9));
}

/** Less than this part of the level is rounding, and no spread. */
const LEAST = 1e-9;

/** An ellipsoid: the table's levels, and how far each metric strays. A metric of unknown spread has no radius. */
export function ellipsoid({ metrics }: Model, spread: number): Production {
  const radii = [...metrics].filter(([, { center, radius }]) => (radius ?? 0) * spread > LEAST * center!);
  return {
    set: "ellipsoid",
    center: Object.fromEntries([...metrics].map(([metric, { center }]) => [metric, rounded(center!)])),
    radius: Object.fromEntries(radii.map(([metric, { radius }]) => [metric, rounded(radius! * spread)])),
  };
}

/** Elasticity of transformation between an agent's metrics. */
const TRANSFORMATION = 1;

/**
 * A frontier through the table's levels ȳ, which it makes at activity F = 1 and prices ∝ 1/ȳ: with n metrics
 * α_o = n^τ ȳ_o^{1+τ}. An activity of F takes F·use of `compute`, whatever its price. Returns ν = 1/(1 + s), s the relative
 * spread of the metric that strays most: who is unsteady gains least from more compute.
 */
export function frontier({ metrics }: Model, compute: string, use: number, spread: number): Production {
  const levels = [...metrics];
  const outputs = levels.map(([metric, { center }]): [string, number] => [
    metric,
    rounded(levels.length ** TRANSFORMATION * center! ** (1 + TRANSFORMATION)),
  ]);
  const strays = levels.map(([, { center, radius }]) => (spread * (radius ?? 0)) / center!);
  return {
    set: "frontier",
    outputs: Object.fromEntries(outputs),
    transformation: TRANSFORMATION,
    inputs: { [compute]: rounded(use) },
    substitution: 0,
    returns: rounded(returnsOf(Math.max(...strays))),
  };
}

/** Between 0.2 and 0.8, so that no agent is nearly fixed or nearly of constant returns. */
function returnsOf(stray: number): number {
  return Math.max(0.2, Math.min(0.8, 1 / (1 + stray)));
}
