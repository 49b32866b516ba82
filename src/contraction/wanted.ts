import type { Economy } from "../economy/economy.js";

/**
 * 1 where some orchestrator's preferences want the commodity at that instant, shape [commodities, nodes]. Under the
 * theorems' hypotheses (no floors, no inputs) nothing else has a market.
 */
export function wantedInstants({ orchestrators, commodities, grid }: Economy): Uint8Array {
  const wanted = new Uint8Array(commodities.length * grid.nodes);
  for (const { preferences, intensity } of orchestrators) {
    for (const m of preferences.leaves) {
      for (let n = 0; n < grid.nodes; n++) if (intensity[n] > 0) wanted[m * grid.nodes + n] = 1;
    }
  }
  return wanted;
}
