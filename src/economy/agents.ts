import { buildProductionSet, metricsOf } from "../production/families.js";
import { BuildContext } from "../production/family.js";
import type { Context } from "./context.js";
import type { Agent } from "./economy.js";
import { quote } from "./found.js";
import { NAME, NAME_RULE, type Names } from "./names.js";
import type { Path } from "./path.js";
import type { Problems } from "./problems.js";
import type { EconomyFile } from "./schema.js";

/** Registers every agent and its metrics in `names`, in file order, before any set is built. */
export function nameAgents(file: EconomyFile, names: Names, problems: Problems): void {
  for (const [name, { production }] of Object.entries(file.agents)) {
    const metrics = metricsOf(production);
    names.addAgent(name, metrics);
    for (const metric of metrics) {
      if (!NAME.test(metric)) {
        problems.add(["agents", name, "production"], `a metric named ${quote(metric)}`, NAME_RULE);
      }
    }
  }
}

/** Builds every agent's production set; agents with problems of their own are left out. */
export function buildAgents(file: EconomyFile, context: Context): Agent[] {
  const agents = Object.entries(file.agents).map(([name, { production }], index) => {
    const metrics = metricsOf(production);
    const set = buildProductionSet(production, setContext(["agents", name, "production"], metrics, context));
    return set === null ? null : { name, set, metrics, commodities: context.names.metricsOf(index) };
  });
  return agents.filter((agent) => agent !== null);
}

function setContext(at: Path, metrics: readonly string[], { grid, source, problems }: Context): BuildContext {
  const report = (path: Path, found: string, expected: string) =>
    problems.add([...at, ...path], found, expected);
  return new BuildContext({ metrics, grid, source, report });
}
