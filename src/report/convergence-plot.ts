import { plot } from "asciichart";
import type { ResultFile } from "../solve/result.js";

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
  const low = Math.floor(Math.min(...sampled));
  const high = Math.max(low + 1, Math.ceil(Math.max(...sampled)));
  const format = (x: number) => `1e${x.toFixed(0)}`.padStart(8);
  const chart = plot(sampled, { height: Math.min(height, 2 * (high - low)), min: low, max: high, format });
  return `${chart}\n${" ".repeat(9)}└ step 0 to ${trace[trace.length - 1].step}: largest excess demand, relative to supply`;
}
