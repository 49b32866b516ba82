import * as z from "zod";
import { numberSchema } from "../time/array-ref.js";
import { seriesMapSchema } from "../time/series-schema.js";
import { Ellipsoid } from "./ellipsoid.js";
import { type BuildContext, type Family, keysOf } from "./family.js";
import { ModeBall } from "./modes.js";
import { RadiusBall } from "./radius.js";

const schema = z.strictObject({
  set: z.literal("ellipsoid"),
  center: seriesMapSchema.default({}).describe("Usual net puts by metric; negative for inputs"),
  radius: seriesMapSchema
    .default({})
    .describe("≥ 0: the root-mean-square deviation over metrics and time, in these units, is at most 1"),
  modes: z.array(seriesMapSchema).default([]).describe("Joint movements of the metrics, in the unit ball"),
  smoothing: numberSchema().default(0.02).describe("≥ 0, of the modes, in units of reference"),
  reference: seriesMapSchema.optional().describe("≥ 0 by metric; default the center's magnitude"),
});

type Spec = z.output<typeof schema>;

/**
 * `center`, with `radius` (R = number of metrics it names), `modes` (with `smoothing` and `reference`), both (the sum
 * of both sets) or neither (a point). Metrics without center have center 0.
 */
export const ellipsoidFamily: Family<typeof schema> = {
  name: "ellipsoid",
  schema,
  fields: {
    center: ["metrics", "nodes"],
    radius: ["metrics", "nodes"],
    modes: ["modes", "metrics", "nodes"],
    disposal: ["metrics", "nodes"],
  },
  metricsOf: ({ center, radius, modes }) => keysOf(center, radius, ...modes),
  build(spec, context) {
    if (context.metrics.length === 0) context.report([], "no metric", "a center, radius or modes of one");
    const center = context.sampleMap(spec.center, ["center"]);
    const radius = buildRadius(spec, context);
    const modes = spec.modes.length > 0 ? buildModes(spec, center, context) : undefined;
    return context.sound ? new Ellipsoid({ center, radius, modes }, context.grid, context.metrics) : null;
  },
};

function buildRadius({ radius }: Spec, context: BuildContext): RadiusBall | undefined {
  const named = Object.keys(radius);
  if (named.length === 0) return undefined;
  const values = context.sampleMap(radius, ["radius"]);
  context.requireAllNonNegative(radius, ["radius"]);
  return new RadiusBall(
    values,
    named.map((metric) => context.metrics.indexOf(metric)),
    context.grid,
  );
}

function buildModes(spec: Spec, center: Float64Array, context: BuildContext): ModeBall {
  const { modes, reference, smoothing } = spec;
  context.require(smoothing >= 0, ["smoothing"], smoothing, "a number ≥ 0");
  const values = new Float64Array(modes.length * center.length);
  modes.forEach((mode, j) => {
    context.sampleMap(mode, ["modes", j], values, j * center.length);
  });
  const bundle = reference === undefined ? center.map(Math.abs) : context.sampleMap(reference, ["reference"]);
  if (reference !== undefined) context.requireAllNonNegative(reference, ["reference"]);
  return new ModeBall(
    values,
    bundle.map((g) => smoothing * g),
    context.grid,
  );
}
