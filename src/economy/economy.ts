import type { Problem } from "../core/errors.js";
import type { ProductionSet } from "../production/production-set.js";
import type { Grid } from "../time/grid.js";
import type { WritePreferences } from "./preferences.js";

/** A validated economy on a grid: what every later room works on. Built by `buildEconomy`, never by hand. */
export interface Economy {
  readonly name: string;
  /** Whether the name is its own; otherwise it is its file's, which may be renamed. */
  readonly isNamed: boolean;
  readonly grid: Grid;
  /** Declared commodities in file order, then each agent's own metrics (`agent/metric`) in file order. */
  readonly commodities: readonly Commodity[];
  readonly agents: readonly Agent[];
  readonly orchestrators: readonly Orchestrator[];
  /** Of the file's bytes; null if built in code. */
  readonly sha256: string | null;
  /** Things a person should know that are no refusal. */
  readonly warnings: readonly Problem[];
  /** The same economy re-projected onto another grid (model.md section 1). Throws InputError where a series cannot be. */
  onGrid(grid: { nodes?: number; rule?: Grid["rule"] }): Economy;
}

export interface Commodity {
  /** `gpu`, or `planner/quality`. */
  readonly name: string;
  readonly unit: string | null;
  /** Index of the owning agent; null for a declared, shared commodity. */
  readonly agent: number | null;
}

export interface Agent {
  readonly name: string;
  readonly set: ProductionSet;
  /** The agent's metrics, in the order of the set's rows. */
  readonly metrics: readonly string[];
  /** Commodity index of each metric, shape [metrics]; no commodity twice. */
  readonly commodities: Int32Array;
}

export interface Orchestrator {
  readonly name: string;
  /** θ_ia, shape [agents]; over orchestrators each agent's shares sum to 1. */
  readonly shares: Float64Array;
  /** ω_i ≥ 0 by commodity index, series of shape [N]. */
  readonly endowment: ReadonlyMap<number, Float64Array>;
  /** γ_i ≥ 0 by commodity index, series of shape [N]. */
  readonly floors: ReadonlyMap<number, Float64Array>;
  /** ρ_n ≥ 0 with Σ w_n ρ_n = 1, shape [N]. */
  readonly intensity: Float64Array;
  /** ε ≥ 0. */
  readonly intertemporalElasticity: number;
  readonly preferences: NestGraph;
}

/** A directed acyclic graph of CES nodes over commodities (model.md section 3). */
export interface NestGraph {
  /** Commodity index of each leaf, distinct. */
  readonly leaves: Int32Array;
  /** Children before parents; the root is the last node. Every node is reached from the root with positive weight. */
  readonly nodes: readonly NestNode[];
  /** Which child of which node is which edge of the routing policy; empty for raw graphs of nodes. */
  readonly routing: readonly RoutingEdge[];
  /** Preferences the user wrote instead of a graph; `nodes` is then one nest of all leaves, which only stands for them. */
  readonly written?: WritePreferences;
}

export interface NestNode {
  /** For messages: the file's node name, or e.g. `planner (work)`, `planner (delegation)`, `planner`, `entry`. */
  readonly name: string;
  /** σ ≥ 0. */
  readonly elasticity: number;
  /** Child c < leaves.length is a leaf, otherwise node c − leaves.length. No child twice. */
  readonly children: Int32Array;
  /** a_kc > 0 (zero weights are dropped). Sum 1 in a compiled agent DAG and at elasticity exactly 1. */
  readonly weights: Float64Array;
}

/** π_{from,to}(t) is the share of child number `child` in the spending of node `node`. */
export interface RoutingEdge {
  /** A step's name, or "entry". */
  readonly from: string;
  readonly to: string;
  /** Index into `nodes`, and position among its children; null for an edge of weight 0, whose share is 0. */
  readonly node: number | null;
  readonly child: number;
}
