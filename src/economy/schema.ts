import * as z from "zod";
import { FAMILIES } from "../production/families.js";
import { seriesMapSchema, seriesSchema } from "../time/series-schema.js";
import { NAME, NAME_RULE } from "./names.js";
import type { WritePreferences } from "./preferences.js";

/** The format this package reads (formats.md, "The economy file"). */
export const FORMAT = "walras/1";

const name = z.string().regex(NAME, NAME_RULE);
const elasticity = z.number().min(0).default(1);
const weights = z.record(z.string(), z.number().min(0));

const timeSchema = z.strictObject({
  horizon: z.number().gt(0).default(1).describe("T, in `unit`"),
  unit: z.string().nullable().default(null),
  nodes: z.int().min(1).default(1),
  rule: z.enum(["midpoint", "gauss-legendre"]).default("midpoint"),
});

const commoditySchema = z.strictObject({ unit: z.string().nullable().default(null) });

const [firstFamily, ...otherFamilies] = FAMILIES.map((family) => family.schema);
const agentSchema = z.strictObject({
  production: z.discriminatedUnion("set", [firstFamily, ...otherFamilies]),
});

const stepSchema = z.strictObject({
  metrics: weights.optional().describe("Weights of the agent's own metrics and of declared commodities"),
  metric_elasticity: elasticity,
  own_weight: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("Of the step's own work against what it delegates"),
  chain_elasticity: elasticity,
  next: weights.optional().describe("Weights of the successors"),
  routing_elasticity: elasticity,
});

const dagSchema = z.strictObject({
  entry: weights,
  entry_elasticity: elasticity,
  steps: z.record(name, stepSchema),
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
    .optional(),
  endowment: seriesMapSchema.default({}),
  floors: seriesMapSchema.default({}),
  discount: seriesSchema.default(1).describe("Demand intensity ρ(t)"),
  intertemporal_elasticity: elasticity,
  preferences: preferencesSchema,
});

/** The whole economy file, defaults filled in. Names, sums and shapes are checked when the economy is built. */
export const economySchema = z.strictObject({
  format: z.literal(FORMAT),
  name: z.string().default("economy"),
  time: timeSchema.prefault({}),
  commodities: z.record(name, commoditySchema).default({}),
  agents: z.record(name, agentSchema).default({}),
  orchestrators: z.record(name, orchestratorSchema),
});

/** An economy as a file or code writes it; in code a series may also be a function of time or a Float64Array. */
export type EconomySpec = z.input<typeof economySchema>;

/** The same with defaults filled in. */
export type EconomyFile = z.output<typeof economySchema>;
export type OrchestratorFile = EconomyFile["orchestrators"][string];
export type DagFile = z.output<typeof dagSchema>;
export type StepFile = DagFile["steps"][string];
export type WrittenFile = z.output<typeof writtenSchema>;
export type NodesFile = Extract<OrchestratorFile["preferences"], { root: string }>;
