import { Presets, SingleBar } from "cli-progress";
import type { TraceRecord } from "../index.js";
import type { Terminal } from "./io.js";

export const PROGRESS_MODES = ["auto", "off", "jsonl"] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];

/** What shows a solve while it runs. */
export interface Progress {
  step(record: TraceRecord): void;
  stop(): void;
}

const NOTHING: Progress = { step: () => {}, stop: () => {} };

/** A bar for a person at a terminal, JSON lines for a program, nothing for a file. */
export function startProgress(mode: ProgressMode, stderr: Terminal, tolerance: number): Progress {
  if (mode === "jsonl")
    return { step: (record) => stderr.write(`${JSON.stringify(record)}\n`), stop: () => {} };
  return mode === "auto" && stderr.isTTY ? bar(stderr, tolerance) : NOTHING;
}

const FORMAT = "{bar} step {step} · residual {residual} of {tolerance} · × {rate} a step · {solver}";

function bar(stderr: Terminal, tolerance: number): Progress {
  // Cursor and line wrapping stay as they are, so that ending at once leaves the terminal in order.
  const options = {
    stream: stderr,
    format: FORMAT,
    clearOnComplete: true,
    hideCursor: null,
    linewrap: true,
    barsize: 16,
  };
  const single = new SingleBar(options, Presets.shades_classic);
  const residuals: number[] = [];
  const unknown = { step: 0, residual: "?", tolerance: tolerance.toExponential(0), rate: "?", solver: "" };
  single.start(1, 0, unknown);
  return {
    step: ({ step, residual, solver }) => {
      residuals.push(residual);
      const rate = recentRate(residuals)?.toPrecision(2) ?? "?";
      const done = fractionDone(residuals, tolerance);
      single.update(done, { step, residual: residual.toExponential(1), rate, solver });
    },
    stop: () => single.stop(),
  };
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
