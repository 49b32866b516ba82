/** Turns that must not shrink before prices are said to cycle. */
const TURNS = 4;
/** A turn's radius counts as not shrinking above this fraction of the one before. */
const SHRINK = 0.995;
/** Turning that is mostly one way: |Σ angle| ≥ this · Σ|angle|. */
const CONSISTENCY = 0.7;
/** A reversal of direction (a cycle of period two) within this of π counts as half a turn, whichever way it is rounded. */
const REVERSAL = 0.9 * Math.PI;
/** Radii below this are rounding, relative to prices of mean 1. */
const ROUNDING = 1e-11;

/**
 * Sees a cycle as prices that keep winding, whatever the amplitude (model.md section 5): the path of p/⟨p,1⟩ is watched in
 * a fixed plane, and the direction of its steps is followed around. A turn is complete when the direction has come
 * round by 2π; a cycle is TURNS turns in a row whose radii do not shrink. Scarf's economy spirals outward; a convergent spiral shrinks by the same factor
 * each turn however small λ is, so damping does not fake the verdict.
 */
export class Winding {
  private last: readonly [number, number] | null = null;
  private direction: number | null = null;
  private angle = 0;
  private absolute = 0;
  private box = emptyBox();
  private steps = 0;
  /** Radius and length in steps of each consistent turn so far; emptied when a turn is not consistent. */
  private turns: { radius: number; steps: number }[] = [];

  observe(point: readonly [number, number]): void {
    if (this.last !== null) this.follow(point[0] - this.last[0], point[1] - this.last[1]);
    this.last = point;
    this.steps++;
    this.box = enlarge(this.box, point);
    if (this.absolute >= 2 * Math.PI) this.completeTurn();
  }

  private follow(dx: number, dy: number): void {
    if (dx === 0 && dy === 0) return;
    const direction = Math.atan2(dy, dx);
    if (this.direction !== null) {
      const turn = wrap(direction - this.direction);
      this.absolute += Math.abs(turn);
      this.angle += Math.abs(turn) > REVERSAL ? Math.sign(this.angle || 1) * Math.abs(turn) : turn;
    }
    this.direction = direction;
  }

  private completeTurn(): void {
    const radius = Math.hypot(this.box.right - this.box.left, this.box.top - this.box.bottom) / 2;
    const previous = this.turns[this.turns.length - 1];
    const consistent = Math.abs(this.angle) >= CONSISTENCY * this.absolute && radius > ROUNDING;
    if (!consistent || (previous !== undefined && radius < SHRINK * previous.radius)) this.turns = [];
    if (consistent) this.turns.push({ radius, steps: this.steps });
    [this.angle, this.absolute, this.steps] = [0, 0, 0];
    this.box = emptyBox();
  }

  /** Prices have wound TURNS times without coming closer. */
  get cycling(): boolean {
    return this.turns.length >= TURNS;
  }

  /** Steps of the last turn; null before the first. */
  get period(): number | null {
    return this.turns.at(-1)?.steps ?? null;
  }

  /** On the way round: at least half a turn, one way, since the last verdict on a turn. */
  get winding(): boolean {
    return (
      this.turns.length > 0 ||
      (Math.abs(this.angle) > Math.PI / 2 && Math.abs(this.angle) >= CONSISTENCY * this.absolute)
    );
  }
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

function emptyBox(): Box {
  return { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity };
}

function enlarge({ left, right, bottom, top }: Box, [x, y]: readonly [number, number]): Box {
  return {
    left: Math.min(left, x),
    right: Math.max(right, x),
    bottom: Math.min(bottom, y),
    top: Math.max(top, y),
  };
}

/** An angle in (−π, π]. */
function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
