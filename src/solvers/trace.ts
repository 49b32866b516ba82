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

/** Records a history keeps; a longer one is thinned, so that a million steps do not fill memory and file. */
const MOST_RECORDS = 20_000;

/** The records of a solve: every step, or when there are very many every second, fourth, … and always the last. */
export class History {
  private kept: TraceRecord[] = [];
  private stride = 1;
  private last: TraceRecord | null = null;

  push(record: TraceRecord): void {
    this.last = record;
    if (record.step % this.stride !== 0) return;
    this.kept.push(record);
    if (this.kept.length < MOST_RECORDS) return;
    this.stride *= 2;
    this.kept = this.kept.filter(({ step }) => step % this.stride === 0);
  }

  save(): object {
    return { ...this };
  }

  static restore(saved: object): History {
    return Object.assign(new History(), saved);
  }

  get records(): readonly TraceRecord[] {
    const { kept, last } = this;
    return last === null || kept.at(-1) === last ? kept : [...kept, last];
  }
}
