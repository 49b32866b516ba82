import { ReferenceMarket } from "../market/reference.js";
import { FAMILIES } from "../production/families.js";
import type { Backend } from "./backend.js";

/** float64 on one thread, model.md's page in code: the oracle of every other backend. */
export function reference(): Backend<Float64Array> {
  return {
    name: "reference",
    device: "CPU, one thread",
    precision: "float64",
    families: FAMILIES.map(({ name }) => name),
    open: (economy) => new ReferenceMarket(economy),
  };
}
