import type { Economy, NestGraph, NestNode } from "../../src/economy/economy.js";
import type { NpyArray } from "../../src/io/npz/archive.js";
import { Ellipsoid } from "../../src/production/ellipsoid.js";

/** Arrays by name, as an NPZ archive holds them. */
export type FlatEconomy = ReadonlyMap<string, NpyArray>;

/**
 * An economy of ellipsoid agents with one orchestrator on a layered DAG as flat arrays: all that a peer needs to know. A agents
 * in the order of the economy, R metrics each, N nodes, E edges sorted by where they come from:
 *
 *     center, radius                          [A, R, N]
 *     metric_weights                          [A, R]   metric_elasticity [A]: e_a
 *     next_first [A+1], next_to [E], next_weights [E]   routing_elasticity [A]: D_a
 *     own_weight [A]                          chain_elasticity [A]: Φ_a = CES(e_a, D_a); 1 without successors
 *     entry_to, entry_weights, entry_elasticity
 *     weights, intensity [N]                  w_n, ρ_n; horizon, intertemporal_elasticity
 *     level [A]                               0 at the entry; every edge leads to the next level
 *
 * Weights of a nest sum to 1. Throws where the economy is of another kind.
 */
export function flatEconomy(economy: Economy): FlatEconomy {
  const { grid, agents, orchestrators } = economy;
  const [A, R, N] = [agents.length, agents[0].metrics.length, grid.nodes];
  const [orchestrator] = orchestrators;
  const only =
    orchestrators.length === 1 && orchestrator.endowment.size === 0 && orchestrator.floors.size === 0;
  require(only, "one orchestrator without endowments or floors");
  require(agents.every((agent, a) =>
    agent.commodities.every((m, r) => m === a * R + r),
  ), "own metrics, agent by agent");
  const { leaves, nodes } = orchestrator.preferences;
  const nests = new Map(nodes.map((node) => [node.name, node]));
  const parts = new Parts(orchestrator.preferences, new Map(agents.map(({ name }, a) => [name, a])));
  const arrays = new Map<string, NpyArray>();
  const numbers = (name: string, shape: number[], data: ArrayLike<number>) =>
    arrays.set(name, { data: Float64Array.from(data), shape });
  const indices = (name: string, data: number[]) =>
    arrays.set(name, { data: Int32Array.from(data), shape: [data.length] });
  const center = new Float64Array(A * R * N);
  const radius = new Float64Array(A * R * N);
  agents.forEach(({ set }, a) => {
    if (!(set instanceof Ellipsoid) || set.parts.radius === undefined || set.parts.modes !== undefined)
      throw new Error("flatEconomy needs ellipsoids with a radius alone");
    center.set(set.parts.center, a * R * N);
    radius.set(set.parts.radius.radius, a * R * N);
  });
  arrays.set("center", { data: center, shape: [A, R, N] });
  arrays.set("radius", { data: radius, shape: [A, R, N] });

  const work = agents.map(({ name }) => nests.get(`${name} (work)`) ?? missing(`${name} (work)`));
  const metricWeights = new Float64Array(A * R);
  work.forEach(({ children, weights }, a) => {
    require(children.length === R, "all metrics wanted");
    children.forEach((leaf, c) => {
      require(Math.floor(leaves[leaf] / R) === a, "work on own metrics");
      metricWeights[leaves[leaf]] = weights[c];
    });
  });
  numbers("metric_weights", [A, R], metricWeights);
  numbers(
    "metric_elasticity",
    [A],
    work.map(({ elasticity }) => elasticity),
  );

  const delegation = agents.map(({ name }) => nests.get(`${name} (delegation)`));
  const next = delegation.map((node) => (node === undefined ? [] : parts.agentsOf(node)));
  const whole = agents.map(({ name }) => nests.get(name));
  const first = [0];
  for (const to of next) first.push(first[first.length - 1] + to.length);
  indices("next_first", first);
  indices("next_to", next.flat());
  numbers(
    "next_weights",
    [next.flat().length],
    delegation.flatMap((node) => (node === undefined ? [] : [...node.weights])),
  );
  numbers(
    "routing_elasticity",
    [A],
    delegation.map((node) => node?.elasticity ?? 2),
  );
  numbers(
    "own_weight",
    [A],
    whole.map((node) => (node === undefined ? 1 : node.weights[0])),
  );
  numbers(
    "chain_elasticity",
    [A],
    whole.map((node) => node?.elasticity ?? 2),
  );

  const root = nodes[nodes.length - 1];
  const entry = parts.agentsOf(root);
  indices("entry_to", entry);
  numbers("entry_weights", [entry.length], root.weights);
  numbers("entry_elasticity", [1], [root.elasticity]);
  numbers("weights", [N], grid.weights);
  numbers("intensity", [N], orchestrator.intensity);
  numbers("horizon", [1], [grid.horizon]);
  numbers("intertemporal_elasticity", [1], [orchestrator.intertemporalElasticity]);
  indices("level", levelsOf(next, entry));
  return arrays;
}

/** Which agent a vertex of the graph stands for. */
class Parts {
  private readonly leafCount: number;

  constructor(
    private readonly graph: NestGraph,
    private readonly numberOf: ReadonlyMap<string, number>,
  ) {
    this.leafCount = graph.leaves.length;
  }

  agentsOf({ children }: NestNode): number[] {
    return Array.from(children, (child) => {
      const { name } = this.graph.nodes[child - this.leafCount];
      return this.numberOf.get(name.replace(/ \(work\)$/u, "")) ?? missing(name);
    });
  }
}

function levelsOf(next: readonly (readonly number[])[], entry: readonly number[]): number[] {
  const level = new Array<number>(next.length).fill(-1);
  let now = [...new Set(entry)];
  for (let l = 0; now.length > 0; l++) {
    for (const a of now) {
      require(level[a] < 0, "edges from each level to the next only");
      level[a] = l;
    }
    now = [...new Set(now.flatMap((a) => next[a]))];
  }
  require(!level.includes(-1), "agents reached from the entry");
  return level;
}

function require(holds: boolean, what: string): void {
  if (!holds) throw new Error(`flatEconomy needs ${what}`);
}

function missing(name: string): never {
  throw new Error(`flatEconomy finds no nest "${name}"`);
}
