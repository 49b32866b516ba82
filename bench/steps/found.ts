import type { NativeFound } from "../native/measure.js";
import type { Way } from "./sizes.js";

/** One timed thing at one size. */
export interface Timing extends Way {
  readonly step: string;
  readonly prices: number;
  readonly nanoseconds_per_price: number;
  /** Of the fastest sample: what other work on the machine cannot lengthen. */
  readonly least: number;
  /** Relative margin of error of the mean, in percent, and samples. */
  readonly margin: number;
  readonly samples: number;
  /** Residuals and Jacobian-vector products of one. */
  readonly evaluations: number;
  /** What kernels must move (bytes.ts); null where nobody counts. */
  readonly bytes_per_price: number | null;
}

/** A whole solve of an economy in memory, with its certificate. */
export interface Solve extends Way {
  readonly prices: number;
  readonly status: string;
  readonly clearing: number;
  readonly steps: number;
  readonly evaluations: number;
  /** Of the fastest run, and the last record of its trace: when steps had ended. */
  readonly seconds: number;
  readonly stepping: number;
  readonly runs: number;
  readonly bytes_per_price: number | null;
}

/** What was not measured, and why. */
export interface Missing {
  readonly what: string;
  readonly prices: number;
  readonly backend: string;
  readonly threads: number;
  readonly why: string;
}

export interface Found {
  readonly timings: readonly Timing[];
  readonly solves: readonly Solve[];
  readonly native: readonly NativeFound[];
  readonly missing: readonly Missing[];
}

export const NOTHING: Found = { timings: [], solves: [], native: [], missing: [] };

export function together(all: readonly Found[]): Found {
  return {
    timings: all.flatMap(({ timings }) => timings),
    solves: all.flatMap(({ solves }) => solves),
    native: all.flatMap(({ native }) => native),
    missing: all.flatMap(({ missing }) => missing),
  };
}
