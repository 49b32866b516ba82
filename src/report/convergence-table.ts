import type { Convergence, MapMeasurement } from "../convergence/convergence.js";
import type { MapRun } from "../convergence/plain-map.js";
import type { SolverRun } from "../convergence/solver-runs.js";
import { findings } from "./convergence-reading.js";
import { counted, duration, figure, gap } from "./figures.js";
import { paint } from "./paint.js";
import { table } from "./table.js";

/** Heads and rows of the two tables of an economy, for a terminal, a page or Markdown; heads starting with ">" are flush right. */
export interface Rows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What `walras convergence` says of an economy on a terminal. */
export function convergenceText(measured: Convergence, options: { color?: boolean } = {}): string {
  const ink = paint(options.color ?? false);
  const { maps, solvers, tolerance } = measured;
  const [map, solver] = [mapRows(maps), solverRows(solvers)];
  const marks = { true: ink.good("✓"), false: ink.bad("✗"), null: "·" };
  return [
    `${ink.bold(measured.economy)}: ${sizeLine(measured)}`,
    ...(maps.length === 0
      ? []
      : [`${ink.bold("Plain tâtonnement")} ${ink.dim(MAP_CAPTION)}\n${table(map.head, map.rows)}`]),
    ...(solvers.length === 0
      ? []
      : [`${ink.bold("Solvers")} ${ink.dim(solverCaption(tolerance))}\n${table(solver.head, solver.rows)}`]),
    `${ink.bold("Reading")}\n${findings(measured)
      .map(({ holds, text }) => `  ${marks[`${holds}`]} ${text}`)
      .join("\n")}`,
    "",
  ]
    .join("\n\n")
    .replace(/\n\n$/u, "\n");
}

/** 576 prices on 96 instants; the equilibrium is known to 1e-13. */
export function sizeLine({ prices, nodes, equilibrium }: Convergence): string {
  const grid = nodes === 1 ? "static" : counted(nodes, "instant");
  const known =
    equilibrium.error === null
      ? `no equilibrium to measure from (${equilibrium.critical ? "critical" : equilibrium.status})`
      : `the equilibrium is known to ${gap(equilibrium.error)}`;
  return `${counted(prices, "price")}, ${grid}; ${known}`;
}

export const MAP_CAPTION =
  "(factor by which a step shrinks the distance to the equilibrium, osc of log prices; ~ where it had not settled)";

export function solverCaption(tolerance: number): string {
  return `(from p = 1 to clearing ${tolerance}, each with its default step; evaluations of f and of its derivative)`;
}

/** The plain map: each constant of theory beside what was observed. */
export function mapRows(maps: readonly MapMeasurement[]): Rows {
  const head = [">λ", "from", ">bound", ">sampled", ">T3", ">local", ">observed", ">worst step"];
  const far = ["from p = 1", ">steps", ">expected", ">at most"];
  return {
    head: [...head, ...far],
    rows: maps.map((m) => [
      figure(m.step),
      m.origin,
      ...[m.bound, m.sampled, m.interval, m.local].map(factor),
      `${factor(m.near.rate)}${m.near.settled ? "" : "~"}`,
      factor(worst(m)),
      outcome(m.far),
      m.far.reached === null ? "–" : String(m.far.reached),
      whole(m.expected),
      m.guaranteed === null ? "–" : String(Math.ceil(m.guaranteed)),
    ]),
  };
}

function worst({ near, far }: MapMeasurement): number | null {
  return near.worst === null && far.worst === null ? null : Math.max(near.worst ?? 0, far.worst ?? 0);
}

/** A run that came near enough did; whatever else it did afterwards is not asked. */
function outcome({ status, reached }: MapRun): string {
  return reached === null ? status : "converged";
}

/** Solvers: what they took beside log ε / log κ. */
export function solverRows(solvers: readonly SolverRun[]): Rows {
  return {
    head: ["solver", "status", ">steps", ">evaluations", ">time", ">last clearing", ">κ", ">log ε/log κ"],
    rows: solvers.map((s) => [
      s.solver,
      s.status,
      String(s.steps),
      String(s.evaluations),
      duration(s.seconds),
      gap(s.last),
      factor(s.predicted_rate),
      whole(s.predicted_steps),
    ]),
  };
}

/** Five digits after the point: constants differ in the third. */
function factor(value: number | null): string {
  return value === null ? "–" : value.toFixed(5);
}

function whole(value: number | null): string {
  return value === null ? "–" : String(Math.round(value));
}
