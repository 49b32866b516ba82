import * as z from "zod";
import { numberSchema } from "../time/array-ref.js";
import { seriesMapSchema } from "../time/series-schema.js";
import { type BuildContext, type Family, keysOf } from "./family.js";
import { Hull } from "./hull.js";

const schema = z.strictObject({
  set: z.literal("hull"),
  trajectories: z
    .array(seriesMapSchema)
    .describe("Recorded net puts by metric, of which every mixture can be run"),
  smoothing: numberSchema()
    .default(0.02)
    .describe("≥ 0: how gradually one trajectory gives way to another, in units of reference"),
  reference: seriesMapSchema.optional().describe("By metric; default the trajectories' mean magnitude"),
});

type Spec = z.output<typeof schema>;

/** Recorded `trajectories`, a missing metric being 0, with `smoothing` in units of `reference`. */
export const hullFamily: Family<typeof schema> = {
  name: "hull",
  schema,
  fields: {
    trajectories: ["trajectories", "metrics", "nodes"],
    reference: ["metrics", "nodes"],
    smoothing: [],
  },
  metricsOf: ({ trajectories }) => keysOf(...trajectories),
  build(spec, context) {
    const { trajectories, smoothing } = spec;
    const size = context.metrics.length * context.grid.nodes;
    if (trajectories.length === 0) context.report(["trajectories"], "none", "at least one trajectory");
    else if (size === 0) context.report(["trajectories"], "no metric", "trajectories of at least one metric");
    context.require(smoothing >= 0, ["smoothing"], smoothing, "a number ≥ 0");
    const values = new Float64Array(trajectories.length * size);
    trajectories.forEach((trajectory, j) => {
      context.sampleMap(trajectory, ["trajectories", j], values, j * size);
    });
    const mean = meanMagnitude(values, size);
    const reference = spec.reference === undefined ? mean : buildReference(spec.reference, mean, context);
    return context.sound ? new Hull(values, reference, smoothing, context.grid) : null;
  },
};

/** (1/J) Σ_j |y^j|, shape [metrics, nodes]. */
function meanMagnitude(trajectories: Float64Array, size: number): Float64Array {
  const mean = new Float64Array(size);
  const share = size / trajectories.length;
  for (let k = 0; k < trajectories.length; k++) mean[k % size] += share * Math.abs(trajectories[k]);
  return mean;
}

/**
 * A reference given is positive where any trajectory is not 0: without it prices there would move supply but not its
 * smoothing. Metrics it does not name are 0, as everywhere.
 */
function buildReference(
  reference: NonNullable<Spec["reference"]>,
  mean: Float64Array,
  context: BuildContext,
): Float64Array {
  const { nodes } = context.grid;
  const values = context.sampleMap(reference, ["reference"]);
  context.requireAllNonNegative(reference, ["reference"]);
  for (const metric of Object.keys(reference)) {
    const row = context.metrics.indexOf(metric);
    if (row < 0) continue;
    const n = values
      .subarray(row * nodes, (row + 1) * nodes)
      .findIndex((g, k) => g === 0 && mean[row * nodes + k] > 0);
    if (n < 0) continue;
    const expected = "values > 0 where a trajectory is not 0";
    context.report(["reference", metric], context.describe(0, n), expected);
  }
  if (values.length > 0 && values.every((g) => g === 0))
    context.report(["reference"], "nothing", "a positive amount of some metric");
  return values;
}
