/** One step of a solve, as data; progress bars and files render it elsewhere. */
export interface TraceRecord {
  readonly step: number;
  /** Who made the step: with `auto`, the member at work. */
  readonly solver: string;
  /** Clearing at the new iterate, as complementarity: an idle good counts by its revenue once that is the lesser. */
  readonly residual: number;
  /** Since the solve began. */
  readonly seconds: number;
  /** Residuals and Jacobian-vector products so far. */
  readonly evaluations: number;
  /** Why something changed here: a switch, a restart, freed commodities. */
  readonly note?: string;
}
