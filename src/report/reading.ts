import type { ResultFile, ResultSeries } from "../solve/result.js";

/** A result as numbers over time, ready to be summed up: unknown values count as 0. */
export class Reading {
  readonly nodes: number;

  constructor(readonly result: ResultFile) {
    this.nodes = result.time.nodes;
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

  /** When the row is largest, e.g. `14.25 h`. */
  peakTime(values: readonly number[]): string {
    const { t, unit } = this.result.time;
    const peak = values.reduce((best, x, n) => (x > values[best] ? n : best), 0);
    return `${Number(t[peak].toPrecision(4))}${unit === null ? "" : ` ${unit}`}`;
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
    const demands = new Map(
      Object.keys(this.result.prices).map((name) => [name, new Array<number>(this.nodes).fill(0)]),
    );
    const add = (name: string, values: readonly number[]) => {
      const row = demands.get(name);
      values.forEach((x, n) => {
        if (row !== undefined) row[n] += x;
      });
    };
    for (const { demand } of Object.values(this.result.orchestrators)) {
      for (const [name, series] of Object.entries(demand)) add(name, this.values(series));
    }
    for (const [agent, { supply }] of Object.entries(this.result.agents)) {
      for (const [metric, series] of Object.entries(supply)) {
        add(
          this.commodityOf(agent, metric),
          this.values(series).map((x) => Math.max(0, -x)),
        );
      }
    }
    return demands;
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
