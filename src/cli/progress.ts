import { Presets, SingleBar } from "cli-progress";
import type { TraceRecord } from "../index.js";
import type { Terminal } from "./io.js";

export const PROGRESS_MODES = ["auto", "off", "jsonl"] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];

/** What shows a solve while it runs. */
export interface Progress {
  step(record: TraceRecord): void;
  /** Nothing is shown after it, whatever comes. */
  stop(): void;
}

const NOTHING: Progress = { step: () => {}, stop: () => {} };

/** A bar for a person at a terminal, JSON lines for a program, nothing for a file. */
export function startProgress(mode: ProgressMode, stderr: Terminal, tolerance: number): Progress {
  if (mode === "jsonl")
    return { step: (record) => stderr.write(`${JSON.stringify(record)}\n`), stop: () => {} };
  return mode === "auto" && stderr.isTTY ? bar(stderr, tolerance) : NOTHING;
}

const BAR = 16;

function bar(stderr: Terminal, tolerance: number): Progress {
  // Cursor and line wrapping stay as they are, so that ending at once leaves the terminal in order.
  const options = {
    stream: stderr,
    format: "{bar} {words}",
    clearOnComplete: true,
    hideCursor: null,
    linewrap: true,
    barsize: BAR,
  };
  const single = new SingleBar(options, Presets.shades_classic);
  const residuals: number[] = [];
  let stopped = false;
  single.start(1, 0, { words: "starting" });
  return {
    step: (record) => {
      if (stopped) return;
      residuals.push(record.residual);
      const room = (stderr.columns ?? 80) - BAR - 2;
      const words = progressWords(record, recentRate(residuals), tolerance, room);
      single.update(fractionDone(residuals, tolerance), { words });
    },
    stop: () => {
      if (!stopped) single.stop();
      stopped = true;
    },
  };
}

/** What stands beside the bar: as much as is known and fits into `room` characters, the least important last. */
export function progressWords(
  { step, residual, solver }: Pick<TraceRecord, "step" | "residual" | "solver">,
  rate: number | null,
  tolerance: number,
  room: number,
): string {
  const parts = [
    `step ${step}`,
    `residual ${residual.toExponential(1)} of ${Number(tolerance.toPrecision(1))}`,
    ...(rate === null ? [] : [`× ${rate.toPrecision(2)} a step`]),
    solver,
  ];
  while (parts.length > 1 && parts.join(" · ").length > room) parts.pop();
  return parts.join(" · ");
}

/** How much of the way from the first residual to the tolerance the best one has come, on a logarithmic scale. */
export function fractionDone(residuals: readonly number[], tolerance: number): number {
  const first = residuals[0];
  const best = residuals.reduce((least, r) => Math.min(least, r), Number.POSITIVE_INFINITY);
  if (best <= tolerance) return 1;
  const fraction = Math.log(first / best) / Math.log(first / tolerance);
  return Number.isFinite(fraction) ? Math.max(0, Math.min(1, fraction)) : 0;
}

/** Geometric mean rate of the last ten steps; null where there are too few. */
export function recentRate(residuals: readonly number[]): number | null {
  const steps = Math.min(10, residuals.length - 1);
  if (steps < 2) return null;
  const rate = (residuals[residuals.length - 1] / residuals[residuals.length - 1 - steps]) ** (1 / steps);
  return Number.isFinite(rate) ? rate : null;
}
