import type { Plans } from "../certificates/certificate.js";
import type { Economy } from "../economy/economy.js";
import type { Comparison } from "./comparison.js";
import { known } from "./result.js";
import { type PlanArrays, planArrays, type ResultArrays } from "./result-arrays.js";

/** Compares what a result says of everybody's plans with the plans recomputed. */
export function comparePlans(
  comparison: Comparison,
  file: ResultArrays,
  economy: Economy,
  plans: Plans,
): void {
  const { head } = file;
  const { agents, orchestrators } = economy;
  const wealth = plans.orchestrators.reduce((sum, { income }) => sum + Math.abs(known(income) ?? 0), 0);
  const planOf = <T>(all: readonly { readonly name: string }[], own: readonly T[]) =>
    Object.fromEntries(all.map(({ name }, i) => [name, own[i]]));
  const agentPlans = planOf(agents, plans.agents);
  comparison.names("agents", ["agents"], head.agents, agentPlans, (path, said, { profit }) => {
    comparison.number("profit", [...path, "profit"], said.profit, known(profit), wealth);
  });
  const plansByName = planOf(orchestrators, plans.orchestrators);
  comparison.names("orchestrators", ["orchestrators"], head.orchestrators, plansByName, (path, said, own) => {
    comparison.number("income", [...path, "income"], said.income, known(own.income), wealth);
    comparison.number("utility", [...path, "utility"], said.utility, known(own.utility));
  });
  compareRows(comparison, file, economy, planArrays(economy, plans));
}

/** The paths are those of a result in JSON. Rows of an agent or orchestrator that only one of the two has are that one failure. */
function compareRows(
  comparison: Comparison,
  { head, ...file }: ResultArrays,
  { agents, orchestrators, grid: { nodes } }: Economy,
  own: PlanArrays,
): void {
  const told = (said: object, all: readonly { readonly name: string }[]) => {
    const names = new Set(all.map(({ name }) => name));
    return (owner: string) => Object.hasOwn(said, owner) !== names.has(owner);
  };
  const isTold = told(head.orchestrators, orchestrators);
  comparison.rows("supply", file.supply, own.supply, {
    nodes,
    path: ([agent, commodity]) => ["agents", agent, "supply", ownMetric(agent, commodity)],
    isTold: told(head.agents, agents),
  });
  comparison.rows("demand", file.demand, own.demand, {
    nodes,
    path: ([name, commodity]) => ["orchestrators", name, "demand", commodity],
    isTold,
  });
  comparison.rows("routing", file.routing, own.routing, {
    nodes,
    path: ([name, from, to]) => ["orchestrators", name, "routing", from, to],
    isTold,
  });
}

/** `quality` of `planner/quality`. */
function ownMetric(agent: string, commodity: string): string {
  return commodity.startsWith(`${agent}/`) ? commodity.slice(agent.length + 1) : commodity;
}
