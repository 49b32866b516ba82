import { COLORS, drawFigure, type Panel, type Point } from "../../src/report/convergence-axes.js";
import { logDomain } from "../../src/report/convergence-figure.js";
import type { MapRecord, Measured } from "./record.js";

const DIAGONAL = "theory";

/** Everything measured against the constant that theory has for it; the line is equality. */
export function ratesFigure(records: readonly Measured[]): string {
  const maps = records.flatMap(({ maps }) => maps);
  const settled = maps.filter((map) => map.settled && map.near === "converged");
  const bounded = maps.filter(({ bound }) => bound !== null);
  return drawFigure(
    "Factors of plain tâtonnement, all families: measured against theory",
    [
      against(
        "observed rate and local constant",
        "local constant",
        "observed",
        settled,
        (m) => m.local,
        (m) => m.observed,
      ),
      against(
        "largest factor of any step and the bound",
        "bound κ",
        "largest factor",
        bounded,
        (m) => m.bound,
        (m) => m.worst,
      ),
      against(
        "sampled norm and the bound",
        "bound κ",
        "sampled norm",
        bounded,
        (m) => m.bound,
        (m) => m.sampled,
      ),
      against(
        "local constant and T3's interval",
        "constant of T3's interval",
        "local constant",
        maps.filter(({ interval }) => (interval ?? 2) <= 1.2),
        (m) => m.interval,
        (m) => m.local,
      ),
    ],
    2,
  );
}

type Value = (map: MapRecord) => number | null;

function against(
  title: string,
  x: string,
  y: string,
  maps: readonly MapRecord[],
  theory: Value,
  measured: Value,
): Panel {
  const points = maps.map((map): Point => [theory(map), measured(map)]);
  const highest = Math.max(1, ...points.flat().map((value) => value ?? 0)) * 1.02;
  return {
    title,
    x: { kind: "linear", label: x, domain: [0, highest] },
    y: { kind: "linear", label: y, domain: [0, highest] },
    layers: [
      {
        label: DIAGONAL,
        color: COLORS.orange,
        mark: "line",
        points: [
          [0, 0],
          [highest, highest],
        ],
      },
      { label: "measured", color: COLORS.black, mark: "rings", points },
    ],
  };
}

/** Steps that solvers took against log ε / log κ; the line is equality. */
export function stepsFigure(records: readonly Measured[]): string {
  const runs = records.flatMap(({ solvers }) => solvers).filter(({ status }) => status === "solved");
  const plain = ["tatonnement", "krasnoselskii", "heavy-ball"].map((solver) =>
    stepsPanel(
      `${solver}: steps from p = 1 to clearing 1e-8`,
      "log ε / log κ",
      "steps",
      runs.filter((run) => run.solver === solver).map((run): Point => [run.predicted_steps, run.steps]),
    ),
  );
  const maps = records.flatMap(({ maps }) => maps).filter(({ reached }) => reached !== null);
  const guaranteed = stepsPanel(
    "plain steps from p = 1 to distance 1e-8",
    "steps that the bound allows",
    "steps",
    maps.map((map): Point => [map.guaranteed, map.reached]),
  );
  const expected = stepsPanel(
    "plain steps from p = 1 to distance 1e-8",
    "log ε / log κ, local constant",
    "steps",
    maps.map((map): Point => [map.expected, map.reached]),
  );
  const others = ["auto", "anderson", "newton-krylov", "homotopy"].map((solver) =>
    stepsPanel(
      `${solver}: evaluations to clearing 1e-8`,
      "log ε / log κ of plain steps at the default λ",
      "evaluations",
      records.flatMap(({ solvers }) => {
        const usual = solvers.find((run) => run.solver === "tatonnement")?.predicted_steps ?? null;
        const own = solvers.find((run) => run.solver === solver && run.status === "solved");
        return own === undefined ? [] : [[usual, own.evaluations] as const];
      }),
    ),
  );
  return drawFigure(
    "Iterations against log ε / log κ, all families",
    [...plain, expected, guaranteed, ...others],
    3,
  );
}

function stepsPanel(title: string, x: string, y: string, all: readonly Point[]): Panel {
  const points = all.filter(([a, b]) => a !== null && b !== null && a >= 1 && b >= 1);
  const domain = logDomain(points.flatMap(([a, b]) => [a ?? 1, b ?? 1]));
  return {
    title,
    x: { kind: "log", label: x, domain },
    y: { kind: "log", label: y, domain },
    layers: [
      {
        label: DIAGONAL,
        color: COLORS.orange,
        mark: "line",
        points: [
          [domain[0], domain[0]],
          [domain[1], domain[1]],
        ],
      },
      { label: "measured", color: COLORS.black, mark: "rings", points },
    ],
  };
}
