import type { Grid } from "../time/grid.js";

/** p·y; free goods are worth nothing, also where they are wanted without bound. */
export function worth(p: number, y: number): number {
  return p === 0 ? 0 : p * y;
}

/** ⟨p, bundle⟩ = Σ_m Σ_n w_n p_mn y_mn of a bundle given by series of some commodities. */
export function bundleValue(
  bundle: ReadonlyMap<number, Float64Array>,
  prices: Float64Array,
  { nodes: N, weights }: Grid,
): number {
  let sum = 0;
  for (const [m, series] of bundle) {
    for (let n = 0; n < N; n++) sum += weights[n] * worth(prices[m * N + n], series[n]);
  }
  return sum;
}

/** ⟨p, y⟩ of rows y [rows, nodes], row r being of commodity `commodities[r]`. */
export function rowsValue(
  rows: Float64Array,
  commodities: Int32Array,
  prices: Float64Array,
  { nodes: N, weights }: Grid,
): number {
  let sum = 0;
  for (let r = 0; r < commodities.length; r++) {
    for (let n = 0, i = commodities[r] * N, j = r * N; n < N; n++, i++, j++)
      sum += weights[n] * worth(prices[i], rows[j]);
  }
  return sum;
}

/** ⟨p, y⟩ of rows y, as `rowsValue` has it, and ⟨p, |y|⟩. */
export function tradedValue(
  rows: Float64Array,
  commodities: Int32Array,
  prices: Float64Array,
  { nodes: N, weights }: Grid,
): { readonly value: number; readonly moved: number } {
  let value = 0;
  let moved = 0;
  for (let r = 0; r < commodities.length; r++) {
    for (let n = 0, i = commodities[r] * N, j = r * N; n < N; n++, i++, j++) {
      const part = weights[n] * worth(prices[i], rows[j]);
      value += part;
      moved += Math.abs(part);
    }
  }
  return { value, moved };
}
