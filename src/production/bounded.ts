/** Stands for an infinite quantity or slope: large, and finite also after summing. */
export const HUGE = 1e300;

export function bounded(value: number): number {
  return Math.min(HUGE, Math.max(-HUGE, value));
}
