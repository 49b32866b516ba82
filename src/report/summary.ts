import type { Economy } from "../economy/economy.js";
import type { ResultFile } from "../solve/result.js";
import { agentTable } from "./agent-table.js";
import { changeLines, concentrationLines } from "./aggregates.js";
import {
  briefCertificate,
  certificateLines,
  certificateText,
  distanceLine,
  theoryLines,
} from "./certificate-words.js";
import { counted, duration } from "./figures.js";
import { freeLines, marketTable, type Space } from "./market-table.js";
import { orchestratorTable, routingLines } from "./orchestrator-table.js";
import { type Paint, paint } from "./paint.js";
import { floorTable, sharedTable } from "./quantity-table.js";
import { Reading } from "./reading.js";

export interface SummaryOptions {
  /** Columns of the screen; default 100. */
  readonly width?: number;
  /** Rows of a section before the rest is only counted; default 8. */
  readonly rows?: number;
  /** ANSI colours; default none. */
  readonly color?: boolean;
  /** That the result is of, on its grid: without it units, floors and endowments are left out. */
  readonly economy?: Economy;
}

const DEFAULT_TOLERANCE = 1e-8;

/** A result on one screen: how it ended, what is dear, who earns, who is served how, and whether to believe it. */
export function summarize(result: ResultFile, options: SummaryOptions = {}): string {
  const space: Space = { width: options.width ?? 100, rows: options.rows ?? 8 };
  const ink = paint(options.color ?? false);
  const reading = new Reading(result, options.economy);
  const per = result.time.nodes === 1 ? "" : " over the horizon";
  const sections: [title: string, body: string | string[]][] = [
    [`Prices ${ink.dim(`(mean price 1; spending${per})`)}`, marketTable(reading, space)],
    ["What changes over time", changeLines(reading)],
    ["Free", freeLines(reading, space)],
    ["Shared", sharedTable(reading, space)],
    [
      `Agents ${ink.dim(`(sales, costs and profits${per})`)}`,
      Object.keys(result.agents).length === 0 ? [] : agentTable(reading, space),
    ],
    ["Concentration", concentrationLines(reading)],
    ["Orchestrators", orchestratorTable(reading, space)],
    ["Floors", floorTable(reading, space)],
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

/** A result in a few lines, for who has it in a file: how it ended, whether to believe it, what it took. */
export function headline(result: ResultFile, options: SummaryOptions = {}): string {
  const ink = paint(options.color ?? false);
  const lines = certificateLines(result.certificate, result.tolerance ?? DEFAULT_TOLERANCE);
  const distance = distanceLine(result.certificate);
  return [
    outcome(result, ink),
    ...briefCertificate(lines, ink),
    ...(distance === null ? [] : [distance]),
    `  ${effort(result)}`,
    "",
  ].join("\n");
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
