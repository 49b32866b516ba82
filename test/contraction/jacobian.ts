import type { ReferenceMarket } from "../../src/market/reference.js";

/** J_λ = I + λ f'(q) on the instants that have a market, row by row. */
export function jacobian(market: ReferenceMarket, q: Float64Array, step: number): number[][] {
  const priced = [...q.keys()].filter((i) => market.layout.demanded[i] === 1);
  const columns = priced.map((j) => {
    const [unit, column] = [market.create(), market.create()];
    unit[j] = 1;
    market.derivative(q, unit, column);
    return priced.map((i) => (i === j ? 1 : 0) + step * column[i]);
  });
  return priced.map((_, i) => columns.map((column) => column[i]));
}

/** max over v of osc(Jv)/osc(v) for J with equal row sums: half the largest ℓ¹ distance between two rows. */
export function oscillationNorm(rows: readonly (readonly number[])[]): number {
  let norm = 0;
  for (const a of rows) {
    for (const b of rows) norm = Math.max(norm, a.reduce((sum, x, j) => sum + Math.abs(x - b[j]), 0) / 2);
  }
  return norm;
}
