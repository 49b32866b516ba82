import type { ResultFile } from "../solve/result.js";
import { agentTable } from "./agent-table.js";
import { certificateLines, certificateText, theoryLines } from "./certificate-words.js";
import { counted, duration } from "./figures.js";
import { freeLines, marketTable, type Space } from "./market-table.js";
import { orchestratorTable, routingLines } from "./orchestrator-table.js";
import { type Paint, paint } from "./paint.js";
import { Reading } from "./reading.js";

export interface SummaryOptions {
  /** Columns of the screen; default 100. */
  readonly width?: number;
  /** Rows of a section before the rest is only counted; default 8. */
  readonly rows?: number;
  /** ANSI colours; default none. */
  readonly color?: boolean;
}

const DEFAULT_TOLERANCE = 1e-8;

/** A result on one screen: how it ended, what is dear, who earns, who is served how, and whether to believe it. */
export function summarize(result: ResultFile, options: SummaryOptions = {}): string {
  const space: Space = { width: options.width ?? 100, rows: options.rows ?? 8 };
  const ink = paint(options.color ?? false);
  const reading = new Reading(result);
  const sections: [title: string, body: string | string[]][] = [
    [`Prices ${ink.dim("(mean price 1)")}`, marketTable(reading, space)],
    ["Free", freeLines(reading, space)],
    ["Agents", Object.keys(result.agents).length === 0 ? [] : agentTable(reading, space)],
    ["Orchestrators", orchestratorTable(reading, space)],
    ["Routing", routingLines(reading, space)],
    certificateSection(result, ink),
  ];
  return [
    outcome(result, ink),
    ...sections
      .filter(([, body]) => body.length > 0)
      .map(([title, body]) => `${ink.bold(title)}\n${[body].flat().join("\n")}`),
    `${effort(result)}\n`,
  ].join("\n\n");
}

/** Name, status and message. */
export function outcome({ economy, status, message }: ResultFile, ink: Paint): string {
  const word = status === "solved" ? ink.good(status) : ink.bad(status);
  return `${ink.bold(economy)}: ${word}\n  ${message}`;
}

export function certificateSection(result: ResultFile, ink: Paint): [title: string, body: string[]] {
  const tolerance = result.tolerance ?? DEFAULT_TOLERANCE;
  const lines = certificateText(certificateLines(result.certificate, tolerance), ink);
  return [
    `Certificate ${ink.dim(`(each gap relative, at most ${tolerance})`)}`,
    [...lines, ...theoryLines(result.certificate)],
  ];
}

/** Who computed it, where, and how long it took. */
export function effort({ solver, backend, precision, steps, evaluations, seconds }: ResultFile): string {
  const work = `${counted(steps, "step")}, ${counted(evaluations, "evaluation")}, ${duration(seconds)}`;
  return `${solver} on the ${backend} backend (${precision}): ${work}.`;
}
