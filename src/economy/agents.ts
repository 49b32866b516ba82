import { buildProductionSet, metricsOf, type ProductionSpec } from "../production/families.js";
import { BuildContext, type SpecPath } from "../production/family.js";
import type { Context } from "./context.js";
import type { Agent } from "./economy.js";
import { quote } from "./found.js";
import { MOST_COMMODITIES } from "./grid-limits.js";
import { NAME, NAME_RULE, type Names } from "./names.js";
import type { Path } from "./path.js";
import type { Problems } from "./problems.js";
import type { EconomyFile, PopulationFile } from "./schema.js";

/** Registers every agent and its metrics in `names`, agents first, then populations, before any set is built. */
export function nameAgents(file: EconomyFile, names: Names, problems: Problems): void {
  for (const [name, { production }] of Object.entries(file.agents)) {
    names.addAgent(name, checkedMetrics(production, ["agents", name, "production"], problems));
  }
  for (const [name, population] of Object.entries(file.populations)) {
    namePopulation(name, population, names, problems);
  }
}

function namePopulation(
  name: string,
  { count, production }: PopulationFile,
  names: Names,
  problems: Problems,
): void {
  const path = ["populations", name];
  const metrics = checkedMetrics(production, [...path, "production"], problems);
  if (names.agent(name) !== undefined) {
    problems.add(path, `the name of an agent, ${quote(name)}`, "another name for the population");
  }
  const most = Math.floor(MOST_COMMODITIES / Math.max(1, metrics.length));
  if (count + names.agents.length <= most) names.addPopulation(name, count, metrics);
  else
    problems.add(
      [...path, "count"],
      String(count),
      `at most ${most} agents of ${metrics.length} metrics in all`,
    );
}

function checkedMetrics(production: ProductionSpec, at: Path, problems: Problems): string[] {
  const metrics = metricsOf(production);
  for (const metric of metrics) {
    if (!NAME.test(metric)) problems.add(at, `a metric named ${quote(metric)}`, NAME_RULE);
  }
  return metrics;
}

/** Builds every agent's production set; agents with problems of their own are left out. */
export function buildAgents(file: EconomyFile, context: Context): Agent[] {
  const agents = Object.entries(file.agents).map(([name, { production }], index) =>
    buildAgent(production, index, context, (path, found, expected) =>
      context.problems.add(["agents", name, "production", ...path], found, expected),
    ),
  );
  const members = context.names.populations.flatMap((population) => buildMembers(population, file, context));
  return [...agents, ...members].filter((agent) => agent !== null);
}

function buildMembers(
  { name, first, count }: Context["names"]["populations"][number],
  file: EconomyFile,
  context: Context,
): (Agent | null)[] {
  const { references, problems } = context;
  const { production } = file.populations[name];
  return Array.from({ length: count }, (_, k) =>
    buildAgent(references.fill(production, k), first + k, context, (specPath, found, expected) => {
      const { path, node } = references.inFile(production, specPath);
      const at = { path: ["populations", name, "production", ...path], member: `${name}[${k}]` };
      problems.addAt(at, node === undefined ? found : `${found} at node ${String(node)}`, expected);
    }),
  );
}

function buildAgent(
  production: ProductionSpec,
  index: number,
  { names, grid, source }: Context,
  report: (path: SpecPath, found: string, expected: string) => void,
): Agent | null {
  const metrics = metricsOf(production);
  const set = buildProductionSet(production, new BuildContext({ metrics, grid, source, report }));
  return set === null
    ? null
    : { name: names.agents[index], set, metrics, commodities: names.metricsOf(index) };
}
