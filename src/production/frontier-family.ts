import * as z from "zod";
import { numberSchema } from "../time/array-ref.js";
import { seriesSchema } from "../time/series-schema.js";
import { type BuildContext, type Family, keysOf } from "./family.js";
import { Frontier } from "./frontier.js";
import type { Term } from "./frontier-data.js";

const weightsSchema = z.record(z.string(), numberSchema());

const schema = z.strictObject({
  set: z.literal("frontier"),
  outputs: weightsSchema.describe("Weights of the outputs"),
  transformation: numberSchema().default(0).describe("≥ 0: how readily outputs are exchanged for each other"),
  inputs: weightsSchema.default({}).describe("Weights of the inputs; without any, capacity is fixed"),
  substitution: numberSchema().default(1).describe("Elasticity between inputs, ≥ 0"),
  returns: numberSchema().default(0.5).describe("Returns to scale, in (0, 1)"),
  scale: seriesSchema.default(1).describe("Productivity, ≥ 0"),
});

type Weights = z.output<typeof weightsSchema>;

/** `outputs` along a CET frontier, `inputs` (if any) through a CES aggregate with `returns` to scale. */
export const frontierFamily: Family<typeof schema> = {
  name: "frontier",
  schema,
  fields: {
    outputs: ["metrics"],
    inputs: ["metrics"],
    transformation: [],
    substitution: [],
    returns: [],
    scale: ["nodes"],
  },
  metricsOf: ({ outputs, inputs }) => keysOf(outputs, inputs),
  build(spec, context) {
    const { transformation, substitution, returns } = spec;
    context.require(transformation >= 0, ["transformation"], transformation, "a number ≥ 0");
    context.require(substitution >= 0, ["substitution"], substitution, "a number ≥ 0");
    context.require(returns > 0 && returns < 1, ["returns"], returns, "a number in (0, 1)");
    const outputs = buildTerms(spec.outputs, "outputs", context);
    const inputs = buildTerms(spec.inputs, "inputs", context);
    if (Object.keys(spec.outputs).length === 0) context.report(["outputs"], "no metric", "at least one");
    for (const metric of Object.keys(spec.inputs)) {
      if (!Object.hasOwn(spec.outputs, metric)) continue;
      context.report(["inputs", metric], "a metric that is an output too", "either an output or an input");
    }
    context.requireNonNegative(spec.scale, ["scale"]);
    const scale = context.sample(spec.scale, ["scale"]);
    if (!context.sound) return null;
    const data = { outputs, inputs, transformation, substitution, returns, scale };
    return new Frontier(data, context.metrics.length, context.grid);
  },
};

/** Terms of weight 0 are left out: their metric is neither made nor used. */
function buildTerms(weights: Weights, at: string, context: BuildContext): Term[] {
  const entries = Object.entries(weights);
  for (const [metric, weight] of entries) {
    context.require(weight >= 0, [at, metric], weight, "a weight ≥ 0");
  }
  if (entries.length > 0 && entries.every(([, weight]) => weight === 0)) {
    context.report([at], "weights that are all 0", "at least one weight > 0");
  }
  return entries
    .filter(([, weight]) => weight > 0)
    .map(([metric, weight]) => ({ row: context.metrics.indexOf(metric), weight }));
}
