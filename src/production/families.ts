import type * as z from "zod";
import { ellipsoidFamily } from "./ellipsoid-family.js";
import type { BuildContext, Family } from "./family.js";
import { frontierFamily } from "./frontier-family.js";
import { hullFamily } from "./hull-family.js";
import type { ProductionSet } from "./production-set.js";
import { writtenFamily } from "./written-family.js";

/** Every family of production sets there is. */
export const FAMILIES = [ellipsoidFamily, hullFamily, frontierFamily, writtenFamily] as const;

type Schema = (typeof FAMILIES)[number]["schema"];

/** A production object that the schema has accepted, defaults filled in. */
export type ProductionSpec = z.output<Schema>;

/** What a file, or code, writes. */
export type ProductionInput = z.input<Schema>;

/** All metrics that a production object names, in order of first appearance. */
export function metricsOf(spec: ProductionSpec): string[] {
  return familyOf(spec).metricsOf(spec);
}

/** The set that a production object describes; null once anything was reported to the context. */
export function buildProductionSet(spec: ProductionSpec, context: BuildContext): ProductionSet | null {
  return familyOf(spec).build(spec, context);
}

function familyOf(spec: ProductionSpec): Family<z.ZodType<ProductionSpec>> {
  const family = FAMILIES.find(({ name }) => name === spec.set);
  if (family === undefined) throw new Error(`no family of production sets is called "${spec.set}"`);
  // The schema has matched the spec with its family, which TypeScript cannot follow through the list.
  return family as unknown as Family<z.ZodType<ProductionSpec>>;
}
