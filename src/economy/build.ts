import { createGrid, type Grid } from "../time/grid.js";
import { buildAgents, nameAgents } from "./agents.js";
import type { ArraySource } from "./arrays.js";
import type { Context } from "./context.js";
import type { Agent, Economy } from "./economy.js";
import { checkFeasibility } from "./feasibility.js";
import { describeFound, quote } from "./found.js";
import { requireReasonableGrid } from "./grid-limits.js";
import { refuseOtherKind } from "./kind.js";
import { Names } from "./names.js";
import { type BuiltOrchestrator, buildOrchestrators } from "./orchestrators.js";
import { Problems } from "./problems.js";
import { forbidPrototypeKeys } from "./prototype-keys.js";
import { NEEDS_NPZ, References } from "./references.js";
import { type EconomyFile, type EconomySpec, economySchema, FORMAT } from "./schema.js";
import { warnUnsmoothed, warnUnused } from "./warnings.js";
import { parseWith } from "./zod-issues.js";

export interface BuildOptions {
  /** Of the file's bytes; default null. */
  readonly sha256?: string | null;
  /** What to call the economy in messages; default "economy". */
  readonly subject?: string;
  /** The economy's name where the file gives none; default "economy". */
  readonly name?: string;
  /** The grid to build on where it is not the file's own (`--nodes`). */
  readonly grid?: GridChange;
  /** The arrays that the file refers to; without them every reference is refused. */
  readonly arrays?: ArraySource;
}

export interface GridChange {
  readonly nodes?: number | undefined;
  readonly rule?: Grid["rule"] | undefined;
}

/** An economy in code: the file's structure, `format` optional, series also functions of time or Float64Arrays. */
export type EconomyDefinition = Omit<EconomySpec, "format" | "populations"> & {
  readonly format?: typeof FORMAT;
};

/** Builds an economy in code; it has no sha256. Throws InputError with every problem found. */
export function defineEconomy(definition: EconomyDefinition): Economy {
  const { name } = definition;
  const subject = typeof name === "string" ? `economy ${quote(name)}` : "economy";
  return buildEconomy({ format: FORMAT, ...definition }, { subject });
}

/**
 * An economy from the contents of a file (formats.md, "The economy file") or from code. Throws InputError with every
 * problem found: those of structure first; where there are none, all those of meaning.
 */
export function buildEconomy(spec: unknown, options: BuildOptions = {}): Economy {
  const { sha256 = null, subject = "economy", name = "economy", grid = {}, arrays = null } = options;
  const problems = new Problems();
  const parsed = parseEconomyFile(spec, arrays, problems);
  problems.throwIfAny(subject);
  const file = parsed!;
  const references = new References(arrays, file.time.nodes);
  references.check(file, problems);
  problems.throwIfAny(subject);
  return assemble({ name, file, references, sha256, subject }, grid);
}

function parseEconomyFile(
  spec: unknown,
  arrays: ArraySource | null,
  problems: Problems,
): EconomyFile | undefined {
  if (typeof spec !== "object" || spec === null || Array.isArray(spec)) {
    problems.add([], describeFound(spec), `an object with "format": "${FORMAT}" at the top`);
    return undefined;
  }
  if (refuseOtherKind(spec, FORMAT, problems)) return undefined;
  forbidPrototypeKeys(spec, problems);
  if (arrays === null && Object.hasOwn(spec, "populations")) {
    problems.add(["populations"], 'the key "populations"', `no such key: a population ${NEEDS_NPZ}`);
  }
  return parseWith(economySchema, spec, problems);
}

/** What an economy keeps, to be put on other grids. */
interface Source {
  readonly name: string;
  readonly file: EconomyFile;
  readonly references: References;
  readonly sha256: string | null;
  readonly subject: string;
}

function assemble(origin: Source, change: GridChange): Economy {
  const { subject } = origin;
  const context = createContext(origin, change);
  const file = loadArrays(origin);
  const agents = buildAgents(file, context);
  const built = buildOrchestrators(file, context);
  context.problems.throwIfAny(subject);
  examine(file, agents, built, context);
  context.problems.throwIfAny(subject);
  return {
    name: file.name ?? origin.name,
    isNamed: file.name !== undefined,
    grid: context.grid,
    commodities: context.names.commodities,
    agents,
    orchestrators: built.map(({ orchestrator }) => orchestrator),
    sha256: origin.sha256,
    warnings: context.warnings.all(),
    onGrid: ({ nodes = change.nodes, rule = change.rule }) => assemble(origin, { nodes, rule }),
  };
}

/** The file with arrays in the place of references, but for what differs from member to member of a population. */
function loadArrays({ file, references, subject }: Source): EconomyFile {
  const problems = new Problems();
  references.load(problems);
  problems.throwIfAny(subject);
  const { agents, orchestrators } = file;
  return { ...file, agents: references.fill(agents), orchestrators: references.fill(orchestrators) };
}

/** Looks at the whole economy: what nobody can supply is refused, what nobody can use is warned of. */
function examine(
  file: EconomyFile,
  agents: readonly Agent[],
  built: readonly BuiltOrchestrator[],
  context: Context,
): void {
  const supply = checkFeasibility(agents, built, context);
  const orchestrators = built.map(({ orchestrator }) => orchestrator);
  warnUnused(agents, orchestrators, supply, context);
  warnUnsmoothed(file, context);
}

/** Names before grids, so that no grid is made whose economy would not fit in memory. */
function createContext({ file, references, subject }: Source, change: GridChange): Context {
  const problems = new Problems();
  const names = new Names(file.commodities);
  nameAgents(file, names, problems);
  checkNotEmpty(file, names, problems);
  const { nodes = file.time.nodes, rule = file.time.rule } = change;
  const time = { ...file.time, nodes, rule };
  for (const one of [file.time, time]) requireReasonableGrid(one, names.commodities.length, subject);
  const [grid, source] = [createGrid(time), createGrid(file.time)];
  return { grid, source, names, references, problems, warnings: new Problems() };
}

function checkNotEmpty({ orchestrators }: EconomyFile, { commodities }: Names, problems: Problems): void {
  if (Object.keys(orchestrators).length === 0) {
    problems.add(["orchestrators"], "no orchestrator", "at least one, who owns and demands something");
  }
  if (commodities.length === 0) {
    const expected = 'at least one, under "commodities" or as a metric of one of the "agents"';
    problems.add(["commodities"], "no commodity", expected);
  }
}
