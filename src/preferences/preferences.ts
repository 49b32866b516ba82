import type { Orchestrator } from "../economy/economy.js";
import type { Preferences } from "../economy/preferences.js";
import type { Grid } from "../time/grid.js";
import { CesPreferences } from "./ces-preferences.js";

export type { Preferences } from "../economy/preferences.js";

/** Preferences, and the routing policy they imply: for each edge of the graph's `routing` its share, [N]. */
export interface RoutedPreferences extends Preferences {
  routing(q: Float64Array): Float64Array[];
}

/** Whether the goods of some leaves alone (available 1, the others 0; shape [leaves, nodes]) are of any use: utility above 0. */
export function worthSomething(preferences: Preferences, q: Float64Array, available: Float64Array): boolean {
  return preferences.logUtility(q, available) > -Infinity;
}

/** An orchestrator's preferences on a grid: its CES graph, or what the user wrote, which routes nothing. */
export function preferencesOf(orchestrator: Orchestrator, grid: Grid): RoutedPreferences {
  const { leaves, written } = orchestrator.preferences;
  if (written === undefined) return new CesPreferences(orchestrator, grid);
  const own = written(grid, orchestrator.intensity);
  return {
    leaves,
    nodes: grid.nodes,
    shares: (q, out) => own.shares(q, out),
    sharesDerivative: (q, dq, out) => own.sharesDerivative(q, dq, out),
    logUtility: (q, c) => own.logUtility(q, c),
    routing: () => [],
  };
}
