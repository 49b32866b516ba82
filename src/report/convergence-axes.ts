import { scaleLinear, scaleLog, scalePoint } from "d3-scale";
import { line } from "d3-shape";

/** A point; null coordinates are left out. */
export type Point = readonly [x: number | null, y: number | null];

/** Where data lie along one side of a panel. */
export type Axis =
  | { readonly kind: "linear" | "log"; readonly label: string; readonly domain: readonly [number, number] }
  /** Names at equal distances; coordinates are their indices. */
  | { readonly kind: "names"; readonly label: string; readonly names: readonly string[] };

/** What is drawn: theory as lines, measurements as points. */
export interface Layer {
  readonly label: string;
  readonly color: string;
  readonly points: readonly Point[];
  readonly mark: "line" | "dashes" | "dots" | "rings" | "ticks";
}

export interface Panel {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly layers: readonly Layer[];
}

/** Colours that the colour-blind tell apart (M. Okabe and K. Ito 2008). */
export const COLORS = {
  black: "#222222",
  blue: "#0072b2",
  green: "#009e73",
  orange: "#d55e00",
  purple: "#aa4499",
  sky: "#56b4e9",
  yellow: "#b8860b",
} as const;

/** Margins hold ticks and labels; names need more room than numbers. */
const PANEL = { width: 400, height: 260, left: 60, beforeNames: 106, right: 16, top: 44, bottom: 44 };
const LEGEND_LINE = 16;
/** A page's own fonts, and a white ground, so that a figure is legible wherever it is shown. */
const FONT = 'font-family="system-ui, sans-serif" font-size="11"';

/** An SVG of panels in rows of so many columns, under one title. */
export function drawFigure(title: string, panels: readonly Panel[], columns = panels.length): string {
  const heights = panels.map(heightOf);
  const rows = Math.ceil(panels.length / columns);
  const rowHeights = Array.from({ length: rows }, (_, r) =>
    Math.max(...heights.slice(r * columns, (r + 1) * columns)),
  );
  const head = 30;
  const width = columns * PANEL.width;
  const height = rowHeights.reduce((sum, h) => sum + h, head);
  const drawn = panels.map((panel, i) => {
    const r = Math.floor(i / columns);
    const top = rowHeights.slice(0, r).reduce((sum, h) => sum + h, head);
    return `<g transform="translate(${(i % columns) * PANEL.width},${top})">\n${drawPanel(panel)}\n</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${FONT} role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="12" y="21" font-size="14" font-weight="600">${escapeText(title)}</text>`,
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

/** Text between tags and in attributes. */
export function escapeText(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  // Control characters are not XML.
  return text.replace(/[&<>"']/gu, (c) => entities[c]).replace(/\p{Cc}/gu, "�");
}

function heightOf({ layers }: Panel): number {
  return PANEL.height + LEGEND_LINE * Math.ceil(labelled(layers).length / 2) + 8;
}

/** Layers of one label have one entry. */
function labelled(layers: readonly Layer[]): Layer[] {
  return layers.filter(
    ({ label, points }, i) =>
      label !== "" && points.length > 0 && layers.findIndex((other) => other.label === label) === i,
  );
}

function drawPanel({ title, x, y, layers }: Panel): string {
  const { width, height, right, top, bottom } = PANEL;
  const left = y.kind === "names" ? PANEL.beforeNames : PANEL.left;
  const [across, up] = [side(x, left, width - right), side(y, height - bottom, top)];
  return [
    `<text x="${left}" y="${top - 20}" font-weight="600">${escapeText(title)}</text>`,
    ...across.ticks.map(
      ({ at, label }) =>
        `<path d="M${at} ${top}V${height - bottom}" stroke="#e4e4e4"/><text x="${at}" y="${height - bottom + 15}" text-anchor="middle">${label}</text>`,
    ),
    ...up.ticks.map(
      ({ at, label }) =>
        `<path d="M${left} ${at}H${width - right}" stroke="#e4e4e4"/><text x="${left - 6}" y="${at + 4}" text-anchor="end">${label}</text>`,
    ),
    `<path d="M${left} ${top}V${height - bottom}H${width - right}" fill="none" stroke="#888888"/>`,
    `<text x="${(left + width - right) / 2}" y="${height - bottom + 34}" text-anchor="middle">${escapeText(x.label)}</text>`,
    `<text x="${left}" y="${top - 6}" fill="#666666" font-size="10">${escapeText(y.label)}</text>`,
    ...layers.map((layer) => drawLayer(layer, across.place, up.place)),
    ...labelled(layers).map((layer, i) => legendEntry(layer, i)),
  ].join("\n");
}

type Place = (value: number | null) => number | null;

/** Where a value stands between two ends in pixels, null outside the axis; and the ticks. */
function side(
  axis: Axis,
  from: number,
  to: number,
): { place: Place; ticks: { at: number; label: string }[] } {
  if (axis.kind === "names") {
    const scale = scalePoint([...axis.names], [from, to]).padding(0.6);
    const place: Place = (value) => (value === null ? null : rounded(scale(axis.names[value]) ?? null));
    return { place, ticks: axis.names.map((name, i) => ({ at: place(i) ?? from, label: escapeText(name) })) };
  }
  const [low, high] = axis.domain;
  const scale = (axis.kind === "log" ? scaleLog() : scaleLinear()).domain([low, high]).range([from, to]);
  const place: Place = (value) =>
    value === null || !(value >= low && value <= high) ? null : rounded(scale(value));
  const ticks = axis.kind === "log" ? decades(low, high) : scale.ticks(6);
  return {
    place,
    ticks: ticks.map((tick) => ({ at: rounded(scale(tick)) ?? from, label: tickLabel(tick) })),
  };
}

/** Powers of ten, at most nine of them; where there are few also 2 and 5 times them. */
function decades(low: number, high: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last - first < 2) {
    const factors = [1, 2, 5].flatMap((f) =>
      Array.from({ length: last - first + 3 }, (_, k) => f * 10 ** (first - 1 + k)),
    );
    return factors.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
  }
  const each = Math.ceil((last - first + 1) / 9);
  const ticks = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  return ticks.filter((k) => (last - k) % each === 0).map((k) => 10 ** k);
}

function tickLabel(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(6)));
  return value.toExponential(0).replace("e+", "e");
}

function drawLayer({ points, color, mark }: Layer, x: Place, y: Place): string {
  const placed = points.map(([a, b]): [number | null, number | null] => [x(a), y(b)]);
  if (mark === "line" || mark === "dashes") {
    const path = line<[number | null, number | null]>()
      .defined(([a, b]) => a !== null && b !== null)
      .x(([a]) => a ?? 0)
      .y(([, b]) => b ?? 0)
      .digits(2);
    const dashes = mark === "dashes" ? ' stroke-dasharray="5 4"' : "";
    return `<path d="${path(placed) ?? ""}" fill="none" stroke="${color}" stroke-width="1.6"${dashes}/>`;
  }
  const drawn = placed.flatMap(([a, b]) => (a === null || b === null ? [] : [symbol(a, b, color, mark)]));
  return drawn.join("");
}

function symbol(x: number, y: number, color: string, mark: Layer["mark"]): string {
  if (mark === "ticks") return `<path d="M${x} ${y - 7}V${y + 7}" stroke="${color}" stroke-width="2"/>`;
  if (mark === "rings") return `<circle cx="${x}" cy="${y}" r="3.6" fill="none" stroke="${color}"/>`;
  return `<circle cx="${x}" cy="${y}" r="2.8" fill="${color}"/>`;
}

/** Two columns under the panel. */
function legendEntry({ label, color, mark }: Layer, i: number): string {
  const { left, width, height } = PANEL;
  const x = left + (i % 2) * ((width - left) / 2);
  const y = height + 6 + LEGEND_LINE * Math.floor(i / 2);
  const isLine = mark === "line" || mark === "dashes";
  const dashes = mark === "dashes" ? ' stroke-dasharray="5 4"' : "";
  const key = isLine
    ? `<path d="M${x} ${y}H${x + 20}" stroke="${color}" stroke-width="1.6"${dashes}/>`
    : symbol(x + 10, y, color, mark);
  return `${key}<text x="${x + 26}" y="${y + 4}">${escapeText(label)}</text>`;
}

/** To a hundredth of a pixel. */
function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Math.round(100 * value) / 100;
}
