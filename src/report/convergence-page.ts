import type { Convergence } from "../convergence/convergence.js";
import { escapeText } from "./convergence-axes.js";
import { convergenceFigure } from "./convergence-figure.js";
import { findings } from "./convergence-reading.js";
import { MAP_CAPTION, mapRows, type Rows, sizeLine, solverCaption, solverRows } from "./convergence-table.js";

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff; max-width: 78rem; margin: 2rem auto; padding: 0 1rem; }
  h1, h2 { line-height: 1.2; }
  h2 { margin-top: 3rem; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0.5rem 0 1.5rem; }
  th, td { padding: 0.15rem 0.7rem; text-align: left; border-bottom: 1px solid #ddd; white-space: nowrap; }
  .right { text-align: right; }
  .scroll { overflow-x: auto; }
  .holds { color: #00704f; }
  .fails { color: #b33a00; font-weight: 600; }
  svg { max-width: 100%; height: auto; }
  caption { text-align: left; color: #555; }
`;

/** A page that needs nothing else: for each economy what was found, the figure and both tables. */
export function convergencePage(measured: readonly Convergence[]): string {
  const title = measured.length === 1 ? `${measured[0].economy}: convergence` : "Convergence, measured";
  return [
    "<!doctype html>",
    '<html lang="en">',
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeText(title)}</title><style>${STYLE}</style></head>`,
    "<body>",
    `<h1>${escapeText(title)}</h1>`,
    ...measured.map(section),
    "</body>",
    "</html>\n",
  ].join("\n");
}

function section(measured: Convergence): string {
  const { economy, maps, solvers, tolerance } = measured;
  return [
    `<h2>${escapeText(economy)}</h2>`,
    `<p>${escapeText(sizeLine(measured))}</p>`,
    `<ul>${findings(measured)
      .map(({ holds, text }) => `<li${CLASSES[`${holds}`]}>${escapeText(text)}</li>`)
      .join("\n")}</ul>`,
    `<div class="scroll">${convergenceFigure([measured])}</div>`,
    htmlTable(`Plain tâtonnement ${MAP_CAPTION}`, mapRows(maps)),
    htmlTable(`Solvers ${solverCaption(tolerance)}`, solverRows(solvers)),
  ].join("\n");
}

const CLASSES = { true: ' class="holds"', false: ' class="fails"', null: "" };

function htmlTable(caption: string, { head, rows }: Rows): string {
  if (rows.length === 0) return "";
  const right = head.map((name) => (name.startsWith(">") ? ' class="right"' : ""));
  const cells = (tag: "th" | "td", row: readonly string[]) =>
    `<tr>${row.map((cell, c) => `<${tag}${right[c]}>${escapeText(cell)}</${tag}>`).join("")}</tr>`;
  const names = head.map((name) => name.replace(/^>/u, ""));
  return [
    `<div class="scroll"><table><caption>${escapeText(caption)}</caption>`,
    `<thead>${cells("th", names)}</thead>`,
    `<tbody>${rows.map((row) => cells("td", row)).join("\n")}</tbody></table></div>`,
  ].join("\n");
}
