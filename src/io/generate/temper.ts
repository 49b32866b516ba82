import type { Draw } from "./draw.js";
import type { Temper } from "./options.js";

/** Where in the preferences an elasticity stands. */
export type Place = "time" | "entry" | "chain" | "routing" | "metric";

/** Draws the elasticities of an economy of some temper. */
export interface Elasticities {
  at(place: Place, layer: number): number;
}

const ORDINARY: Readonly<Record<Place, readonly [number, number]>> = {
  time: [0.7, 1.3],
  entry: [1.5, 4],
  chain: [0.6, 1.5],
  routing: [1.5, 4],
  metric: [0.6, 1.5],
};

/** Elasticities that T1's steepest path may reach. */
const STEEPEST = 4;

export function elasticitiesOf(temper: Temper, layers: number, draw: Draw): Elasticities {
  if (temper === "t1") return { at: (place, layer) => climbing(place, layer, layers, draw) };
  if (temper === "stiff") return { at: () => draw.logarithmic(0.1, 8) };
  if (temper === "hostile") return { at: () => draw.oneOf([0, 0, 0.1, 1, 50, 50]) };
  return { at: (place) => draw.between(...ORDINARY[place]) };
}

/**
 * Elasticities ≥ 1 that rise along every path (T1): time, entry, then in each layer the chain, and above it both the metrics,
 * where a path ends, and the routing to the next layer. Each has a band of its own.
 */
function climbing(place: Place, layer: number, layers: number, draw: Draw): number {
  const rung = { time: 0, entry: 1, chain: 2 * layer + 2, routing: 2 * layer + 3, metric: 2 * layer + 3 }[
    place
  ];
  const height = (STEEPEST - 1) / (2 * layers + 2);
  return draw.between(1 + rung * height, 1 + (rung + 1) * height);
}

/** Quantities are multiplied by one of these: six decades where the economy is hostile. */
export function scalesOf(temper: Temper): readonly number[] {
  return temper === "hostile" ? [0.001, 0.01, 0.1, 1, 10, 100, 1000] : [1];
}
