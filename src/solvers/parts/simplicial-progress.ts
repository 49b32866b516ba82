import { FINEST, type Turn } from "./simplicial-level.js";

/** What a solve by levels remembers of those behind it. */
export interface Progress {
  /** Cells that a path may go from its centre. */
  readonly reach: number;
  /** The last path went that far: it travels, and gets coarser on the way. */
  readonly travels: boolean;
  /** Least osc F at a complete simplex so far. */
  readonly least: number;
  /** Complete simplices of the finest mesh in a row without progress. */
  readonly idle: number;
  /** Paths lost to rounding. */
  readonly lost: number;
}

/** By what factor the reach grows each time a refinement was too early: so in the end none is. */
const REACH_GROWTH = 1.25;
/** A level has made progress when osc F falls below this fraction of the least so far. */
const FALL = 0.5;
const MOST_IDLE = 3;
const MOST_LOST = 10;

export const NO_PROGRESS: Progress = { reach: 10, travels: false, least: Infinity, idle: 0, lost: 0 };

/** The progress after a level of a given mesh, with osc F where it turned. */
export function progressAfter(from: Progress, mesh: number, why: Turn["why"], size: number): Progress {
  const still = { ...from, travels: false };
  switch (why) {
    case "complete": {
      const idle = mesh <= FINEST && size >= FALL * from.least ? from.idle + 1 : 0;
      return { ...still, idle, least: Math.min(from.least, size) };
    }
    case "far":
      return { ...from, travels: true, reach: (from.travels ? 1 : REACH_GROWTH) * from.reach };
    case "lost":
      return { ...still, lost: from.lost + 1 };
    case "lowered":
      return { ...still, idle: 0, least: Infinity };
  }
}

/** Why there will be no more of it, or null. */
export function exhausted({ idle, lost }: Progress): "idle" | "lost" | null {
  if (lost > MOST_LOST) return "lost";
  return idle >= MOST_IDLE ? "idle" : null;
}
