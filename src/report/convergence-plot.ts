import { plot } from "asciichart";
import type { ResultFile } from "../solve/result.js";
import { largest, smallest } from "./figures.js";

/** Residuals below this are drawn on the floor. */
const FLOOR = 1e-17;

/** The clearing residual by step, on a logarithmic axis; empty where there are fewer than two steps. */
export function convergencePlot(trace: ResultFile["trace"], width = 60, height = 8): string {
  const logs = trace.flatMap(({ residual }) =>
    residual === null ? [] : [Math.log10(Math.max(FLOOR, residual))],
  );
  if (logs.length < 2) return "";
  const columns = Math.max(2, Math.min(width, logs.length));
  const last = logs.length - 1;
  const sampled = Array.from({ length: columns }, (_, k) => logs[Math.round((k * last) / (columns - 1))]);
  const { low, high, rows } = axis(smallest(sampled), largest(sampled), height);
  const format = (x: number) => (isWhole(x) ? `1e${x.toFixed(0)}` : "").padStart(8);
  const chart = plot(sampled, { height: rows, min: low, max: high, format });
  return `${chart}\n${" ".repeat(9)}└ step 0 to ${trace[trace.length - 1].step}: largest excess demand, relative to supply`;
}

/** Powers of ten at equal distances: a row every few decades, or several rows a decade where there are few. */
function axis(least: number, most: number, height: number): { low: number; high: number; rows: number } {
  const each = Math.max(1, Math.ceil((most - least) / height));
  const high = each * Math.ceil(most / each);
  const low = Math.min(high - each, each * Math.floor(least / each));
  const steps = (high - low) / each;
  return { low, high, rows: steps * Math.max(1, Math.min(2, Math.floor(height / steps))) };
}

/** But for what asciichart's sums leave. */
function isWhole(x: number): boolean {
  return Math.abs(x - Math.round(x)) < 1e-6;
}
