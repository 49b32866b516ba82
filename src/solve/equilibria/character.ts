import { LuDecomposition, Matrix } from "ml-matrix";
import { equilibriumIndex, type Stability, stability } from "../../contraction/equilibrium-index.js";
import {
  heaviest,
  type Linearization,
  linearize,
  quotientEigenvalues,
} from "../../contraction/linearization.js";
import { uniformSource } from "../../core/rng.js";
import type { Economy } from "../../economy/economy.js";
import { ReferenceMarket } from "../../market/reference.js";

/** What the linearization at an equilibrium says of it; null where there are too many prices to make the matrix. */
export interface Character {
  /** Sign of det E with one row and the same column deleted; 0: critical. Over all equilibria they sum to +1. */
  readonly index: -1 | 0 | 1 | null;
  /** How prices near it move under tâtonnement with small steps. */
  readonly stability: Stability | null;
}

/** Up to this many active prices all eigenvalues are computed (25 n³ operations). */
const MOST_EIGENVALUES = 300;
/** A least singular value above this is no sign of anything critical; one below the other is not told from 0. */
const PLAIN = 1e-4;
const ROUNDING = 1e-13;
/** Rounding of f, and how many errors around an equilibrium the sign of the determinant must stay the same. */
const NOISE = 1e-16;
const ERRORS = 10;

/**
 * Index and stability of an equilibrium.
 *
 * @param prices [commodities, nodes], exactly 0 where free
 */
export async function characterOf(economy: Economy, prices: Float64Array): Promise<Character> {
  const market = new ReferenceMarket(economy);
  const q = market.enter(prices);
  const linearization = await linearize(market, q);
  if (linearization === null) return { index: null, stability: null };
  const index =
    equilibriumIndex(linearization, undefined, PLAIN) || (await delicateIndex(market, q, linearization));
  return { index, stability: stabilityOf(linearization, index) };
}

function stabilityOf(linearization: Linearization, index: -1 | 0 | 1): Stability | null {
  // A negative determinant has a negative eigenvalue; and of two prices, the quotient has just one.
  if (index === -1) return "unstable";
  const n = linearization.active.length;
  if (n === 2) return index === 1 ? "stable" : "neutral";
  return n > MOST_EIGENVALUES ? null : stability(quotientEigenvalues(linearization));
}

/**
 * The index where E is nearly singular. The prices are known only to E⁻¹f; so the sign of the determinant must be the same some
 * errors away, both ways along the direction that E all but sends to 0. At a critical equilibrium it changes there: 0.
 */
async function delicateIndex(
  market: ReferenceMarket,
  q: Float64Array,
  linearization: Linearization,
): Promise<-1 | 0 | 1> {
  const index = equilibriumIndex(linearization, undefined, ROUNDING);
  const weakest = weakestDirection(linearization);
  if (index === 0 || weakest === null) return 0;
  const f = market.create();
  market.residual(q, f);
  const away = (ERRORS * Math.max(NOISE, largest(f))) / weakest.response;
  for (const way of [away, -away]) {
    const there = q.slice();
    linearization.active.forEach((i, k) => {
      there[i] += way * weakest.direction[k];
    });
    const other = await linearize(market, there);
    if (other === null || equilibriumIndex(other, undefined, ROUNDING) !== index) return 0;
  }
  return index;
}

/** A direction d of max-norm 1, 0 at the numeraire, with ‖E d‖ about as small as can be: by inverse iteration. Null where E is singular. */
function weakestDirection(linearization: Linearization): { direction: number[]; response: number } | null {
  const n = linearization.active.length;
  const numeraire = heaviest(linearization);
  const kept = [...Array(n).keys()].filter((k) => k !== numeraire);
  const lu = new LuDecomposition(linearization.elasticities.selection(kept, kept));
  if (lu.isSingular()) return null;
  const uniform = uniformSource(0);
  let d = Matrix.columnVector(kept.map(() => 2 * uniform() - 1));
  let response = Infinity;
  for (let round = 0; round < 3; round++) {
    const next = lu.solve(d);
    response = Math.min(response, largest(d.to1DArray()) / largest(next.to1DArray()));
    d = next.div(largest(next.to1DArray()));
  }
  if (!(response > 0)) return null;
  const direction = new Array<number>(n).fill(0);
  kept.forEach((k, j) => {
    direction[k] = d.get(j, 0);
  });
  return { direction, response };
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}
