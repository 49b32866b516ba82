import type { Context } from "./context.js";
import type { Agent, Orchestrator } from "./economy.js";
import type { EconomyFile } from "./schema.js";
import type { Reach, SupplyMap } from "./supply-map.js";

/** Warns of agents that supply nothing anybody demands: no leaf of preferences, no floor, no agent's input. */
export function warnUnused(
  agents: readonly Agent[],
  orchestrators: readonly Orchestrator[],
  { reaches }: SupplyMap,
  { warnings }: Context,
): void {
  const demanded = new Set<number>();
  for (const { floors, preferences } of orchestrators) {
    for (const commodity of [...floors.keys(), ...preferences.leaves]) demanded.add(commodity);
  }
  for (const reach of reaches) if (reach.lower.some((bound) => bound < 0)) demanded.add(commodityOf(reach));
  const used = new Set<Agent>();
  for (const reach of reaches) {
    if (demanded.has(commodityOf(reach)) && reach.upper.some((bound) => bound > 0)) used.add(reach.agent);
  }
  for (const agent of agents) {
    if (used.has(agent)) continue;
    const found = "an agent that supplies nothing anybody demands";
    warnings.add(
      ["agents", agent.name],
      found,
      "a use in some orchestrator's preferences, floors or another agent",
    );
  }
}

/** Warns of modes and hulls without smoothing, whose supply jumps (formats.md; model.md section 2). */
export function warnUnsmoothed(file: EconomyFile, { warnings }: Context): void {
  for (const [name, { production }] of Object.entries(file.agents)) {
    if (!("smoothing" in production) || production.smoothing !== 0) continue;
    const corners =
      production.set === "hull" ? production.trajectories.length > 1 : production.modes.length > 0;
    if (!corners) continue;
    const path = ["agents", name, "production", "smoothing"];
    warnings.add(
      path,
      "0",
      "a smoothing > 0: at 0 an equilibrium that needs a mixture at a tie ends `stalled`",
    );
  }
}

function commodityOf({ agent, row }: Reach): number {
  return agent.commodities[row];
}
