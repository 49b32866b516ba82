import * as z from "zod";
import { FAMILIES } from "../production/families.js";
import { arrayRefSchema, numberSchema } from "../time/array-ref.js";
import { seriesMapSchema, seriesSchema } from "../time/series-schema.js";
import { MEMBER_OR_NAME, NAME, NAME_RULE } from "./names.js";
import type { WritePreferences } from "./preferences.js";

/** The format this package reads (formats.md, "The economy file"). */
export const FORMAT = "walras/1";

const name = z.string().regex(NAME, NAME_RULE);
const elasticity = numberSchema({ least: 0 }).default(1);
const weights = z.record(z.string(), numberSchema({ least: 0 }));

const timeSchema = z.strictObject({
  horizon: z.number().gt(0).default(1).describe("T, in `unit`"),
  unit: z.string().nullable().default(null).describe("Of time, for reports"),
  nodes: z.int().min(1).default(1).describe("Number of instants; 1 is a static economy"),
  rule: z
    .enum(["midpoint", "gauss-legendre"])
    .default("midpoint")
    .describe("midpoint for measured series, gauss-legendre for smooth ones"),
});

const commoditySchema = z.strictObject({
  unit: z.string().nullable().default(null).describe("Of its quantities, for reports"),
});

const [firstFamily, ...otherFamilies] = FAMILIES.map((family) => family.schema);
const agentSchema = z.strictObject({
  production: z.discriminatedUnion("set", [firstFamily, ...otherFamilies]),
});

/** Agents alike but for what arrays say of each: `worker[0]`, `worker[1]`, … */
const populationSchema = z
  .strictObject({ count: z.int().min(1), production: agentSchema.shape.production })
  .describe("In NPZ archives only: agents that differ in what arrays say, whose first axis is the member");

const stepSchema = z.strictObject({
  metrics: weights.optional().describe("Weights of the agent's own metrics and of declared commodities"),
  metric_elasticity: elasticity.describe("Of substitution between the metrics, ≥ 0"),
  own_weight: numberSchema({ least: 0, most: 1 })
    .default(0.5)
    .describe("Of the step's own work against what it delegates"),
  chain_elasticity: elasticity.describe("Between own work and what is delegated, ≥ 0"),
  next: weights.optional().describe("Weights of the successors"),
  routing_elasticity: elasticity.describe("Between successors, ≥ 0: how strongly routing answers to prices"),
});

const vector = arrayRefSchema("vector", { least: 0, most: Number.MAX_VALUE });
const indexes = arrayRefSchema("indexes");

const dagSchema = z.strictObject({
  entry: z.union([z.strictObject({ agents: indexes, weights: vector }), weights], {
    error: "an object of weights by step",
  }),
  entry_elasticity: elasticity.describe("Between the agents of entry, ≥ 0"),
  edges: z
    .strictObject({ from: indexes, to: indexes, weight: vector })
    .optional()
    .describe("In NPZ archives only: the successors of all steps, which are agents by number"),
  steps: z.record(z.string().regex(MEMBER_OR_NAME, NAME_RULE), stepSchema),
});

const nodeSchema = z.strictObject({ elasticity, inputs: weights });

/** In code only: commodities by name, an elasticity for the default step, and what builds the preferences. */
const writtenSchema = z.strictObject({
  commodities: z.array(z.string()).min(1),
  elasticity,
  build: z
    .custom<WritePreferences>((value) => typeof value === "function", "a function, in code")
    .meta({ not: {} }),
});

const EITHER_PREFERENCES = 'either "dag", or "root" and "nodes"';
const preferencesSchema = z.union(
  [
    z.strictObject({ dag: dagSchema }),
    z.strictObject({ root: z.string(), nodes: z.record(name, nodeSchema) }),
    z.strictObject({ written: writtenSchema }),
  ],
  { error: `an object with ${EITHER_PREFERENCES}` },
);

const orchestratorSchema = z.strictObject({
  shares: z
    .union([z.number().min(0).max(1), z.record(z.string(), z.number().min(0).max(1))], {
      error: "a share of every agent from 0 to 1, or shares by agent",
    })
    .optional()
    .describe("Of the agents' profits: a number for all agents, or by agent"),
  endowment: seriesMapSchema.default({}).describe("What it owns and sells, ≥ 0, by commodity"),
  floors: seriesMapSchema.default({}).describe("What it must have at every instant, ≥ 0, by commodity"),
  discount: seriesSchema.default(1).describe("Demand intensity ρ(t)"),
  intertemporal_elasticity: elasticity.describe("Of substitution between instants, ≥ 0"),
  preferences: preferencesSchema,
});

/** The whole economy file, defaults filled in. Names, sums and shapes are checked when the economy is built. */
export const economySchema = z.strictObject({
  format: z.literal(FORMAT),
  name: z.string().optional().describe("In messages and results; default the file's name"),
  time: timeSchema.prefault({}),
  commodities: z
    .record(name, commoditySchema)
    .default({})
    .describe("Shared by all; an agent's other metrics are its own: agent/metric"),
  agents: z.record(name, agentSchema).default({}).describe("Producers; outputs positive, inputs negative"),
  populations: z.record(name, populationSchema).default({}),
  orchestrators: z.record(name, orchestratorSchema),
});

/** An economy as a file or code writes it; in code a series may also be a function of time or a Float64Array. */
export type EconomySpec = z.input<typeof economySchema>;

/** The same with defaults filled in. */
export type EconomyFile = z.output<typeof economySchema>;
export type OrchestratorFile = EconomyFile["orchestrators"][string];
export type DagFile = z.output<typeof dagSchema>;
export type StepFile = DagFile["steps"][string];
export type PopulationFile = EconomyFile["populations"][string];
export type WrittenFile = z.output<typeof writtenSchema>;
export type NodesFile = Extract<OrchestratorFile["preferences"], { root: string }>;
