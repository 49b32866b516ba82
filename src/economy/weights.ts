import { describeFound } from "./found.js";
import type { Path } from "./path.js";
import type { Problems } from "./problems.js";

/** Refuses weights that are all 0, or none at all. That they are ≥ 0 and finite is the schema's matter. */
export function checkWeights(weights: Readonly<Record<string, number>>, problems: Problems, at: Path): void {
  const values = Object.values(weights);
  if (values.some((weight) => weight > 0)) return;
  const found = values.length === 0 ? describeFound(weights) : "weights that are all 0";
  problems.add(at, found, "at least one weight > 0");
}
