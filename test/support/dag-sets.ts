import { uniformSource } from "../../src/core/rng.js";
import type { EconomySpec } from "../../src/economy/schema.js";

export type DagFamily = "ellipsoid" | "point" | "modes" | "hull" | "frontier" | "factory";
export const DAG_FAMILIES: readonly DagFamily[] = [
  "ellipsoid",
  "point",
  "modes",
  "hull",
  "frontier",
  "factory",
];

/** What an agent can produce: metrics m0, m1, … and, in a factory, from the shared commodity `gpu`. */
type Production = NonNullable<EconomySpec["agents"]>[string]["production"];

export type Draw = ReturnType<typeof drawer>;

/** Random numbers from a seed, as the economies need them. */
export function drawer(seed: number) {
  const uniform = uniformSource(seed);
  const between = (low: number, high: number): number => low + (high - low) * uniform();
  return {
    between,
    log: (low: number, high: number): number => Math.exp(between(Math.log(low), Math.log(high))),
    chance: (probability: number): boolean => uniform() < probability,
    index: (count: number): number => Math.floor(uniform() * count),
  };
}

/** Default ratio of the largest weight or level to the least. */
export const SPREAD = 5;
export const HORIZON = 24;
const TIMES = Array.from({ length: 25 }, (_, hour) => hour);

/** A level that waves over the day within `swing` of itself; samples, so that it fits any grid. */
export function wave(draw: Draw, level: number, swing: number) {
  const [first, second] = [draw.between(0, 2 * Math.PI), draw.between(0, 2 * Math.PI)];
  const values = TIMES.map((hour) => {
    const angle = (2 * Math.PI * hour) / HORIZON;
    return level * (1 + swing * (0.7 * Math.sin(angle + first) + 0.3 * Math.sin(3 * angle + second)));
  });
  return { t: TIMES, values };
}

/** How far apart levels are, and how many ellipsoids have a center (DagOptions says more). */
export interface DagSetOptions {
  readonly spread?: number;
  readonly rigid?: number;
}

/** An agent's set, and by metric what it supplies at every instant whatever the prices, where that is anything. */
export interface Made {
  readonly set: Production;
  readonly least: Readonly<Record<string, number>>;
}

export function production(
  family: DagFamily,
  own: readonly string[],
  { spread = SPREAD, rigid = 0.8 }: DagSetOptions,
  draw: Draw,
): Made {
  const level = () => draw.log(1 / Math.sqrt(spread), Math.sqrt(spread));
  const levels = own.map(level);
  const bundle = (part: number, swing: number) =>
    Object.fromEntries(own.map((m, r) => [m, wave(draw, part * levels[r], swing)]));
  const sure = (part: number) => Object.fromEntries(own.map((m, r) => [m, part * levels[r]]));
  const weights = () => Object.fromEntries(own.map((m) => [m, draw.log(1 / spread, 1)]));
  switch (family) {
    case "ellipsoid": {
      // A fifth, by default, live from their radius alone.
      const center = draw.chance(1 - rigid) ? 0 : 1;
      const set = { set: family, center: bundle(center, 0.5), radius: bundle(draw.log(0.1, 1), 0.5) };
      return { set, least: center === 0 ? {} : sure(0.5) };
    }
    case "point":
      return { set: { set: "ellipsoid", center: bundle(1, 0.5) }, least: sure(0.5) };
    case "modes": {
      const modes = [bundle(0.2, 1), bundle(0.1, 1)];
      return { set: { set: "ellipsoid", center: bundle(1, 0.3), modes, smoothing: 0.1 }, least: sure(0.1) };
    }
    case "hull": {
      const trajectories = [0.6, 1, 1.4].map((effort) => bundle(effort, 0.4));
      return { set: { set: "hull", smoothing: 0.1, trajectories }, least: sure(0.2) };
    }
    case "frontier":
      return {
        set: {
          set: family,
          outputs: weights(),
          transformation: draw.log(0.1, 3),
          scale: wave(draw, level(), 0.5),
        },
        least: {},
      };
    case "factory":
      return {
        set: {
          set: "frontier",
          outputs: weights(),
          transformation: draw.log(0.1, 3),
          inputs: { gpu: draw.between(0.3, 1) },
          returns: draw.between(0.3, 0.7),
          scale: wave(draw, level(), 0.5),
        },
        least: {},
      };
  }
}
