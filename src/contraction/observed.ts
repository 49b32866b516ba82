/** Residuals this small, or this much smaller than the largest, are rounding. */
const ROUNDING = 1e-13;
/** Steps that a rate is taken over, at least. */
const LEAST_STEPS = 4;
/** The part of the history, at its end, that counts: the beginning is not asymptotic yet. */
const TAIL = 1 / 2;

/**
 * The rate at which a residual fell: the geometric mean over the second half of the steps above rounding.
 *
 * @param residuals ≥ 0, one for each step
 * @returns null where the history is too short, or says nothing
 */
export function observedRate(residuals: readonly number[]): number | null {
  const floor = ROUNDING * Math.max(1, ...residuals.slice(0, 1));
  const rounded = residuals.findIndex((r) => !(r > floor && r < Infinity));
  const history = rounded < 0 ? residuals : residuals.slice(0, rounded);
  const last = history.length - 1;
  const first = last - Math.max(LEAST_STEPS, Math.round(last * TAIL));
  if (first < 0) return null;
  return (history[last] / history[first]) ** (1 / (last - first));
}
