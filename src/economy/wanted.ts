import type { Economy } from "./economy.js";

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

/**
 * Where all prices of an agent are 0, its supply is the limit p → 0⁺ along equal prices of what somebody wants of it (and
 * ȳ where nobody wants anything): replaces such prices p [metrics, nodes] by 1 there. Any member of the set is optimal at p = 0; this is
 * the limit itself for an agent of one wanted metric and instant, and more than ȳ of what is wanted for any other.
 *
 * @param commodities of the agent's rows; @param wanted as `wantedInstants` has it
 */
export function limitPrices(
  p: Float64Array,
  commodities: Int32Array,
  wanted: Uint8Array,
  nodes: number,
): Float64Array {
  if (p.some((x) => x !== 0)) return p;
  return p.map((_, j) => wanted[commodities[Math.floor(j / nodes)] * nodes + (j % nodes)]);
}
