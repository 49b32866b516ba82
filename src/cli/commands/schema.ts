import { InputError } from "../../index.js";
import { SCHEMAS } from "../../io/schemas.js";
import { writeJson } from "../../io/write-json.js";
import { defineCommand, OK } from "../command.js";

type Kind = keyof typeof SCHEMAS;

export const command = defineCommand({
  meta: {
    name: "schema",
    description: "JSON Schema, draft 2020-12. Without a name, both under their names.",
    examples: [
      ["walras schema economy > economy.schema.json", "for an editor that checks while one types"],
      ["walras schema | jq 'keys'", "both"],
    ],
    exits: { 0: "printed", 2: "bad usage" },
  },
  args: {
    positionals: [{ name: "FILE", help: "economy or result", optional: true }],
    options: {},
  },
  async run(io, [kind]) {
    if (kind !== undefined && !Object.hasOwn(SCHEMAS, kind)) {
      const expected = Object.keys(SCHEMAS).join(" or ");
      throw new InputError("the command line", [{ path: "FILE", found: JSON.stringify(kind), expected }]);
    }
    const both = Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, schema()]));
    await writeJson(io.stdout, kind === undefined ? both : SCHEMAS[kind as Kind]());
    return OK;
  },
});
