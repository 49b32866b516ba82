/**
 * A t-simplex of the Freudenthal–Kuhn triangulation K₁ of a cone v + Σ_{j∈T} ℝ₊ e_j, in units of the mesh and relative to v:
 * vertices y⁰ = base and yⁱ = yⁱ⁻¹ + e_{order[i−1]}, i = 1 … t, where `order` is a permutation of T and base ≥ 0 is an integer
 * vector of length n, 0 off T.
 *
 * Log prices that differ by a constant are the same prices, so the cones of all T ≠ {1 … n} cover the space ℝⁿ/ℝ·1 of
 * log prices and meet in common faces; their triangulations fit together into one of the whole space, in which v is a vertex.
 */
export interface Simplex {
  readonly base: readonly number[];
  readonly order: readonly number[];
}

/** Vertex yⁱ, 0 ≤ i ≤ t. */
export function vertexOf({ base, order }: Simplex, i: number): number[] {
  const y = base.slice();
  for (let k = 0; k < i; k++) y[order[k]]++;
  return y;
}

/**
 * The simplex on the other side of the facet opposite yⁱ within the same cone, and the place `fresh` of the one vertex they do
 * not share in it (the others keep their order); null where that facet lies in the cone's boundary, which only the one
 * opposite the last vertex can: there base + e_{order[0]} + … lacks e_{order[t−1]}. Replacement rules of H. W. Kuhn (IBM J. Res. Dev. 4 (1960) 518).
 */
export function across(
  { base, order }: Simplex,
  i: number,
): { readonly simplex: Simplex; readonly fresh: number } | null {
  const t = order.length;
  if (i === 0) {
    const [first, ...rest] = order;
    return { simplex: { base: moved(base, first, 1), order: [...rest, first] }, fresh: t };
  }
  if (i < t) {
    const swapped = order.slice();
    [swapped[i - 1], swapped[i]] = [order[i], order[i - 1]];
    return { simplex: { base, order: swapped }, fresh: i };
  }
  const last = order[t - 1];
  if (base[last] === 0) return null;
  return { simplex: { base: moved(base, last, -1), order: [last, ...order.slice(0, -1)] }, fresh: 0 };
}

function moved(y: readonly number[], j: number, by: number): number[] {
  const out = y.slice();
  out[j] += by;
  return out;
}
