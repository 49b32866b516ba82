import { z } from "zod";
import { STATUSES } from "../core/status.js";
import { brief, describeFound } from "../economy/found.js";
import { refuseOtherKind } from "../economy/kind.js";
import { formatPath, type Path } from "../economy/path.js";
import { Problems } from "../economy/problems.js";
import { parseWith } from "../economy/zod-issues.js";

/** Names this version writes and reads (formats.md, "The result file"). */
export const RESULT_FORMAT = "walras-result/1";

/** What could not be computed is null; no file holds NaN or Infinity. */
const unknowable = z.number("a number, or null where unknown").nullable();
const count = z.int("a whole number ≥ 0").nonnegative("a whole number ≥ 0");
const positive = z.number("a number > 0").positive("a number > 0");
const text = z.string("a text");

const price = z.number("a number ≥ 0").nonnegative("a number ≥ 0");
const prices = z.union([price, z.array(price)], "a number ≥ 0, or an array of them");
const series = z.union([unknowable, z.array(unknowable)], "a number or null, or an array of them");

const record = <T extends z.ZodType>(value: T) => z.record(text, value, "an object");
/** Adding fields is free, so unknown ones pass. */
const object = <T extends z.core.$ZodLooseShape>(shape: T) => z.looseObject(shape, "an object");

const time = object({
  horizon: positive,
  unit: text.nullable(),
  rule: z.enum(["midpoint", "gauss-legendre"]),
  nodes: z.int("a whole number ≥ 1").positive("a whole number ≥ 1"),
  t: z.array(z.number("a number"), "an array of numbers"),
  weights: z.array(positive, "an array of numbers > 0"),
});

const contraction = object({
  bound: unknowable,
  why: text,
  local: unknowable,
  sampled: unknowable.optional().describe("largest factor per step seen around these prices"),
  best_step: positive.nullable().optional().describe("the λ of least local factor"),
  best_local: unknowable.optional().describe("the local factor with that λ"),
  observed: unknowable,
  step: positive.optional().describe("the λ of the map whose constants these are"),
});

const certificate = object({
  clearing: unknowable,
  walras: unknowable,
  profit_gap: unknowable,
  membership_gap: unknowable,
  budget_gap: unknowable,
  expenditure_gap: unknowable,
  utilization: unknowable,
  free: z.array(object({ commodity: text, nodes: z.array(count, "an array of nodes") }), "an array"),
  contraction,
  error_bound: unknowable,
  error_kind: z.enum(["bound", "estimate"]).nullable().optional(),
});

const equilibrium = object({
  prices: record(prices),
  index: z.literal([-1, 0, 1], "-1, 0 or 1, or null where unknown").nullable(),
  stability: z
    .enum(["stable", "unstable", "neutral"])
    .nullable()
    .describe("under tâtonnement with small steps"),
  utility: record(unknowable).optional(),
  found_by: text.optional().describe("solve, scan, newton, deflation, homotopy or path"),
  certificate,
});

const traceRecord = object({
  step: count,
  solver: text,
  residual: unknowable,
  seconds: unknowable,
  evaluations: count,
  note: text.optional(),
});

const orchestrator = object({
  income: unknowable,
  utility: unknowable,
  demand: record(series),
  routing: record(record(series)),
});

export const resultSchema = object({
  format: z.literal(RESULT_FORMAT),
  economy: text,
  economy_sha256: text.nullable(),
  status: z.enum(STATUSES),
  message: text,
  solver: text,
  backend: text,
  precision: z.enum(["float64", "float32"]),
  version: text,
  steps: count,
  evaluations: count,
  seconds: z.number("a number ≥ 0").nonnegative("a number ≥ 0"),
  seed: count,
  tolerance: positive.optional(),
  numeraire: z.literal("mean-price-1"),
  time,
  prices: record(prices),
  agents: record(object({ supply: record(series), profit: unknowable })),
  orchestrators: record(orchestrator),
  certificate,
  trace: z.array(traceRecord, "an array"),
  equilibria: z
    .array(equilibrium, "an array")
    .optional()
    .describe("with --all-equilibria: all that were found, that of `prices` first"),
  index_sum: z
    .int("a whole number")
    .nullable()
    .optional()
    .describe("of the equilibria's indices: +1 when none is missing"),
}).describe(
  "What `walras solve` found: prices over time, everybody's plans, and the verifier's opinion of them.",
);

/** `result.json` of an archive (formats.md, "--out x.npz"): the same without what its arrays hold. */
const headSchema = resultSchema.omit({ prices: true }).extend({
  time: time.omit({ t: true, weights: true }),
  agents: record(object({ profit: unknowable })),
  orchestrators: record(object({ income: unknowable, utility: unknowable })),
});

export type ResultFile = z.infer<typeof resultSchema>;
export type ResultHead = z.infer<typeof headSchema>;
/** A number where there is one node, otherwise one value a node; null where unknown. */
export type ResultSeries = z.infer<typeof series>;

/** JSON Schema (draft 2020-12) of the result file. */
export function resultJsonSchema(): Record<string, unknown> {
  return { title: RESULT_FORMAT, ...z.toJSONSchema(resultSchema) };
}

/** Validates a result file's shape, whatever economy it is of. Throws InputError with every problem found. */
export function parseResult(data: unknown, subject = "result"): ResultFile {
  const problems = new Problems();
  const otherKind = refuseOtherKind(data, RESULT_FORMAT, problems);
  const result = otherKind ? undefined : parseWith(resultSchema, data, problems);
  if (result !== undefined) checkLengths(result, problems);
  problems.throwIfAny(subject);
  return result!;
}

/** Validates the shape of an archive's `result.json`. Throws InputError with every problem found. */
export function parseResultHead(data: unknown, subject = "result"): ResultHead {
  const problems = new Problems();
  const head = parseWith(headSchema, data, problems);
  problems.throwIfAny(subject);
  return head!;
}

function checkLengths(result: ResultFile, problems: Problems): void {
  const { nodes } = result.time;
  const check = (path: Path, values: ResultSeries): void => {
    if (Array.isArray(values) ? values.length === nodes : nodes === 1) return;
    const found = Array.isArray(values) ? `${values.length} values` : describeFound(values);
    problems.add(
      path,
      found,
      `one value for each of the ${brief(nodes)} nodes of ${formatPath(["time", "nodes"])}`,
    );
  };
  check(["time", "t"], result.time.t);
  check(["time", "weights"], result.time.weights);
  for (const [path, values] of seriesOf(result)) check(path, values);
  result.equilibria?.forEach(({ prices }, k) => {
    for (const [path, values] of rows(["equilibria", k, "prices"], prices)) check(path, values);
  });
}

/** Every series of a result, with its path. */
export function* seriesOf(result: ResultFile): Generator<[Path, ResultSeries]> {
  yield* rows(["prices"], result.prices);
  for (const [name, { supply }] of Object.entries(result.agents))
    yield* rows(["agents", name, "supply"], supply);
  for (const [name, { demand, routing }] of Object.entries(result.orchestrators)) {
    yield* rows(["orchestrators", name, "demand"], demand);
    for (const [from, to] of Object.entries(routing))
      yield* rows(["orchestrators", name, "routing", from], to);
  }
}

function* rows(path: Path, named: Record<string, ResultSeries>): Generator<[Path, ResultSeries]> {
  for (const [name, values] of Object.entries(named)) yield [[...path, name], values];
}
