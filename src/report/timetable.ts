import { blocks } from "./blocks.js";
import { figure, shorten } from "./figures.js";
import type { Reading } from "./reading.js";

export interface TimetableRow {
  readonly name: string;
  readonly values: readonly number[];
  /** What stands behind the row. */
  readonly note: string;
}

const LABEL = 16;

/** Rows of block characters under one clock, each from 0 to its own largest value; `·` is nothing at all. */
export function timetable(reading: Reading, rows: readonly TimetableRow[], columns: number): string[] {
  const label = Math.max(LABEL, ...rows.map(({ name }) => Math.min(28, name.length)));
  const width = Math.min(columns, reading.nodes);
  const lines = rows.map(({ name, values, note }) => {
    const row = blocks(reading.evenly(values), width);
    return `  ${shorten(name, label).padEnd(label)}  ${row}  ${note}`.trimEnd();
  });
  if (reading.nodes === 1) return lines;
  return [`  ${" ".repeat(label)}  ${clock(reading, width)}`.trimEnd(), ...lines];
}

/** `0     6     12    18    h`: quarters of the horizon over `width` columns. */
function clock({ result: { time } }: Reading, width: number): string {
  const quarters = [0, 1, 2, 3].map((k) => ({
    at: Math.round((k * width) / 4),
    text: figure((k * time.horizon) / 4),
  }));
  let line = "";
  for (const { at, text } of quarters)
    if (at >= line.length + (line === "" ? 0 : 1)) line = line.padEnd(at) + text;
  return `${line.padEnd(width)}  ${time.unit ?? ""}`;
}
