import { listBackends } from "../../index.js";
import { writeJson } from "../../io/write-json.js";
import { table } from "../../report/table.js";
import { defineCommand, flag, OK } from "../command.js";

export const command = defineCommand({
  meta: {
    name: "backends",
    examples: [
      ["walras backends", "what there is, and why not where there is nothing"],
      ["walras backends --json", "the same as data"],
    ],
    exits: { 0: "always" },
  },
  args: {
    positionals: [],
    options: { json: { flags: "--json", help: "as JSON on standard output", schema: flag } },
  },
  async run(io, _, { json }) {
    const backends = listBackends();
    if (json) await writeJson(io.stdout, backends);
    else {
      const rows = backends.map(({ name, available, device, precision, families, why }) => [
        name,
        available ? "yes" : "no",
        precision,
        device ?? "",
        families.join(", "),
        why,
      ]);
      io.stdout.write(`${table(["backend", "available", "precision", "device", "families", "why"], rows)}\n`);
    }
    return OK;
  },
});
