import type { Economy, Orchestrator } from "../../src/economy/economy.js";
import { type Series, sampleSeries } from "../../src/time/series.js";
import { add, type Dual, div, dual, exp, log, mul, pow, scale, sqrt, sub } from "./dual.js";

/** The `production` object of a file, for the families of model.md section 2. */
export type ProductionSpec = Record<string, unknown> & { set: string };

type Bundle = Record<string, Series>;

/**
 * f(q) = log D − log S and its derivative along dq, as model.md writes it, node by node in dual numbers. It shares with
 * src/ only the parsed graphs and series: no sweep, no production set, no market. Prices are 0 where not `demanded`.
 */
export function oracle(
  economy: Economy,
  specs: ProductionSpec[],
  q: Float64Array,
  dq: Float64Array,
  demanded: Uint8Array,
): Dual[] {
  const N = economy.grid.nodes;
  const w = economy.grid.weights;
  const p = Array.from(q, (x, i) => (demanded[i] ? exp(dual(x, dq[i])) : dual(0)));
  const demand = Array.from(q, () => dual(0));
  const supply = Array.from(q, () => dual(0));
  const value = (bundle: ReadonlyMap<number, Float64Array>): Dual =>
    add(...[...bundle].flatMap(([m, series]) => Array.from(series, (x, n) => scale(w[n] * x, p[m * N + n]))));
  const profits = economy.agents.map((agent, a) => {
    const own = agent.metrics.map((_, r) =>
      p.slice(agent.commodities[r] * N, (agent.commodities[r] + 1) * N),
    );
    const net = produce(economy, specs[a], agent.metrics, own);
    let profit = dual(0);
    net.forEach((row, r) => {
      row.forEach((y, n) => {
        const i = agent.commodities[r] * N + n;
        profit = add(profit, scale(w[n], mul(p[i], y)));
        if (y.v >= 0) supply[i] = add(supply[i], y);
        else demand[i] = sub(demand[i], y);
      });
    });
    return profit;
  });
  for (const orchestrator of economy.orchestrators) {
    const income = add(
      value(orchestrator.endowment),
      ...profits.map((h, a) => scale(orchestrator.shares[a], h)),
    );
    const beyond = sub(income, value(orchestrator.floors));
    for (const [m, series] of orchestrator.endowment)
      series.forEach((x, n) => {
        supply[m * N + n] = add(supply[m * N + n], dual(x));
      });
    for (const [m, series] of orchestrator.floors)
      series.forEach((x, n) => {
        demand[m * N + n] = add(demand[m * N + n], dual(x));
      });
    consume(economy, orchestrator, p, beyond).forEach((c, i) => {
      demand[i] = add(demand[i], c);
    });
  }
  return demand.map((D, i) => (demanded[i] ? sub(log(D), log(supply[i])) : dual(0)));
}

/** CES price index and shares over children, in plain powers. */
function ces(
  elasticity: number,
  weights: ArrayLike<number>,
  prices: Dual[],
): { index: Dual; shares: Dual[] } {
  const a = Array.from(weights);
  if (elasticity === 1) {
    const total = a.reduce((sum, x) => sum + x, 0);
    const index = exp(add(...prices.map((P, c) => scale(a[c] / total, log(P)))));
    return { index, shares: a.map((x) => dual(x / total)) };
  }
  const terms = prices.map((P, c) => scale(a[c], pow(P, 1 - elasticity)));
  const sum = add(...terms);
  return { index: pow(sum, 1 / (1 - elasticity)), shares: terms.map((t) => div(t, sum)) };
}

function consume({ grid }: Economy, o: Orchestrator, p: Dual[], beyond: Dual): Dual[] {
  const N = grid.nodes;
  const { leaves, nodes } = o.preferences;
  const shares: Dual[][][] = [];
  const roots: Dual[] = [];
  for (let n = 0; n < N; n++) {
    const index: Dual[] = Array.from(leaves, (m) => p[m * N + n]);
    shares[n] = nodes.map(({ elasticity, weights, children }) => {
      const node = ces(
        elasticity,
        weights,
        Array.from(children, (c) => index[c]),
      );
      index.push(node.index);
      return node.shares;
    });
    roots.push(index[index.length - 1]);
  }
  const rho = Array.from(grid.weights, (weight, n) => weight * o.intensity[n]);
  const time = ces(o.intertemporalElasticity, rho, roots).shares;
  const consumption = p.map(() => dual(0));
  for (let n = 0; n < N; n++) {
    const flow = Array.from({ length: leaves.length + nodes.length }, () => dual(0));
    flow[flow.length - 1] = mul(beyond, time[n]);
    for (let k = nodes.length - 1; k >= 0; k--) {
      nodes[k].children.forEach((c, i) => {
        flow[c] = add(flow[c], mul(flow[leaves.length + k], shares[n][k][i]));
      });
    }
    leaves.forEach((m, l) => {
      consumption[m * N + n] = div(flow[l], scale(grid.weights[n], p[m * N + n]));
    });
  }
  return consumption;
}

function produce({ grid }: Economy, spec: ProductionSpec, metrics: readonly string[], p: Dual[][]): Dual[][] {
  const { nodes: N, weights: w, horizon: T } = grid;
  const rows = (bundle: Bundle = {}): Float64Array[] =>
    metrics.map((m) => sampleSeries(bundle[m] ?? 0, grid, grid));
  const inner = (g: Float64Array[]): Dual =>
    add(...g.flatMap((row, r) => Array.from(row, (x, n) => scale(w[n] * x, p[r][n]))));
  const shape = (entry: (r: number, n: number) => Dual): Dual[][] =>
    metrics.map((_, r) => Array.from({ length: N }, (_, n) => entry(r, n)));
  if (spec.set === "frontier") return frontier(grid, spec, metrics, p);
  if (spec.set === "hull") {
    const all = (spec.trajectories as Bundle[]).map(rows);
    const epsilon = (spec.smoothing as number | undefined) ?? 0.02;
    const reference = spec.reference
      ? rows(spec.reference as Bundle)
      : metrics.map((_, r) =>
          Float64Array.from(
            { length: N },
            (_, n) => all.reduce((s, y) => s + Math.abs(y[r][n]), 0) / all.length,
          ),
        );
    const nu = inner(reference);
    const exponents = all.map((y) => div(inner(y), scale(epsilon, nu)));
    const top = Math.max(...exponents.map(({ v }) => v));
    const e = exponents.map((x) => exp(sub(x, dual(top))));
    const s = e.map((x) => div(x, add(...e)));
    const kl = add(...s.map((x) => (x.v > 0 ? mul(x, log(scale(all.length, x))) : dual(0))));
    return shape((r, n) =>
      sub(add(...s.map((x, j) => scale(all[j][r][n], x))), scale(epsilon * reference[r][n], kl)),
    );
  }
  const center = rows(spec.center as Bundle | undefined);
  const out = center.map((row) => Array.from(row, (x) => dual(x)));
  if (spec.radius) {
    const radius = rows(spec.radius as Bundle);
    const R = Object.keys(spec.radius as Bundle).length;
    const norm = sqrt(
      add(...p.flatMap((row, r) => row.map((x, n) => scale(w[n] * radius[r][n] ** 2, mul(x, x))))),
    );
    out.forEach((row, r) => {
      row.forEach((y, n) => {
        row[n] = add(y, scale(Math.sqrt(R * T) * radius[r][n] ** 2, div(p[r][n], norm)));
      });
    });
  }
  if (spec.modes) {
    const modes = (spec.modes as Bundle[]).map(rows);
    const delta = (spec.smoothing as number | undefined) ?? 0.02;
    const g = spec.reference ? rows(spec.reference as Bundle) : center.map((row) => row.map(Math.abs));
    const a = modes.map(inner);
    const nu = inner(g);
    const length = sqrt(add(...a.map((x) => mul(x, x)), scale(delta ** 2, mul(nu, nu))));
    const disposed = sub(dual(1), div(scale(delta, nu), length));
    out.forEach((row, r) => {
      row.forEach((y, n) => {
        const moved = add(...a.map((x, j) => scale(modes[j][r][n], div(x, length))));
        row[n] = sub(add(y, moved), scale(delta * g[r][n], disposed));
      });
    });
  }
  return out;
}

function frontier(
  grid: Economy["grid"],
  spec: ProductionSpec,
  metrics: readonly string[],
  p: Dual[][],
): Dual[][] {
  const outputs = Object.entries(spec.outputs as Record<string, number>);
  const inputs = Object.entries((spec.inputs as Record<string, number> | undefined) ?? {});
  const tau = (spec.transformation as number | undefined) ?? 0;
  const sigma = (spec.substitution as number | undefined) ?? 1;
  const nu = (spec.returns as number | undefined) ?? 0.5;
  const phi = sampleSeries((spec.scale as Series | undefined) ?? 1, grid, grid);
  const net = p.map((row) => row.map(() => dual(0)));
  for (let n = 0; n < grid.nodes; n++) {
    const at = (metric: string): Dual => p[metrics.indexOf(metric)][n];
    const R = pow(add(...outputs.map(([m, a]) => scale(a, pow(at(m), 1 + tau)))), 1 / (1 + tau));
    const a = inputs.map(([, x]) => x);
    const C =
      inputs.length === 0
        ? dual(1)
        : ces(
            sigma,
            a,
            inputs.map(([m]) => at(m)),
          ).index;
    const F = inputs.length === 0 ? dual(1) : pow(div(scale(nu * phi[n], R), C), 1 / (1 - nu));
    for (const [m, alpha] of outputs) {
      const split = scale(alpha, pow(div(at(m), R), tau));
      net[metrics.indexOf(m)][n] = scale(phi[n], mul(inputs.length === 0 ? dual(1) : pow(F, nu), split));
    }
    const total = sigma === 1 ? a.reduce((s, x) => s + x, 0) : 1;
    for (const [m, weight] of inputs) {
      net[metrics.indexOf(m)][n] = scale(-weight / total, mul(F, pow(div(C, at(m)), sigma)));
    }
  }
  return net;
}
