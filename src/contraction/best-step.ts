import type { Eigenvalue } from "./eigenvalues.js";

/** A real part this small beside the largest modulus, or beside 1, is rounding or an error of the prices: no λ contracts along it. */
const ROUNDING = 1e-9;

/** The λ at which plain tâtonnement is fastest near an equilibrium. */
export interface BestStep<T extends Eigenvalue = Eigenvalue> {
  /** λ > 0. */
  readonly step: number;
  /** max |1 − λθ| < 1, the local constant of T_λ there. */
  readonly constant: number;
  /** The eigenvalue that decides, or the two between which λ is a compromise. */
  readonly deciding: readonly T[];
}

/**
 * The λ > 0 that minimises the local constant max_i |1 − λθ_i| over the eigenvalues θ_i of E on the quotient, exactly.
 *
 * With a = Re θ and m = |θ|², |1 − λθ|² = 1 + λ(λm − 2a): its maximum over i follows the upper envelope of the lines
 * λm_i − 2a_i, which is walked from λ = 0 upwards. Along one line the square falls until λ = a/m, so the minimum stands there,
 * or at the corner where a line takes over that is already rising.
 *
 * @returns null where no λ contracts (some Re θ ≤ 0, to rounding) or where there is nothing to iterate
 */
export function bestStep<T extends Eigenvalue>(eigenvalues: readonly T[]): BestStep<T> | null {
  const largest = eigenvalues.reduce((max, { re, im }) => Math.max(max, Math.hypot(re, im)), 1);
  if (eigenvalues.length === 0 || !eigenvalues.every(({ re }) => re > ROUNDING * largest)) return null;
  let at = eigenvalues.reduce((lead, theta) =>
    theta.re < lead.re || (theta.re === lead.re && steepening(lead, theta) > 0) ? theta : lead,
  );
  let [before, corner] = [at, 0];
  for (;;) {
    const line = at;
    const steeper = eigenvalues.filter((theta) => theta.re > line.re && steepening(line, theta) > 0);
    const next = steeper.reduce((min, theta) => Math.min(min, crossing(line, theta)), Infinity);
    const vertex = line.re / (line.re ** 2 + line.im ** 2);
    if (vertex <= next) {
      const step = Math.max(vertex, corner);
      const deciding = vertex <= corner ? [before, line] : [line];
      return { step, constant: constantAt(eigenvalues, step), deciding };
    }
    [before, corner] = [line, next];
    at = steeper.reduce((first, theta) => (crossing(line, theta) < crossing(line, first) ? theta : first));
  }
}

/** The local constant of T_λ, max |1 − λθ| over the eigenvalues θ of E on the quotient; 0 where there are none. */
export function constantAt(eigenvalues: readonly Eigenvalue[], step: number): number {
  return eigenvalues.reduce((max, { re, im }) => Math.max(max, Math.hypot(1 - step * re, step * im)), 0);
}

/** |b|² − |a|², without cancellation. */
function steepening(a: Eigenvalue, b: Eigenvalue): number {
  const [x, y] = [Math.abs(a.im), Math.abs(b.im)];
  return (b.re - a.re) * (b.re + a.re) + (y - x) * (y + x);
}

/** The λ at which |1 − λb| catches up with |1 − λa|, for b of the larger modulus. */
function crossing(a: Eigenvalue, b: Eigenvalue): number {
  return (2 * (b.re - a.re)) / steepening(a, b);
}
