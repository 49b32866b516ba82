import { BackendFailedError } from "../../core/errors.js";
import { Breather } from "../../core/event-loop.js";
import type { BatchMarket } from "../../market/batch.js";
import type { Readout } from "../../market/market.js";
import type { LoopResult } from "../loop.js";
import type { TraceRecord } from "../trace.js";
import { LockStepAnderson } from "./anderson.js";
import { type Aims, Member, type Reason } from "./member.js";

export interface BatchOptions extends Aims {
  readonly onStep?: (record: TraceRecord, economy: number) => void;
  /** Cancels: economies not yet solved end with their best iterates. */
  readonly signal?: AbortSignal;
}

/** How an economy of a batch ended: "solved" (the verifier has not been asked yet) or "cancelled", or why it left for a solve of its own. */
export type BatchEnd =
  | { readonly loop: LoopResult; readonly evaluations: number }
  | { readonly left: Reason };

/**
 * Solves economies of one structure in lock step, each to an end of its own: one that is done is not evaluated any more. What a
 * lock step is not made for (free goods, floors that cannot be paid, steps refused again and again) leaves the batch.
 *
 * @param start log prices of all
 */
export async function iterateBatch<V>(
  market: BatchMarket<V>,
  start: V,
  options: BatchOptions,
): Promise<readonly BatchEnd[]> {
  return new BatchRun(market, start, options).toEnd();
}

class BatchRun<V> {
  private readonly began = performance.now();
  private readonly breather = new Breather();
  private readonly process: LockStepAnderson<V>;
  private readonly members: readonly Member[];
  private readonly readouts: Readout[] = [];
  private readonly ends: BatchEnd[] = [];
  private readonly best: V;
  private live: number[];

  constructor(
    private readonly market: BatchMarket<V>,
    start: V,
    private readonly options: BatchOptions,
  ) {
    this.process = new LockStepAnderson(market, start);
    this.members = market.hints.map(({ step }) => new Member(step, options));
    this.live = [...this.members.keys()];
    this.best = market.create();
    market.combine([1], [start], this.best, this.live);
  }

  async toEnd(): Promise<readonly BatchEnd[]> {
    try {
      await this.walk();
    } catch (error) {
      if (!(error instanceof BackendFailedError)) throw error;
      for (const b of this.live) this.ends[b] = { left: "the backend failed" };
    }
    return this.ends;
  }

  private async walk(): Promise<void> {
    const first = await this.process.begin();
    for (const b of this.live) this.members[b].evaluations++;
    await this.arrive(this.live, first, []);
    while (this.live.length > 0) {
      if (this.options.signal?.aborted) return this.cancel();
      const { live } = this;
      const moves = await this.process.step(live);
      for (const b of live) this.members[b].evaluations++;
      const [moved, readouts, notes]: [number[], Readout[], (string | undefined)[]] = [[], [], []];
      for (const [k, move] of moves.entries()) {
        if (move === "refused") continue;
        if (move === "stuck") await this.end(live[k], this.members[live[k]].givenUp("no step is acceptable"));
        else {
          moved.push(live[k]);
          readouts.push(move.to);
          notes.push(move.note);
        }
      }
      await this.arrive(moved, readouts, notes);
      await this.breather.breathe();
    }
  }

  /** These economies are at new iterates. */
  private async arrive(
    moved: readonly number[],
    readouts: readonly Readout[],
    notes: readonly (string | undefined)[],
  ): Promise<void> {
    const seconds = (performance.now() - this.began) / 1000;
    const better = moved.filter((b, k) => {
      this.readouts[b] = readouts[k];
      const record = this.members[b].record(readouts[k], seconds, notes[k]);
      this.options.onStep?.(record, b);
      return this.members[b].offer(readouts[k]);
    });
    if (better.length > 0) this.market.combine([1], [this.process.iterates], this.best, better);
    for (const b of moved) {
      const verdict = this.members[b].verdict(this.readouts[b]);
      if (verdict !== null) await this.end(b, verdict);
    }
  }

  private async cancel(): Promise<void> {
    for (const b of this.live) await this.end(b, "cancelled");
  }

  private async end(b: number, how: "solved" | "cancelled" | Reason): Promise<void> {
    this.live = this.live.filter((other) => other !== b);
    this.ends[b] = how === "solved" || how === "cancelled" ? await this.result(b, how) : { left: how };
  }

  private async result(b: number, status: "solved" | "cancelled"): Promise<BatchEnd> {
    const { residual, steps, history, evaluations } = this.members[b];
    const prices = await this.market.prices(this.best, b);
    const { poorest } = this.readouts[b];
    const nothing = { starved: false, period: null };
    return {
      loop: { status, prices, residual, steps, trace: history.records, poorest, ...nothing },
      evaluations,
    };
  }
}
