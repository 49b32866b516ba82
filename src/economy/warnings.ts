import type { ProductionSpec } from "../production/families.js";
import type { Context } from "./context.js";
import type { Agent, Orchestrator } from "./economy.js";
import type { EconomyFile } from "./schema.js";
import type { Reach, SupplyMap } from "./supply-map.js";

/** Warns of agents that supply nothing anybody demands: no leaf of preferences, no floor, no agent's input. */
export function warnUnused(
  agents: readonly Agent[],
  orchestrators: readonly Orchestrator[],
  { reaches }: SupplyMap,
  { names, warnings }: Context,
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
    warnings.addAt(
      names.placeOf(names.agent(agent.name)!),
      found,
      "a use in some orchestrator's preferences, floors or another agent",
    );
  }
}

/** Warns of modes and hulls without smoothing, whose supply jumps (formats.md; model.md section 2). */
export function warnUnsmoothed(file: EconomyFile, { names, references, warnings }: Context): void {
  for (const [name, { production }] of Object.entries(file.agents)) {
    if (hasCorners(production, "smoothing" in production ? production.smoothing : undefined))
      warnings.add(["agents", name, "production", "smoothing"], "0", SMOOTH);
  }
  for (const { name, count } of names.populations) {
    const { production } = file.populations[name];
    const path = ["populations", name, "production", "smoothing"];
    for (let k = 0; k < count; k++) {
      const smoothing = "smoothing" in production ? references.fill(production.smoothing, k) : undefined;
      if (hasCorners(production, smoothing)) warnings.addAt({ path, member: `${name}[${k}]` }, "0", SMOOTH);
    }
  }
}

const SMOOTH = "a smoothing > 0: at 0 an equilibrium that needs a mixture at a tie ends `stalled`";

function hasCorners(production: ProductionSpec, smoothing: number | undefined): boolean {
  if (smoothing !== 0) return false;
  if (production.set === "hull") return production.trajectories.length > 1;
  return production.set === "ellipsoid" && production.modes.length > 0;
}

function commodityOf({ agent, row }: Reach): number {
  return agent.commodities[row];
}
