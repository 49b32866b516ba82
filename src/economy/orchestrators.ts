import type { Grid } from "../time/grid.js";
import type { Context } from "./context.js";
import { compileDag } from "./dag.js";
import { checkDag } from "./dag-check.js";
import type { Orchestrator } from "./economy.js";
import { describeFound } from "./found.js";
import type { CompiledGraph } from "./graph-builder.js";
import { compileNodes } from "./nodes.js";
import type { Path } from "./path.js";
import { readByCommodity, readNonNegative } from "./read-series.js";
import { readSteps } from "./read-steps.js";
import type { EconomyFile, OrchestratorFile } from "./schema.js";
import { readShares } from "./shares.js";
import { compileWritten } from "./written.js";

/** An orchestrator, and the way back from its preferences to the file. */
export interface BuiltOrchestrator {
  readonly orchestrator: Orchestrator;
  readonly compiled: CompiledGraph;
}

/** All orchestrators in file order; those with problems of their own are left out. */
export function buildOrchestrators(file: EconomyFile, context: Context): BuiltOrchestrator[] {
  const shares = readShares(file.orchestrators, context);
  const built = Object.entries(file.orchestrators).map(([name, one], i) =>
    buildOrchestrator(name, one, shares[i], context),
  );
  return built.filter((one) => one !== null);
}

function buildOrchestrator(
  name: string,
  file: OrchestratorFile,
  shares: Float64Array,
  context: Context,
): BuiltOrchestrator | null {
  const at: Path = ["orchestrators", name];
  const before = context.problems.count;
  const endowment = readByCommodity(file.endowment, context, [...at, "endowment"]);
  if (context.problems.count === before) checkOwnership(endowment, shares, context, at);
  const floors = readByCommodity(file.floors, context, [...at, "floors"]);
  const intensity = readIntensity(file, context, [...at, "discount"]);
  const compiled = compilePreferences(file, context, [...at, "preferences"]);
  if (intensity === null || compiled === null) return null;
  const intertemporalElasticity = file.intertemporal_elasticity;
  const preferences = compiled.graph;
  const orchestrator = { name, shares, endowment, floors, intensity, intertemporalElasticity, preferences };
  return { orchestrator, compiled };
}

function compilePreferences(
  { preferences }: OrchestratorFile,
  context: Context,
  at: Path,
): CompiledGraph | null {
  if ("written" in preferences) return compileWritten(preferences.written, context, [...at, "written"]);
  if (!("dag" in preferences)) return compileNodes(preferences, context, at);
  const before = context.problems.count;
  const graph = readSteps(preferences.dag, context, [...at, "dag"]);
  const order = graph === null ? null : checkDag(graph, context);
  return order === null || context.problems.count > before ? null : compileDag(graph!, order, context.names);
}

/** ρ_n with Σ w_n ρ_n = 1 (model.md section 3, "Over time"). */
function readIntensity({ discount }: OrchestratorFile, context: Context, at: Path): Float64Array | null {
  const values = readNonNegative(discount, context, at);
  if (values === null) return null;
  if (values.some((value) => value > 0)) return normalizedIntensity(values, context.grid);
  context.problems.add(at, `${describeFound(discount)}, 0 at every node`, "a demand intensity > 0 somewhere");
  return null;
}

function normalizedIntensity(values: Float64Array, { weights }: Grid): Float64Array {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const scaled = values.map((value) => value / largest);
  const integral = scaled.reduce((sum, value, n) => sum + weights[n] * value, 0);
  return scaled.map((value) => value / integral);
}

function checkOwnership(
  endowment: ReadonlyMap<number, Float64Array>,
  shares: Float64Array,
  { problems }: Context,
  at: Path,
): void {
  if (endowment.size > 0 || shares.some((share) => share > 0)) return;
  const expected = 'an "endowment" > 0 of some commodity, or "shares" > 0 of some agent\'s profits';
  problems.add(at, "an orchestrator that owns nothing", expected);
}
