import * as z from "zod";
import { arrayRefSchema } from "./array-ref.js";
import type { Series } from "./series.js";

const samplesSchema = z.strictObject({
  t: z.array(z.number()),
  values: z.array(z.number()),
  interpolation: z.enum(["linear", "step"]).optional(),
});

/** In code only, so JSON Schema is told that no JSON value matches. */
const functionSchema = z
  .custom<(t: number) => number>((value) => typeof value === "function")
  .meta({ not: {} });
const typedArraySchema = z.custom<Float64Array>((value) => value instanceof Float64Array).meta({ not: {} });

/**
 * A series of formats.md: a number, an array with one value per node, or `{ t, values, interpolation? }`; in code also
 * a Float64Array or a function of t; in an NPZ economy also an ArrayRef, which the type leaves out. Lengths, order of times and the finiteness of typed arrays and functions are
 * checked when the series is put on a grid (`sampleSeries`).
 *
 * Exported to JSON Schema with `z.toJSONSchema(schema, { unrepresentable: "any" })`.
 */
export const seriesSchema = z.union(
  [
    z.number(),
    z.array(z.number()),
    samplesSchema,
    typedArraySchema,
    functionSchema,
    arrayRefSchema("series"),
  ],
  { error: 'a series: a number, an array with one number per node, or { "t": […], "values": […] }' },
) as unknown as z.ZodType<Series, Series>;

/** Series by metric name. */
export const seriesMapSchema = z.record(z.string(), seriesSchema);
