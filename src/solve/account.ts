import type { TraceRecord } from "../solvers/trace.js";
import type { Level } from "./level.js";

/** What was done in the solves before one. */
export interface Before {
  /** Steps so far and one more: the number of the next record. */
  readonly steps: number;
  readonly evaluations: number;
  readonly seconds: number;
  readonly trace: readonly TraceRecord[];
}

/** What came of several solves together; `level` is the last one's, on the economy's own grid. */
export interface Climbed {
  readonly level: Level;
  readonly steps: number;
  readonly evaluations: number;
  readonly trace: readonly TraceRecord[];
}

/** What the notes of a solve's records say: the first one's, and every other's. */
export interface Words {
  readonly first: string;
  readonly every: string | null;
}

const NOTHING: Before = { steps: 0, evaluations: 0, seconds: 0, trace: [] };

/** Adds up the solves of a ladder as if they were one. */
export class Account {
  private readonly began: number;

  constructor(private past: Before = NOTHING) {
    this.began = performance.now() - 1000 * past.seconds;
  }

  get steps(): number {
    return this.past.steps;
  }

  before(): Before {
    return this.past;
  }

  /** A record of the present solve, counted from the first. */
  shifted(record: TraceRecord, words: Words | null): TraceRecord {
    const { steps, evaluations, seconds } = this.past;
    const grid = record.step === 0 ? words?.first : words?.every;
    const note = [grid, record.note].filter((part) => part).join("; ");
    return {
      ...record,
      step: steps + record.step,
      evaluations: evaluations + record.evaluations,
      seconds: seconds + record.seconds,
      ...(note === "" ? {} : { note }),
    };
  }

  /** The present solve has ended. */
  add({ loop, evaluations }: Level, words: Words | null): void {
    this.past = {
      steps: this.past.steps + loop.steps + 1,
      evaluations: this.past.evaluations + evaluations,
      seconds: (performance.now() - this.began) / 1000,
      trace: [...this.past.trace, ...loop.trace.map((record) => this.shifted(record, words))],
    };
  }

  climbed(level: Level): Climbed {
    const { steps, evaluations, trace } = this.past;
    return { level, steps: steps - 1, evaluations, trace };
  }
}
