import { economyJsonSchema } from "../economy/json-schema.js";
import { resultJsonSchema } from "../solve/result.js";

/** JSON Schema (draft 2020-12) of each kind of file, by its name on the command line. */
export const SCHEMAS = { economy: economyJsonSchema, result: resultJsonSchema } as const;
