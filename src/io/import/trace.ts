/** Traffic over time as a trace has it. */
export interface Trace {
  /** Seconds that a window lasts. */
  readonly window: number;
  /** Traffic a second by name of the series, one value a window; null where the trace has none. */
  readonly series: ReadonlyMap<string, readonly (number | null)[]>;
  /** The series to take where none is asked for; default the one with most traffic. */
  readonly main?: string;
}
