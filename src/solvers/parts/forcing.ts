/** γ ∈ [0, 1] and α ∈ (1, 2] of Eisenstat and Walker's second choice. */
const GAMMA = 0.9;
const ALPHA = 2;
/** η stays in this range, and falls slowly while it is above THRESHOLD. */
const LEAST = 1e-4;
const MOST = 0.1;
const THRESHOLD = 0.1;

/**
 * The forcing term of an inexact Newton method: the relative residual to which the next linear system is solved (S. C. Eisenstat
 * and H. F. Walker, SIAM J. Sci. Comput. 17 (1996) 16, choice 2), η = γ (‖f_k‖/‖f_{k−1}‖)^α, safeguarded by γ η_{k−1}^α while that
 * exceeds the threshold: few products far away, quadratic convergence near the end.
 *
 * @param previous η_{k−1}
 * @param ratio ‖f_k‖/‖f_{k−1}‖ of the step just made
 */
export function forcingTerm(previous: number, ratio: number): number {
  const wanted = GAMMA * ratio ** ALPHA;
  const safeguard = GAMMA * previous ** ALPHA;
  const term = safeguard > THRESHOLD ? Math.max(wanted, safeguard) : wanted;
  return Math.min(MOST, Math.max(LEAST, term));
}
