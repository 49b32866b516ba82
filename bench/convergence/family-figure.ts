import { COLORS, drawFigure, type Layer, type Panel, type Point } from "../../src/report/convergence-axes.js";
import { FAMILIES, type Family } from "./families.js";
import type { MapRecord, Measured } from "./record.js";

/** Colours of grids, coarse to fine. */
const GRID_COLORS = [COLORS.sky, COLORS.yellow, COLORS.purple, COLORS.black];

type Value = (map: MapRecord) => number | null;

/** The factor at the default λ along each family's parameter, and along λ for the damped one. */
export function familiesFigure(records: readonly Measured[]): string {
  const ordered = FAMILIES.filter(({ parameter }) => parameter !== null);
  const panels = ordered.map((family) =>
    familyPanel(
      family,
      records.filter((r) => r.family === family.name),
    ),
  );
  const damping = records.filter(({ family }) => family === "damping");
  return drawFigure(
    "Factor of a plain step at the default λ, by family",
    [...panels, dampingPanel(damping)],
    3,
  );
}

function familyPanel(family: Family, records: readonly Measured[]): Panel {
  const rows = records.flatMap((record) => {
    const map = record.maps.find(({ step }) => Math.abs(step - record.theory.step) <= 1e-9 * step);
    return map === undefined || record.x === null ? [] : [{ ...record, x: record.x, map }];
  });
  const finest = rows.filter(({ nodes }) => nodes === Math.max(...rows.map((row) => row.nodes)));
  const curve = (value: Value) => finest.map(({ x, map }): Point => [x, value(map)]);
  const xs = rows.map(({ x }) => x);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const domain: [number, number] = family.logarithmic ? [low / 1.15, high * 1.15] : [low, high];
  return {
    title: family.name,
    x: { kind: family.logarithmic ? "log" : "linear", label: family.parameter ?? "", domain },
    y: { kind: "linear", label: "distance after / before, λ = 1/(σ_max+e_S)", domain: [0, 1.02] },
    layers: [...theoryLayers(curve), ...byGrid(rows, ({ x, map }): Point => [x, map.observed])],
  };
}

function theoryLayers(curve: (value: Value) => Point[]): Layer[] {
  const known = (points: readonly Point[]) => (points.some(([, y]) => y !== null) ? points : []);
  return [
    { label: "bound", color: COLORS.orange, mark: "line", points: known(curve((map) => map.bound)) },
    {
      label: "T3's interval",
      color: COLORS.green,
      mark: "dashes",
      points: known(curve((map) => map.interval)),
    },
    {
      label: "local (finest grid)",
      color: COLORS.blue,
      mark: "line",
      points: known(curve((map) => map.local)),
    },
  ];
}

/** Dots in a colour for each grid. */
function byGrid<Row extends { readonly nodes: number }>(
  rows: readonly Row[],
  point: (row: Row) => Point,
): Layer[] {
  const grids = [...new Set(rows.map(({ nodes }) => nodes))].sort((a, b) => a - b);
  return grids.map((nodes, i) => ({
    label: `observed, ${nodes === 1 ? "static" : `${nodes} nodes`}`,
    color: GRID_COLORS[i % GRID_COLORS.length],
    mark: "rings",
    points: rows.filter((row) => row.nodes === nodes).map(point),
  }));
}

function dampingPanel(records: readonly Measured[]): Panel {
  const rows = records.flatMap(({ maps, nodes, theory }) =>
    maps.map((map) => ({ nodes, map, x: map.step / theory.step })),
  );
  const finest = rows.filter(({ nodes }) => nodes === Math.max(...rows.map((row) => row.nodes)));
  return {
    title: "damping",
    x: { kind: "linear", label: "λ as a multiple of the default", domain: [0, 2.1] },
    y: { kind: "linear", label: "distance after / before", domain: [0, 1.05] },
    layers: [
      ...theoryLayers((value) => finest.map(({ x, map }): Point => [x, value(map)])),
      ...byGrid(rows, ({ x, map }): Point => [x, map.observed]),
    ],
  };
}
