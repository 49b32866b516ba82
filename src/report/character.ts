import { contractionBound } from "../contraction/bound.js";
import { extremeElasticities } from "../contraction/elasticities.js";
import type { FailedHypothesis } from "../contraction/hypothesis.js";
import { spectralInterval } from "../contraction/interval.js";
import type { Problem } from "../core/errors.js";
import type { Economy, Orchestrator } from "../economy/economy.js";
import { type Aggregation, layOut } from "../market/layout.js";

/** What kind of economy this is, and what theory promises of it (model.md sections 5 and 6): data for `walras check`. */
export interface Character {
  readonly economy: string;
  readonly economy_sha256: string | null;
  readonly time: {
    readonly horizon: number;
    readonly unit: string | null;
    readonly rule: string;
    readonly nodes: number;
  };
  /** Number of agents of each family. */
  readonly agents: Readonly<Record<string, number>>;
  readonly commodities: { readonly shared: number; readonly own: number };
  readonly orchestrators: readonly OrchestratorCharacter[];
  /** Commodity-instants with a market, and those nobody can demand (price 0 from the start). */
  readonly prices: { readonly markets: number; readonly undemanded: number };
  /** Over nodes with more than one child, the intertemporal one included; null where nobody has a choice. */
  readonly elasticities: { readonly least: number; readonly largest: number } | null;
  /** Why the market has the potential of T2, under which `f` is always a descent direction; null where it has none. */
  readonly potential: Aggregation | null;
  /** Default λ. */
  readonly step: number;
  readonly contraction: {
    readonly bound: number | null;
    readonly theorem: string | null;
    readonly why: string;
    /** Every hypothesis that fails, and where. */
    readonly failures: readonly FailedHypothesis[];
  };
  readonly interval: { readonly least: number | null; readonly largest: number | null; readonly why: string };
  readonly warnings: readonly Problem[];
}

export interface OrchestratorCharacter {
  readonly name: string;
  readonly nodes: number;
  readonly commodities: number;
  readonly routing_edges: number;
  readonly endowments: number;
  readonly floors: number;
  readonly intertemporal_elasticity: number;
}

export function characterOf(economy: Economy): Character {
  const { grid, agents, commodities, orchestrators } = economy;
  const { step, aggregation, demanded } = layOut(economy);
  const { bound, theorem, why, failures } = contractionBound(economy, step);
  const { interval, why: whyInterval } = spectralInterval(economy);
  const markets = demanded.reduce((sum, x) => sum + x, 0);
  const own = commodities.filter(({ agent }) => agent !== null).length;
  return {
    economy: economy.name,
    economy_sha256: economy.sha256,
    time: { horizon: grid.horizon, unit: grid.unit, rule: grid.rule, nodes: grid.nodes },
    agents: countBy(agents.map(({ set }) => set.family)),
    commodities: { shared: commodities.length - own, own },
    orchestrators: orchestrators.map(orchestratorCharacter),
    prices: { markets, undemanded: demanded.length - markets },
    elasticities: extremeElasticities(economy),
    potential: aggregation,
    step,
    contraction: { bound, theorem, why, failures },
    interval: { least: interval?.least ?? null, largest: interval?.largest ?? null, why: whyInterval },
    warnings: economy.warnings,
  };
}

function orchestratorCharacter(orchestrator: Orchestrator): OrchestratorCharacter {
  const { name, preferences, endowment, floors, intertemporalElasticity } = orchestrator;
  return {
    name,
    nodes: preferences.nodes.length,
    commodities: preferences.leaves.length,
    routing_edges: preferences.routing.length,
    endowments: endowment.size,
    floors: floors.size,
    intertemporal_elasticity: intertemporalElasticity,
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}
