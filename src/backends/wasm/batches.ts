import type { Economy } from "../../economy/economy.js";
import type { BatchMarket } from "../../market/batch.js";
import { type Layout, layOut } from "../../market/layout.js";
import { Ellipsoid } from "../../production/ellipsoid.js";
import { Hull } from "../../production/hull.js";
import { BatchDraft, WasmBatch } from "./batch.js";
import { BatchRoom, type RoomOptions } from "./batch-room.js";
import { MOST_THREADS } from "./kernels.js";

/** Numbers of all economies of all batches from which on other threads pay for being started. */
const THREADS_PAY = 2 ** 18;
/** A room is larger than the batch that it is made for, for the next ones. */
const SLACK = 1.25;

/** A batch of those of some economies that can be in one. */
export interface Opened {
  /** Which they are. */
  readonly members: readonly number[];
  readonly market: BatchMarket<Float64Array>;
}

/** Opens batches one after the other, in one memory with the same threads. */
export class WasmBatches {
  private room: BatchRoom | null = null;
  private readonly threads: number;

  /** @param numbers of all economies of all batches to come */
  constructor(
    numbers: number,
    private readonly options: RoomOptions = {},
  ) {
    this.threads = options.threads ?? (numbers < THREADS_PAY ? 1 : MOST_THREADS);
  }

  /**
   * A batch of those economies that fit, which disposes of the last one; null where none does.
   *
   * @throws BackendUnavailableError where they are too many for a memory
   */
  open(economies: readonly Economy[]): Opened | null {
    const layouts = economies.map((economy) => (hasKernels(economy) ? layOut(economy) : null));
    const members = [...layouts.keys()].filter((b) => isTradedAlways(layouts[b]));
    if (members.length === 0) return null;
    const draft = new BatchDraft(members.map((b) => layouts[b] as Layout));
    return { members, market: new WasmBatch(draft, this.roomFor(draft)) };
  }

  private roomFor(draft: BatchDraft): BatchRoom {
    const bytes = draft.bytes(this.threads);
    if (this.room !== null && this.room.bytes >= bytes && this.room.economies >= draft.economies)
      return this.room;
    this.dispose();
    const options = { ...this.options, threads: this.threads };
    this.room = new BatchRoom(Math.ceil(SLACK * bytes), draft.economies, options);
    return this.room;
  }

  dispose(): void {
    this.room?.dispose();
    this.room = null;
  }
}

/** Whether kernels alone can evaluate it. */
function hasKernels({ orchestrators, agents }: Economy): boolean {
  const isWritten = orchestrators.some(({ preferences }) => preferences.written !== undefined);
  return !isWritten && agents.every(({ set }) => set instanceof Ellipsoid || set instanceof Hull);
}

/** Whether everything has a market at every instant. */
function isTradedAlways(layout: Layout | null): boolean {
  return layout !== null && layout.size === layout.commodities * layout.nodes;
}
