import type { Hull } from "../../production/hull.js";

export interface Mixed {
  readonly profit: number;
  /** Shares s_j, and −ε KL(s‖uniform) for the reference bundle. */
  coefficients(out: Float64Array): void;
  /** Their changes, from ⟨dp,y^j⟩ and ⟨dp,g⟩. */
  changes(dvalues: Float64Array, out: Float64Array): void;
}

/**
 * The entropic mixture of a hull (production/hull.ts) from ⟨p,y^j⟩ and, last, ⟨p,g⟩: s = softmax(⟨p,y^j⟩/(εν)), ν = ⟨p,g⟩; at ε = 0 or
 * ν = 0 the best trajectory, the average of those that tie.
 */
export function hullMix(
  { count, smoothing }: Pick<Hull, "count" | "smoothing">,
  values: Float64Array,
): Mixed {
  const best = values.subarray(0, count).reduce((most, x) => Math.max(most, x), -Infinity);
  const temperature = smoothing === 0 ? 0 : smoothing * values[count];
  const behind = (j: number) => values[j] - best;
  const powers = Float64Array.from({ length: count }, (_, j) =>
    temperature > 0 ? Math.exp(behind(j) / temperature) : behind(j) === 0 ? 1 : 0,
  );
  const total = powers.reduce((sum, x) => sum + x, 0);
  const shares = powers.map((x) => x / total);
  return {
    profit: temperature === 0 ? best : best + temperature * Math.log(total / count),
    coefficients(out) {
      out.set(shares);
      if (temperature === 0) return;
      const mean = shares.reduce((sum, s, j) => (s > 0 ? sum + s * (behind(j) / temperature) : sum), 0);
      out[count] = -smoothing * Math.max(0, mean + Math.log(count / total));
    },
    changes(dvalues, out) {
      if (temperature === 0) return;
      const warming = (smoothing * dvalues[count]) / temperature;
      const dx = shares.map((_, j) => dvalues[j] / temperature - (behind(j) / temperature) * warming);
      const mean = shares.reduce((sum, s, j) => sum + s * dx[j], 0);
      let divergence = 0;
      shares.forEach((s, j) => {
        out[j] = s === 0 ? 0 : s * (dx[j] - mean);
        divergence += out[j] * (behind(j) / temperature);
      });
      out[count] = -smoothing * divergence;
    },
  };
}
