/** What one process says of one system (seconds; see python/measure.py). */
export interface Measured {
  readonly path: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly prices: number;
  /** max |f − f of the reference| at the random point. */
  readonly error: number;
  readonly evaluation: { readonly median: number; readonly least: number; readonly runs: number };
  readonly solve: {
    readonly seconds: number;
    readonly steps: number;
    readonly oscillation: number;
    /** Median seconds of one step with a full history. */
    readonly step: number;
  } | null;
  /** Why there is no solve. */
  readonly unsolved?: string;
  /** max |log p − log p of walras' float64 solution|. */
  readonly apart: number | null;
}

export type Precision = "float64" | "float32";

/** One line of the table. */
export interface Row extends Measured {
  readonly system: string;
  readonly threads: number;
  readonly precision: Precision;
}

/** How far an evaluation may be from the reference's: beyond it a peer computes something else, and is not timed. */
export const AGREEMENT: Readonly<Record<Precision, number>> = { float64: 1e-11, float32: 1e-5 };

/** osc f at which solves end. float32 comes no closer than about 1e-5. */
export const TARGET: Readonly<Record<Precision, number>> = { float64: 1e-8, float32: 2e-5 };

/** How far log prices may be from those of walras' own solution. */
export const SAME_PRICES: Readonly<Record<Precision, number>> = { float64: 1e-6, float32: 1e-3 };
