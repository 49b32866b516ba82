import * as z from "zod";
import type { Grid } from "../time/grid.js";
import type { BuildContext, Family } from "./family.js";
import type { ProductionSet } from "./production-set.js";

const schema = z.strictObject({
  set: z.literal("written"),
  metrics: z.array(z.string()),
  build: z
    .custom<(grid: Grid) => ProductionSet>((value) => typeof value === "function", "a function, in code")
    .meta({ not: {} }),
});

/** A set that the user wrote: anything that implements ProductionSet, built for a grid. In code only. */
export const writtenFamily: Family<typeof schema> = {
  name: "written",
  schema,
  fields: {},
  metricsOf: ({ metrics }) => [...new Set(metrics)],
  build({ metrics, build }, context) {
    if (metrics.length === 0)
      context.report(["metrics"], "no metric", "the metrics of the set's rows, in order");
    if (!context.sound) return null;
    const set = build(context.grid);
    checkShape(set, context);
    return context.sound ? set : null;
  },
};

const METHODS = ["profit", "supply", "supplyDerivative", "gap", "bounds"] as const;

/** The shape is the economy's, and every method is there. What they compute, the certificate judges. */
function checkShape(set: ProductionSet, context: BuildContext): void {
  const { metrics, grid } = context;
  const missing = METHODS.filter((method) => typeof set?.[method] !== "function");
  if (missing.length > 0) {
    context.report(["build"], `a set without ${missing.join(", ")}`, "a ProductionSet");
  } else if (set.metrics !== metrics.length || set.nodes !== grid.nodes) {
    const found = `a set of ${set.metrics} metrics × ${set.nodes} nodes`;
    context.report(["build"], found, `${metrics.length} metrics × ${grid.nodes} nodes`);
  }
}
