import { ENTRY } from "../../economy/names.js";
import type { EconomySpec } from "../../economy/schema.js";
import { cleaned } from "./names.js";

type Preferences = EconomySpec["orchestrators"][string]["preferences"];
type Dag = Extract<Preferences, { dag: unknown }>["dag"];

/** An agent and the group whose router leads to it. */
export interface Member {
  readonly name: string;
  readonly group: string;
}

export interface Elasticities {
  readonly entry: number;
  readonly routing: number;
  readonly metric: number;
}

/**
 * A router of two levels: entry → group → agent. Every agent has the same weight, so a group has as much as it has agents;
 * groups are steps without work of their own.
 */
export function routerDag(
  members: readonly Member[],
  weights: Readonly<Record<string, number>>,
  { entry, routing, metric }: Elasticities,
): Dag {
  const groups = new Map<string, string[]>();
  for (const { name, group } of members) groups.set(group, [...(groups.get(group) ?? []), name]);
  const taken = new Set([ENTRY, ...members.map(({ name }) => name)]);
  const routers = [...groups].map(([group, names]) => ({ step: unused(cleaned(group), taken), names }));
  const each = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 1]));
  return {
    entry: Object.fromEntries(routers.map(({ step, names }) => [step, names.length])),
    entry_elasticity: entry,
    steps: {
      ...Object.fromEntries(
        routers.map(({ step, names }) => [step, { next: each(names), routing_elasticity: routing }]),
      ),
      ...Object.fromEntries(
        members.map(({ name }) => [name, { metrics: { ...weights }, metric_elasticity: metric }]),
      ),
    },
  };
}

/** A name for a router that no agent has, nor the entry. */
function unused(group: string, taken: Set<string>): string {
  let name = group;
  while (taken.has(name)) name += " (group)";
  taken.add(name);
  return name;
}
