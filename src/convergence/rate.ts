/** How fast distances shrink at last. */
export interface Rate {
  /** Geometric-mean factor of a step; null where there are too few. */
  readonly rate: number | null;
  /** The factor no longer drifts: both halves of the window have the same. */
  readonly settled: boolean;
}

/** The two halves of a window agree within this: the slower modes have faded. */
const SETTLED = 1e-3;
/** Steps that a rate is taken over, at least; a shorter history is taken whole. */
const LEAST_STEPS = 4;

/**
 * The geometric-mean factor of a step over the second half of a history of distances, all above rounding. Where a complex pair
 * leads, a distance swings about its mean course with half the period of the turn, so the window, and each half of it, is as
 * many whole half-turns as there are.
 *
 * @param history positive, d_0 first
 * @param after the distance that follows, at or below rounding: an upper bound where the history is too short without it
 * @param turn the angle by which the leading eigenvalue of J_λ turns in one step, in [0, π]. A distance is even, so it does not
 * swing at 0 and π, and near π it swings as slowly as near 0.
 * @returns rate null where there are not two distances
 */
export function geometricRate(history: readonly number[], after: number | undefined, turn: number): Rate {
  const last = history.length - 1;
  if (last < LEAST_STEPS) return short(history, after);
  const half = Math.ceil(last / 2);
  const { window, whole } = windowOf(Math.max(LEAST_STEPS, last - half), turn);
  const middle = last - Math.round(window / 2);
  const factor = (from: number, to: number) => (history[to] / history[from]) ** (1 / (to - from));
  const apart = Math.abs(factor(last - window, middle) - factor(middle, last));
  return { rate: factor(last - window, last), settled: whole && apart <= SETTLED };
}

/** A map that is nearly done after a step or two: the mean of all of them, which settles only that it is nearly 0. */
function short(history: readonly number[], after: number | undefined): Rate {
  const all = after !== undefined && Number.isFinite(after) ? [...history, after] : history;
  const steps = all.length - 1;
  if (steps < 1) return { rate: null, settled: false };
  const rate = (all[steps] / all[0]) ** (1 / steps);
  return { rate, settled: rate <= SETTLED };
}

/** At most `room` steps: two equal halves, each of whole half-turns where a pair turns and there is room, else even: at the best λ +κ and −κ lead together. */
function windowOf(room: number, turn: number): { window: number; whole: boolean } {
  const angle = Math.min(turn, Math.PI - turn);
  if (angle < 1e-9) return { window: room - (room % 4), whole: true };
  const halfTurn = Math.PI / angle;
  const pairs = Math.floor(room / (2 * halfTurn));
  if (pairs < 1) return { window: room, whole: false };
  return { window: Math.round(2 * pairs * halfTurn), whole: true };
}
