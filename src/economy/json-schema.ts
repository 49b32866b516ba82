import * as z from "zod";
import { economySchema } from "./schema.js";

/**
 * The JSON Schema (draft 2020-12) of the economy file, self-contained: what a file may say, not what code may (functions of
 * time, typed arrays). Names, sums, lengths and cycles are beyond it; `walras check` has the last word.
 */
export function economyJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(economySchema, {
    target: "draft-2020-12",
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      for (const union of ["anyOf", "oneOf"] as const) {
        const branches = jsonSchema[union];
        if (Array.isArray(branches)) jsonSchema[union] = branches.filter((branch) => !isNothing(branch));
      }
    },
  });
  return {
    ...schema,
    title: "walras economy",
    description: "An economy of agents (walras/1); docs/economy-file.md explains every field",
  };
}

/** What no file can satisfy, only code: `{ "not": {} }`, or an object that must have such a property. */
function isNothing(branch: z.core.JSONSchema._JSONSchema): boolean {
  if (typeof branch === "boolean") return !branch;
  if (branch.not !== undefined) return true;
  const { properties = {}, required = [] } = branch;
  return required.some((key) => key in properties && isNothing(properties[key]));
}
