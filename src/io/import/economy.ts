import { InputError } from "../../core/errors.js";
import { listed } from "../../economy/found.js";
import { type EconomySpec, FORMAT } from "../../economy/schema.js";
import { COMPUTE, capacityOf, type Sharing, sharedBy, useOf } from "./compute.js";
import type { Demand } from "./demand.js";
import type { Model } from "./leaderboard.js";
import { uniqueNames } from "./names.js";
import { ellipsoid, frontier } from "./production.js";
import { type Elasticities, routerDag } from "./router.js";

export interface AssemblyOptions {
  readonly name: string;
  /** Spending weights of the metrics; a metric not named has 0. */
  readonly weights: ReadonlyMap<string, number>;
  readonly elasticities: Elasticities & { readonly time: number };
  /** Radii are multiplied by it; 0: supply is fixed. */
  readonly spread: number;
  /** Null: no demand series, so a static economy. */
  readonly demand: Demand | null;
  /** Null: every agent works for itself. */
  readonly compute: Sharing | null;
}

export interface Imported {
  readonly economy: EconomySpec;
  /** What a person should know: what was dropped, chosen, filled in. */
  readonly notes: readonly string[];
}

/** An economy of the models as agents and one orchestrator that routes over groups, then models. */
export function assemble(all: readonly Model[], subject: string, options: AssemblyOptions): Imported {
  const { models, notes } = complete(all);
  if (models.length === 0) {
    const found = all.length === 0 ? "no row at all" : "no row with all of its metrics";
    const expected = "at least one model: see --map and --where";
    throw new InputError(subject, [{ path: "", found: [found, ...notes].join("; "), expected }]);
  }
  const { demand, compute } = options;
  const capacity = compute === null ? null : capacityOf(compute, models);
  const spec = { ...describedBy(options), ...agentsAndRouter(models, options) };
  const economy = capacity === null ? spec : sharedBy(spec, capacity, compute!.others);
  const nodes = demand?.time.nodes ?? 1;
  const size = `${counted(models.length, "agent")}, ${counted(nodes, "node")}`;
  const shared = capacity === null ? "" : `, sharing a ${COMPUTE} capacity of ${capacity}`;
  return { economy, notes: [...notes, ...(demand?.notes ?? []), `${size}${shared}`] };
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

function describedBy({ name, demand }: AssemblyOptions): Pick<EconomySpec, "format" | "name" | "time"> {
  return { format: FORMAT, name, ...(demand === null ? {} : { time: { ...demand.time, rule: "midpoint" } }) };
}

/** The orchestrator that wants the agents' work. */
export const ROUTER = "router";

function agentsAndRouter(
  models: readonly Model[],
  { compute, spread, weights, elasticities, demand }: AssemblyOptions,
): Pick<EconomySpec, "agents" | "orchestrators"> {
  const names = uniqueNames(models);
  const metrics = [...models[0].metrics.keys()];
  const ownWeights = Object.fromEntries(metrics.map((metric) => [metric, weights.get(metric) ?? 0]));
  const production = (model: Model) =>
    compute === null ? ellipsoid(model, spread) : frontier(model, COMPUTE, useOf(model), spread);
  const members = models.map(({ group }, k) => ({ name: names[k], group }));
  return {
    agents: Object.fromEntries(models.map((model, k) => [names[k], { production: production(model) }])),
    orchestrators: {
      [ROUTER]: {
        ...(demand === null ? {} : { discount: demand.discount }),
        intertemporal_elasticity: elasticities.time,
        preferences: { dag: routerDag(members, ownWeights, elasticities) },
      },
    },
  };
}

/** Models of which every metric is known; the others are counted, by reason. */
function complete(all: readonly Model[]): { models: Model[]; notes: string[] } {
  const dropped = new Map<string, string[]>();
  const models = all.filter((model) => {
    const lacking = [...model.metrics.values()].find(({ center }) => center === null);
    if (lacking === undefined) return true;
    dropped.set(lacking.why, [...(dropped.get(lacking.why) ?? []), model.label]);
    return false;
  });
  const notes = [...dropped].map(
    ([why, labels]) => `dropped ${labels.length} of ${all.length} rows, ${why}: ${listed(labels, "and", 6)}`,
  );
  return { models, notes };
}
