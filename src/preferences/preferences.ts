import type { Orchestrator } from "../economy/economy.js";
import type { Preferences } from "../economy/preferences.js";
import type { Grid } from "../time/grid.js";
import { CesPreferences } from "./ces-preferences.js";
import { LEAST_RESPONSE, type OwnResponses } from "./nest-wise.js";

export type { Preferences } from "../economy/preferences.js";

/** What a market needs of preferences beside demand. */
export interface RoutedPreferences extends Preferences {
  /** log of the budget shares at log prices q, also of those below float64's range. Writes `out`. */
  logShares(q: Float64Array, out: Float64Array): void;
  /** `logUtility` of log quantities beyond the floors, which may be below float64's range; −Infinity for none. */
  logUtilityOfLogs(q: Float64Array, logC: Float64Array): number;
  /** The routing policy: for each edge of the graph's `routing` its share, [N]. */
  routing(q: Float64Array): Float64Array[];
  /** The nest-wise step for values f of the leaves, [leaves, N] (see nest-wise.ts). Writes `out`. */
  nestWise(q: Float64Array, f: Float64Array, own: OwnResponses, out: Float64Array): void;
}

/** Whether the goods of some leaves alone (available 1, the others 0; shape [leaves, nodes]) are of any use: utility above 0. */
export function worthSomething(preferences: Preferences, q: Float64Array, available: Float64Array): boolean {
  return preferences.logUtility(q, available) > -Infinity;
}

/** An orchestrator's preferences on a grid: its CES graph, or what the user wrote, which routes nothing. */
export function preferencesOf(orchestrator: Orchestrator, grid: Grid): RoutedPreferences {
  const { leaves, written, nodes } = orchestrator.preferences;
  if (written === undefined) return new CesPreferences(orchestrator, grid);
  const own = written(grid, orchestrator.intensity);
  return {
    leaves,
    nodes: grid.nodes,
    shares: (q, out) => own.shares(q, out),
    sharesDerivative: (q, dq, out) => own.sharesDerivative(q, dq, out),
    logUtility: (q, c) => own.logUtility(q, c),
    logShares(q, out) {
      own.shares(q, out);
      out.forEach((s, j) => {
        out[j] = Math.log(s);
      });
    },
    logUtilityOfLogs: (q, logC) => own.logUtility(q, logC.map(Math.exp)),
    routing: () => [],
    nestWise(q, f, responses, out) {
      const shares = new Float64Array(f.length);
      own.shares(q, shares);
      oneNestStep(shares, nodes[0].elasticity, f, responses, out);
    },
  };
}

/** The nest-wise step of a single nest of all leaves at all instants. */
function oneNestStep(
  shares: Float64Array,
  elasticity: number,
  f: Float64Array,
  { supply, free }: OwnResponses,
  out: Float64Array,
): void {
  const mean = (x: Float64Array): number => shares.reduce((sum, s, j) => sum + (s > 0 ? s * x[j] : 0), 0);
  const value = mean(f);
  const response = Math.max(LEAST_RESPONSE, elasticity * mean(free) + mean(supply));
  for (let j = 0; j < f.length; j++) out[j] = value + (f[j] - value) / response;
}
