import type { Place } from "./place.js";
import type { Problems } from "./problems.js";

/** Refuses weights that are all 0, or none at all. That they are ≥ 0 and finite is the schema's matter. */
export function checkWeights(
  weights: ArrayLike<number>,
  problems: Problems,
  at: Place,
  none = "an empty object",
): void {
  for (let k = 0; k < weights.length; k++) if (weights[k] > 0) return;
  const found = weights.length === 0 ? none : "weights that are all 0";
  problems.addAt(at, found, "at least one weight > 0");
}
