import { COLORS, drawFigure, type Layer, type Panel, type Point } from "../../src/report/convergence-axes.js";
import { logDomain } from "../../src/report/convergence-figure.js";
import type { Row } from "./measurement.js";

const PALETTE = [
  COLORS.black,
  COLORS.blue,
  COLORS.orange,
  COLORS.green,
  COLORS.purple,
  COLORS.sky,
  COLORS.yellow,
];

/** Cost per price against the number of prices, for evaluations, Anderson steps and solves. */
export function costFigure(rows: readonly Row[]): string {
  const perPrice = (seconds: number | undefined, { prices }: Row) =>
    seconds === undefined ? null : (1e9 * seconds) / prices;
  return drawFigure("Cost against size, by system", [
    panel("evaluation of f", "ns per price", rows, (row) => perPrice(row.evaluation.median, row)),
    panel("Anderson(5) step", "ns per price", rows, (row) => perPrice(row.solve?.step, row)),
    panel("solve", "seconds", rows, (row) => row.solve?.seconds ?? null),
  ]);
}

function panel(title: string, unit: string, rows: readonly Row[], value: (row: Row) => number | null): Panel {
  const nameOf = ({ system, threads, precision }: Row) =>
    `${system}, ${precision === "float64" ? "f64" : "f32"}, ${threads}T`;
  const names = [...new Set(rows.map(nameOf))];
  const layers = names.flatMap((label, i): Layer[] => {
    const points = rows.filter((row) => nameOf(row) === label).map((row): Point => [row.prices, value(row)]);
    const color = PALETTE[i % PALETTE.length];
    const mark = i < PALETTE.length ? "line" : "dashes";
    return [
      { label, color, points, mark },
      { label: "", color, points, mark: "dots" },
    ];
  });
  const known = (values: readonly (number | null)[]) =>
    values.filter((x): x is number => x !== null && x > 0);
  return {
    title,
    x: { kind: "log", label: "prices", domain: logDomain(known(rows.map(({ prices }) => prices))) },
    y: { kind: "log", label: unit, domain: logDomain(known(rows.map(value))) },
    layers,
  };
}
