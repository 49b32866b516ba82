import type { Reals } from "../core/reals.js";
import type { Plans } from "./free.js";
import type { Layout } from "./layout.js";

/** One step cuts no price below this fraction of itself: demand explodes at p = 0. */
const DEEPEST_CUT = 1 / 10;

/**
 * The additive process of the paper, in H (model.md section 5): p ← Π(p + λ (p̄/S̄) z(p)), p̄ the mean price, S̄ the mean
 * volume, in logs and on the active instants, from an allocation evaluated at q. Writes `out`.
 */
export function additiveStep(
  q: Reals,
  step: number,
  { weights, nodes: N }: Layout,
  { demand, supply, price }: Pick<Plans, "price" | "demand" | "supply">,
  active: (i: number) => boolean,
  out: Reals,
): void {
  const moving = Array.from(q.keys()).filter(active);
  const total = (x: Reals): number => moving.reduce((sum, i) => sum + weights[i % N] * x[i], 0);
  const rate = (step * total(price)) / total(supply);
  const moved = Float64Array.from(q.keys(), (i) => price[i] + rate * (demand[i] - supply[i]));
  const shift = projection(moved, moving, (i) => weights[i % N], total(price));
  out.set(q);
  for (const i of moving) out[i] = Math.log(Math.max(moved[i] - shift, DEEPEST_CUT * price[i]));
}

/** Π: the shift after which max(0, p − shift) is the nearest point (in H) of { p ≥ 0, ⟨p,1⟩ = total } on the given instants. */
function projection(
  p: Float64Array,
  instants: readonly number[],
  weight: (i: number) => number,
  total: number,
): number {
  let [sum, weights, shift] = [0, 0, 0];
  for (const i of [...instants].sort((i, j) => p[j] - p[i])) {
    sum += weight(i) * p[i];
    weights += weight(i);
    const candidate = (sum - total) / weights;
    if (p[i] <= candidate) break;
    shift = candidate;
  }
  return shift;
}
