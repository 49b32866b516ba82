import type { EconomySpec } from "../../economy/schema.js";
import type { Model } from "./leaderboard.js";
import { rounded } from "./production.js";

/** A capacity that all agents share. */
export interface Sharing {
  /** "auto": enough for every model to run at the table's level. */
  readonly capacity: number | "auto";
  /** The part that belongs to others, from 0 to below 1. */
  readonly others: number;
}

/** The shared commodity, and who else uses it. */
export const COMPUTE = "compute";
const OTHERS = "others";

/** The metric whose inverse is a model's cost. */
export const COST = "thrift";

/** Compute that a model takes at activity 1: its cost. */
export function useOf({ metrics }: Model): number {
  return 1 / metrics.get(COST)!.center!;
}

export function capacityOf({ capacity }: Sharing, models: readonly Model[]): number {
  return capacity === "auto" ? rounded(models.reduce((sum, model) => sum + useOf(model), 0)) : capacity;
}

/**
 * The economy with that capacity at every instant. The part that belongs to `others` they sell and buy back, wanting the same at
 * all times: so the router's agents have more of it when its demand is high, and work moves to those who can use more. Were all of
 * it the router's own, every agent would have the same at all times, whatever the price, and routing would stand still.
 */
export function sharedBy(economy: EconomySpec, capacity: number, others: number): EconomySpec {
  const [[router, own]] = Object.entries(economy.orchestrators);
  const rest = { endowment: { [COMPUTE]: rounded(others * capacity) }, preferences: wantCompute };
  return {
    ...economy,
    commodities: { [COMPUTE]: { unit: "what the leaderboard's cost is counted in" } },
    orchestrators: {
      [router]: { ...own, shares: 1, endowment: { [COMPUTE]: rounded((1 - others) * capacity) } },
      ...(others > 0 ? { [OTHERS]: rest } : {}),
    },
  };
}

const wantCompute = { root: "u", nodes: { u: { inputs: { [COMPUTE]: 1 } } } };
