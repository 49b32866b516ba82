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
      if (Array.isArray(jsonSchema.anyOf))
        jsonSchema.anyOf = jsonSchema.anyOf.filter((branch) => !isNothing(branch));
    },
  });
  return { ...schema, title: "walras economy", description: "An economy of agents: formats.md, walras/1" };
}

/** `{ "not": {} }`, which no value satisfies: what only code can give. */
function isNothing(branch: object): boolean {
  const [key, ...others] = Object.keys(branch);
  return key === "not" && others.length === 0;
}
