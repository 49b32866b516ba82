import type { Economy } from "../economy/economy.js";
import type { ResultFile, ResultSeries } from "../solve/result.js";

/** A result as numbers over time, ready to be summed up: unknown values count as 0. */
export class Reading {
  readonly nodes: number;

  readonly #demands: () => Map<string, number[]>;

  /** @param economy that the result is of, on its grid, for what no result says: units, floors, endowments */
  constructor(
    readonly result: ResultFile,
    readonly economy: Economy | null = null,
  ) {
    this.nodes = result.time.nodes;
    let demands: Map<string, number[]> | undefined;
    this.#demands = () => {
      demands ??= this.totals((y) => Math.max(0, -y), true);
      return demands;
    };
  }

  values(series: ResultSeries): number[] {
    return (Array.isArray(series) ? series : [series]).map((value) => value ?? 0);
  }

  /** ∫ x dt. */
  integral(values: readonly number[]): number {
    return this.result.time.weights.reduce((sum, w, n) => sum + w * values[n], 0);
  }

  mean(values: readonly number[]): number {
    return this.integral(values) / this.result.time.horizon;
  }

  /** The row at equal stretches of time, whatever the quadrature rule: the value at the nearest node. */
  evenly(values: readonly number[]): readonly number[] {
    const { t, horizon, rule } = this.result.time;
    if (rule === "midpoint") return values;
    const nearest = (at: number) =>
      t.reduce((best, x, n) => (Math.abs(x - at) < Math.abs(t[best] - at) ? n : best), 0);
    return values.map((_, k) => values[nearest(((k + 0.5) * horizon) / values.length)]);
  }

  /** The node at which the row is largest. */
  peak(values: readonly number[]): number {
    return values.reduce((best, x, n) => (x > values[best] ? n : best), 0);
  }

  /** When the row is largest, e.g. `14.25 h`. */
  peakTime(values: readonly number[]): string {
    return this.clock(this.peak(values));
  }

  /** The time of a node, e.g. `14.25 h`. */
  clock(node: number): string {
    const { t, unit } = this.result.time;
    return `${Number(t[node].toPrecision(4))}${unit === null ? "" : ` ${unit}`}`;
  }

  price(commodity: string): number[] {
    return this.values(this.result.prices[commodity]);
  }

  /** The commodity behind an agent's metric: a shared one of that name, or the agent's own. */
  commodityOf(agent: string, metric: string): string {
    return Object.hasOwn(this.result.prices, metric) ? metric : `${agent}/${metric}`;
  }

  /** D: everybody's consumption and the agents' inputs, by commodity. */
  demands(): Map<string, number[]> {
    return this.#demands();
  }

  /** The agents' outputs, by commodity; endowments are not among them. */
  outputs(): Map<string, number[]> {
    return this.totals((y) => Math.max(0, y), false);
  }

  /** Sums of what `part` takes of every net put, and of consumption if that is wanted. */
  private totals(part: (y: number) => number, consumption: boolean): Map<string, number[]> {
    const totals = new Map(
      Object.keys(this.result.prices).map((name) => [name, new Array<number>(this.nodes).fill(0)]),
    );
    const add = (name: string, series: ResultSeries, of: (x: number) => number) => {
      const row = totals.get(name);
      if (row === undefined) return;
      this.values(series).forEach((x, n) => {
        row[n] += of(x);
      });
    };
    for (const { demand } of consumption ? Object.values(this.result.orchestrators) : []) {
      for (const [name, series] of Object.entries(demand)) add(name, series, (x) => x);
    }
    for (const [agent, { supply }] of Object.entries(this.result.agents)) {
      for (const [metric, series] of Object.entries(supply))
        add(this.commodityOf(agent, metric), series, part);
    }
    return totals;
  }

  /** What an agent sells and what it buys, per instant. */
  business(agent: string): { revenue: number[]; cost: number[] } {
    const [revenue, cost] = [new Array<number>(this.nodes).fill(0), new Array<number>(this.nodes).fill(0)];
    for (const [metric, series] of Object.entries(this.result.agents[agent].supply)) {
      const price = this.price(this.commodityOf(agent, metric));
      this.values(series).forEach((y, n) => {
        if (y > 0) revenue[n] += price[n] * y;
        else cost[n] -= price[n] * y;
      });
    }
    return { revenue, cost };
  }
}
