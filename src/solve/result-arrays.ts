import type { Plans } from "../certificates/certificate.js";
import type { Economy } from "../economy/economy.js";
import type { ResultFile, ResultHead, ResultSeries } from "./result-schema.js";

/** A matrix [rows, nodes], NaN where unknown, and what its rows are called: one label of each column. */
export interface Rows {
  readonly labels: readonly (readonly string[])[];
  readonly values: Float64Array;
}

/** The labels of one row. */
export function labelsOf({ labels }: Rows, row: number): string[] {
  return labels.map((column) => column[row]);
}

/** What a result says of everybody's plans. */
export interface PlanArrays {
  /** Labelled with agent and commodity. */
  readonly supply: Rows;
  /** Labelled with orchestrator and commodity. */
  readonly demand: Rows;
  /** Labelled with orchestrator, from and to. */
  readonly routing: Rows;
}

/** A result with its numbers over time as arrays: what an archive holds (formats.md, "--out x.npz"), and what is compared. */
export class ResultArrays implements PlanArrays {
  readonly head: ResultHead;
  readonly t: Float64Array;
  readonly weights: Float64Array;
  /** Labelled with the commodity. */
  readonly prices: Rows;
  readonly supply: Rows;
  readonly demand: Rows;
  readonly routing: Rows;

  constructor(parts: Pick<ResultArrays, keyof ResultArrays>) {
    this.head = parts.head;
    this.t = parts.t;
    this.weights = parts.weights;
    this.prices = parts.prices;
    this.supply = parts.supply;
    this.demand = parts.demand;
    this.routing = parts.routing;
  }
}

/** The arrays of a result file. */
export function arraysOf(file: ResultFile): ResultArrays {
  const { prices, agents, orchestrators, time, ...rest } = file;
  const { t, weights, ...grid } = time;
  const nodes = time.nodes;
  const [price, supply, demand, routing] = [1, 2, 2, 3].map((columns) => new RowsBuilder(columns, nodes));
  for (const [name, values] of Object.entries(prices)) price.add([name], values);
  for (const [agent, plan] of Object.entries(agents)) {
    for (const [metric, values] of Object.entries(plan.supply)) {
      const own = `${agent}/${metric}`;
      supply.add([agent, Object.hasOwn(prices, own) ? own : metric], values);
    }
  }
  for (const [name, plan] of Object.entries(orchestrators)) {
    for (const [commodity, values] of Object.entries(plan.demand)) demand.add([name, commodity], values);
    for (const [from, shares] of Object.entries(plan.routing)) {
      for (const [to, values] of Object.entries(shares)) routing.add([name, from, to], values);
    }
  }
  const head: ResultHead = {
    ...rest,
    time: grid,
    agents: mapValues(agents, ({ supply: _, ...agent }) => agent),
    orchestrators: mapValues(orchestrators, ({ demand: _, routing: __, ...orchestrator }) => orchestrator),
  };
  return new ResultArrays({
    head,
    t: Float64Array.from(t),
    weights: Float64Array.from(weights),
    prices: price.finish(),
    supply: supply.finish(),
    demand: demand.finish(),
    routing: routing.finish(),
  });
}

/** Everybody's plans as arrays. */
export function planArrays(economy: Economy, plans: Plans): PlanArrays {
  const { agents, orchestrators, commodities, grid } = economy;
  const [supply, demand, routing] = [2, 2, 3].map((columns) => new RowsBuilder(columns, grid.nodes));
  agents.forEach(({ name, commodities: own }, a) => {
    own.forEach((m, r) => {
      supply.add([name, commodities[m].name], rowOf(plans.agents[a].supply, r, grid.nodes));
    });
  });
  orchestrators.forEach(({ name, preferences }, i) => {
    const plan = plans.orchestrators[i];
    plan.commodities.forEach((m, r) => {
      demand.add([name, commodities[m].name], rowOf(plan.demand, r, grid.nodes));
    });
    preferences.routing.forEach(({ from, to }, e) => {
      routing.add([name, from, to], plan.routing[e]);
    });
  });
  return { supply: supply.finish(), demand: demand.finish(), routing: routing.finish() };
}

function rowOf(matrix: Float64Array, row: number, nodes: number): Float64Array {
  return matrix.subarray(row * nodes, (row + 1) * nodes);
}

class RowsBuilder {
  readonly #labels: string[][];
  readonly #rows: (ResultSeries | Float64Array)[] = [];

  constructor(
    columns: number,
    private readonly nodes: number,
  ) {
    this.#labels = Array.from({ length: columns }, () => []);
  }

  add(labels: readonly string[], values: ResultSeries | Float64Array): void {
    labels.forEach((label, column) => {
      this.#labels[column].push(label);
    });
    this.#rows.push(values);
  }

  finish(): Rows {
    const { nodes } = this;
    const values = new Float64Array(this.#rows.length * nodes);
    this.#rows.forEach((row, r) => {
      for (let n = 0; n < nodes; n++) {
        const value = typeof row === "object" && row !== null ? row[n] : row;
        values[r * nodes + n] = value !== null && Number.isFinite(value) ? value : Number.NaN;
      }
    });
    return { labels: this.#labels, values };
  }
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
