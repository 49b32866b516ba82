import type { Place } from "./place.js";

/** Names of agents, metrics, commodities, orchestrators, steps and nodes (formats.md, "Names"). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it forbids; \p{Cc} is not portable in JSON Schema.
export const NAME = /^[^/[\]\u0000-\u001f\u007f-\u009f]+$/u;
/** A name, or that of a population's member: `worker[17]`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
export const MEMBER_OR_NAME = /^[^/[\]\u0000-\u001f\u007f-\u009f]+(\[\d+\])?$/u;
export const NAME_RULE = 'a name: not empty, without "/", "[", "]" or control characters';

/** The routing policy's name for the entry node, so no step may have it. */
export const ENTRY = "entry";

/** Every commodity of an economy, by name and by index, and what each agent's metrics are. */
export class Names {
  /** Declared commodities in file order, then each agent's own metrics (`agent/metric`) in file order. */
  readonly commodities: {
    readonly name: string;
    readonly unit: string | null;
    readonly agent: number | null;
  }[] = [];
  readonly agents: string[] = [];
  /** In file order; its members are agents number `first` to `first + count − 1`. */
  readonly populations: { readonly name: string; readonly first: number; readonly count: number }[] = [];
  readonly #commodityIndex = new Map<string, number>();
  readonly #agentIndex = new Map<string, number>();
  /** By agent: commodity index of each metric's own name. */
  readonly #metrics: Map<string, number>[] = [];

  constructor(declared: Readonly<Record<string, { readonly unit: string | null }>>) {
    for (const [name, { unit }] of Object.entries(declared)) this.#addCommodity(name, unit, null);
  }

  /** Adds an agent: each metric is the declared commodity of that name, or becomes a commodity of its own. */
  addAgent(name: string, metrics: readonly string[]): void {
    const agent = this.agents.push(name) - 1;
    this.#agentIndex.set(name, agent);
    const indexes = metrics.map(
      (metric) => this.#commodityIndex.get(metric) ?? this.#addCommodity(`${name}/${metric}`, null, agent),
    );
    this.#metrics.push(new Map(metrics.map((metric, row) => [metric, indexes[row]])));
  }

  /** Adds `count` agents `worker[0]`, `worker[1]`, … of the same metrics. */
  addPopulation(name: string, count: number, metrics: readonly string[]): void {
    this.populations.push({ name, first: this.agents.length, count });
    for (let k = 0; k < count; k++) this.addAgent(`${name}[${k}]`, metrics);
  }

  /** The members of the population of that name, or the one agent. */
  agentsCalled(name: string): { readonly first: number; readonly count: number } | undefined {
    const first = this.#agentIndex.get(name);
    if (first !== undefined) return { first, count: 1 };
    return this.populations.find((population) => population.name === name);
  }

  /** Where an agent stands in the file. */
  placeOf(agent: number): Place {
    const member = this.agents[agent];
    const population = this.populations.find(({ first, count }) => agent >= first && agent < first + count);
    return population === undefined
      ? { path: ["agents", member] }
      : { path: ["populations", population.name], member };
  }

  /** Commodity index of each metric of an agent, in the order they were added. */
  metricsOf(agent: number): Int32Array {
    return Int32Array.from(this.#metrics[agent].values());
  }

  /** Index of the commodity `gpu` or `planner/quality`. */
  commodity(name: string): number | undefined {
    return this.#commodityIndex.get(name);
  }

  agent(name: string): number | undefined {
    return this.#agentIndex.get(name);
  }

  /** Index of a commodity as a step of the agent DAG names it: the agent's own metric, or a declared commodity. */
  metric(step: string, metric: string): number | undefined {
    const agent = this.#agentIndex.get(step);
    const own = agent === undefined ? undefined : this.#metrics[agent].get(metric);
    if (own !== undefined) return own;
    const shared = this.#commodityIndex.get(metric);
    return shared !== undefined && this.commodities[shared].agent === null ? shared : undefined;
  }

  commodityNames(): Iterable<string> {
    return this.#commodityIndex.keys();
  }

  /** What a step of the agent DAG may name. */
  metricNames(step: string): string[] {
    const agent = this.#agentIndex.get(step);
    const own = agent === undefined ? [] : this.#metrics[agent].keys();
    const declared = this.commodities.filter((commodity) => commodity.agent === null);
    return [...new Set([...own, ...declared.map((commodity) => commodity.name)])];
  }

  #addCommodity(name: string, unit: string | null, agent: number | null): number {
    const index = this.commodities.push({ name, unit, agent }) - 1;
    this.#commodityIndex.set(name, index);
    return index;
  }
}
