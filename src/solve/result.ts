import type { Certificate, Plans } from "../certificates/certificate.js";
import type { Economy } from "../economy/economy.js";
import type { TraceRecord } from "../solvers/trace.js";
import { RESULT_FORMAT, type ResultFile, type ResultSeries } from "./result-schema.js";
import type { Solution } from "./solution.js";

export { parseResult, type ResultFile, type ResultSeries, resultJsonSchema } from "./result-schema.js";

/** A solution as its file (formats.md): plain JSON, arrays of numbers, null for what is unknown. */
export function toResult(solution: Solution): ResultFile {
  const { economy } = solution;
  return {
    format: RESULT_FORMAT,
    economy: economy.name,
    economy_sha256: economy.sha256,
    status: solution.status,
    message: solution.message,
    solver: solution.solver,
    backend: solution.backend,
    precision: solution.precision,
    version: solution.version,
    steps: solution.steps,
    evaluations: solution.evaluations,
    seconds: solution.seconds,
    seed: solution.seed,
    tolerance: solution.tolerance,
    numeraire: "mean-price-1",
    time: timeOf(economy),
    prices: pricesOf(solution),
    ...plansOf(economy, solution.plans),
    certificate: certificateOf(solution.certificate),
    trace: solution.trace.map(traceOf),
    ...equilibriaOf(solution),
  };
}

/** What `allEquilibria` adds. */
function equilibriaOf({
  economy,
  equilibria,
  indexSum,
}: Solution): Pick<ResultFile, "equilibria" | "index_sum"> {
  if (equilibria === undefined) return {};
  return {
    equilibria: equilibria.map(({ prices, index, stability, utility, foundBy, certificate }) => ({
      prices: pricesOf({ economy, prices }),
      index,
      stability,
      utility: Object.fromEntries(economy.orchestrators.map(({ name }, i) => [name, known(utility[i])])),
      found_by: foundBy,
      certificate: certificateOf(certificate),
    })),
    index_sum: indexSum,
  };
}

function timeOf({ grid }: Economy): ResultFile["time"] {
  const { horizon, unit, rule, nodes, t, weights } = grid;
  return { horizon, unit, rule, nodes, t: Array.from(t), weights: Array.from(weights) };
}

function pricesOf({ economy, prices }: Pick<Solution, "economy" | "prices">): ResultFile["prices"] {
  const { nodes } = economy.grid;
  const value = (m: number, n: number) => prices.get(m, n);
  const row = (m: number) =>
    nodes === 1 ? value(m, 0) : Array.from({ length: nodes }, (_, n) => value(m, n));
  return Object.fromEntries(economy.commodities.map(({ name }, m) => [name, row(m)]));
}

/** Everybody's plans under their names, as the result file lays them out. */
export function plansOf(economy: Economy, plans: Plans): Pick<ResultFile, "agents" | "orchestrators"> {
  const agents = economy.agents.map(({ name, metrics }, a) => {
    const { supply, profit } = plans.agents[a];
    return [name, { supply: named(metrics, supply, economy.grid.nodes), profit: known(profit) }] as const;
  });
  const orchestrators = economy.orchestrators.map(({ name, preferences }, i) => {
    const { income, utility, commodities, demand, routing } = plans.orchestrators[i];
    const names = Array.from(commodities, (m) => economy.commodities[m].name);
    const plan = {
      income: known(income),
      utility: known(utility),
      demand: named(names, demand, economy.grid.nodes),
      routing: policyOf(preferences.routing, routing),
    };
    return [name, plan] as const;
  });
  return { agents: Object.fromEntries(agents), orchestrators: Object.fromEntries(orchestrators) };
}

/** Rows of a matrix [names, nodes] under their names. */
function named(names: readonly string[], matrix: Float64Array, nodes: number): Record<string, ResultSeries> {
  return Object.fromEntries(
    names.map((name, r) => [name, toSeries(matrix.subarray(r * nodes, (r + 1) * nodes))]),
  );
}

/** π_{from,to} under from, then to. */
function policyOf(
  edges: readonly { readonly from: string; readonly to: string }[],
  routing: readonly Float64Array[],
): Record<string, Record<string, ResultSeries>> {
  const policy = new Map<string, [to: string, share: ResultSeries][]>(edges.map(({ from }) => [from, []]));
  edges.forEach(({ from, to }, e) => {
    policy.get(from)?.push([to, toSeries(routing[e])]);
  });
  return Object.fromEntries(Array.from(policy, ([from, shares]) => [from, Object.fromEntries(shares)]));
}

/** A verifier's certificate as the file holds it. */
export function certificateOf(certificate: Certificate): ResultFile["certificate"] {
  const { contraction, free } = certificate;
  return {
    clearing: known(certificate.clearing),
    walras: known(certificate.walras),
    profit_gap: known(certificate.profit_gap),
    membership_gap: known(certificate.membership_gap),
    budget_gap: known(certificate.budget_gap),
    expenditure_gap: known(certificate.expenditure_gap),
    utilization: known(certificate.utilization),
    free: free.map(({ commodity, nodes }) => ({ commodity, nodes: [...nodes] })),
    contraction: {
      bound: known(contraction.bound),
      why: contraction.why,
      local: known(contraction.local),
      sampled: known(contraction.sampled),
      best_step: known(contraction.best_step),
      best_local: known(contraction.best_local),
      observed: known(contraction.observed),
      step: contraction.step,
    },
    error_bound: known(certificate.error_bound),
    error_kind: certificate.error_kind,
  };
}

function traceOf(record: TraceRecord): ResultFile["trace"][number] {
  return { ...record, residual: known(record.residual), seconds: known(record.seconds) };
}

function toSeries(values: Float64Array): ResultSeries {
  return values.length === 1 ? known(values[0]) : Array.from(values, known);
}

/** Null for what no file holds. */
export function known(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
