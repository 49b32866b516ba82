import { nonNegativeLeastSquares } from "./non-negative.js";
import { Orthonormal } from "./orthonormal.js";

/** λ, shape [J], Σλ = 1, and d. */
export interface Mixture {
  readonly weights: Float64Array;
  readonly disposed: number;
}

/**
 * The point of { Σ_j λ_j y^j − d g : λ ≥ 0, Σλ = 1, d ≥ 0 } nearest to y, in the norm that measures each entry in its
 * own unit.
 *
 * As a problem in x ≥ 0: minimise |Σ_j x_j (y^j − y) − x_g g|² + (Σ_j x_j − 1)². At x = s(λ, d) it is s²·distance² +
 * (s − 1)², so that its minimum over the ray has the nearest point's λ and d, whatever s. The trajectories span few
 * dimensions, so the search runs in coordinates of their span; what of y lies outside it moves no minimum.
 *
 * @param trajectories y^j, J arrays of shape [size].
 * @param disposal g, shape [size]; null where nothing may be disposed of.
 * @param units unit of each entry, shape [size]; entries with unit 0 do not count.
 */
export function nearestMixture(
  trajectories: readonly Float64Array[],
  disposal: Float64Array | null,
  units: Float64Array,
  y: Float64Array,
): Mixture {
  // Divided by √size lengths are root-mean-squares, comparable with the row of ones.
  const perUnit = units.map((unit) => (unit === 0 ? 0 : 1 / (unit * Math.sqrt(units.length))));
  const scaled = (array: Float64Array) => array.map((entry, k) => entry * perUnit[k]);
  const generators = [...trajectories, ...(disposal === null ? [] : [disposal])].map(scaled);
  const basis = new Orthonormal();
  for (const generator of generators) basis.append(generator);
  const origin = basis.coordinates(scaled(y));
  const columns = generators.map((generator, j) => {
    const coordinates = basis.coordinates(generator);
    return j < trajectories.length
      ? Float64Array.of(...coordinates.map((c, i) => c - origin[i]), 1)
      : Float64Array.of(...coordinates.map((c) => -c), 0);
  });
  const target = new Float64Array(origin.length + 1);
  target[origin.length] = 1;
  const x = nonNegativeLeastSquares(columns, target);
  const weights = x.slice(0, trajectories.length);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    weights: weights.map((weight) => weight / total),
    disposed: disposal === null ? 0 : x[trajectories.length] / total,
  };
}
