import type { Readout } from "../../market/market.js";
import { Watch } from "../parts/watch.js";
import { History, type TraceRecord } from "../trace.js";

/** Once good enough, an economy is done when for so many steps its residual has not fallen noticeably: rounding, or a crawl. */
const PATIENCE = 30;
const NOTICEABLE = 0.8;
/** Steps within which ‖f‖ must halve, and steps at most: others do better with what is not made for a batch. */
const LEASH = 25;
const MOST_STEPS = 200;
/** Clearing as complementarity beside clearing, where what keeps the economy from clearing are goods of hardly any value: free ones. */
const IDLE = 1e-6;

export interface Aims {
  /** Clearing at which an economy is solved. */
  readonly target: number;
  /** Clearing that is good enough when rounding lets it come no closer to `target`. */
  readonly tolerance: number;
}

/** Why an economy is better solved by itself. */
export type Reason =
  | "not finite"
  | "floors"
  | "free goods"
  | "slow"
  | "no step is acceptable"
  | "astray"
  | "the backend failed";

/** Where an economy of a batch stands: what loop.ts keeps of a solve. */
export class Member {
  readonly history = new History();
  steps = -1;
  evaluations = 0;
  /** Of the best iterate: clearing, and whether it is within the tolerance. */
  residual = Infinity;
  /** Offers since the residual last fell noticeably, and what it was then. */
  private age = 0;
  private lowest = Infinity;
  private readonly watch: Watch;
  /** Steps since ‖f‖ last halved, and what it was then. */
  private idle = 0;
  private norm = Infinity;

  constructor(
    step: number,
    private readonly aims: Aims,
  ) {
    this.watch = new Watch(step);
  }

  record(readout: Readout, seconds: number, note?: string): TraceRecord {
    const entry: TraceRecord = {
      step: ++this.steps,
      solver: "anderson",
      residual: readout.complementarity,
      seconds,
      evaluations: this.evaluations,
      ...(note === undefined ? {} : { note }),
    };
    this.history.push(entry);
    return entry;
  }

  /** Whether this iterate is the best so far. */
  offer({ clearing, afford }: Readout): boolean {
    this.age++;
    if (!(clearing < this.residual) || afford <= 0) return false;
    this.residual = clearing;
    if (clearing < NOTICEABLE * this.lowest) [this.lowest, this.age] = [clearing, 0];
    return true;
  }

  /** "solved", why to leave the batch, or null to go on. In the order of loop.ts. */
  verdict(readout: Readout): "solved" | Reason | null {
    if (!readout.finite) return "not finite";
    if (readout.afford <= 0) return "floors";
    const watched = this.watch.observe(readout);
    if (readout.clearing <= this.aims.target) return "solved";
    if (this.isGood && this.age >= PATIENCE) return "solved";
    if (!this.isGood && readout.complementarity <= IDLE * readout.clearing) return "free goods";
    if (watched !== null) return this.givenUp("astray");
    const halved = readout.norm <= this.norm / 2;
    this.idle = halved ? 0 : this.idle + 1;
    if (halved) this.norm = readout.norm;
    const slow = (!this.isGood && this.idle > LEASH) || this.steps >= MOST_STEPS;
    return slow ? this.givenUp("slow") : null;
  }

  /** What is within the tolerance is solved, whatever stands in the way of coming closer. */
  givenUp(reason: Reason): "solved" | Reason {
    return this.isGood ? "solved" : reason;
  }

  private get isGood(): boolean {
    return this.residual <= this.aims.tolerance;
  }
}
