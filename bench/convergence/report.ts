import { SOLVER_NAMES } from "../../src/solve/options.js";
import { markdownTable } from "../markdown.js";
import { type Provenance, provenanceLine } from "../provenance.js";
import { type Claim, claimsOf } from "./claims.js";
import type { Family } from "./families.js";
import type { Measured } from "./record.js";

/** The page that goes with the measurements: claims, solvers, and a table for each family. */
export function convergenceReport(
  records: readonly Measured[],
  families: readonly Family[],
  from: Provenance,
): string {
  return [
    "# Convergence, measured against theory",
    `${provenanceLine(from)} The numbers are in [convergence-measured.json](convergence-measured.json); \`bench/convergence/families.ts\` has the economies.`,
    "![Measured against theory](convergence-rates.svg)",
    "![By family](convergence-families.svg)",
    "![Steps against log ε / log κ](convergence-steps.svg)",
    "## Claims",
    claimTable(claimsOf(records)),
    unsettled(records),
    "## Solvers",
    "From p = 1 to clearing 1e-8, at most 2000 steps, each with its default step. Ratio: steps to log ε / log κ, where theory has a κ for the solver.",
    solverTable(records),
    ...families.flatMap((family) => familySection(family, records)),
  ]
    .join("\n\n")
    .concat("\n");
}

function claimTable(claims: readonly Claim[]): string {
  return markdownTable(
    ["claim", ">checked", ">broken", ">least margin"],
    claims.map(({ claim, checked, broken, margin }) => [
      claim,
      String(checked),
      broken.length === 0 ? "0" : `${broken.length}: ${broken.join("; ")}`,
      checked === 0 ? "–" : margin.toExponential(1),
    ]),
  );
}

function unsettled(records: readonly Measured[]): string {
  const maps = records.flatMap(({ maps }) => maps);
  const open = maps.filter(({ settled }) => !settled).length;
  const gone = maps.filter(({ near }) => near === "departed").length;
  const lost = records.filter(({ equilibrium }) => equilibrium.status !== "solved");
  const none = lost.length === 0 ? "every one" : `all but ${lost.length}`;
  return `${records.length} economies, ${none} solved to 1e-12; ${maps.length} maps T_λ, of which ${gone} depart from the equilibrium and ${open} had no settled rate when their runs ended.`;
}

function solverTable(records: readonly Measured[]): string {
  const rows = SOLVER_NAMES.map((name) => {
    const runs = records.flatMap(({ solvers }) => solvers.filter(({ solver }) => solver === name));
    const solved = runs.filter(({ status }) => status === "solved");
    const ratios = solved.flatMap(({ steps, predicted_steps }) =>
      predicted_steps !== null && predicted_steps >= 5 ? [steps / predicted_steps] : [],
    );
    return [
      name,
      `${solved.length} of ${runs.length}`,
      ...[solved.map(({ steps }) => steps), solved.map(({ evaluations }) => evaluations)].flatMap(
        (values) => [whole(quantile(values, 0.5)), whole(quantile(values, 1))],
      ),
      ratios.length === 0
        ? "–"
        : `${quantile(ratios, 0.5)?.toFixed(2)} (${quantile(ratios, 0)?.toFixed(2)}–${quantile(ratios, 1)?.toFixed(2)})`,
      endings(runs.filter(({ status }) => status !== "solved").map(({ status }) => status)),
    ];
  });
  const head = [
    "solver",
    ">solved",
    ">steps, median",
    ">most",
    ">evaluations, median",
    ">most",
    ">ratio, median (range)",
    "otherwise",
  ];
  return markdownTable(head, rows);
}

/** `cycling 12, stalled 3`. */
function endings(statuses: readonly string[]): string {
  const names = [...new Set(statuses)].sort();
  return names.map((name) => `${name} ${statuses.filter((status) => status === name).length}`).join(", ");
}

function quantile(values: readonly number[], part: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(part * (sorted.length - 1))];
}

function whole(value: number | null): string {
  return value === null ? "–" : String(Math.round(value));
}

/** The λ that a table has a row for; the file of measurements has them all. */
const SHOWN = ["1/(σ_max+e_S)", "best", "asked"];

function familySection({ name, title }: Family, records: readonly Measured[]): string[] {
  const rows = records
    .filter(({ family }) => family === name)
    .flatMap(({ member, nodes, prices, maps }) =>
      maps
        .filter(({ origin }) => SHOWN.includes(origin))
        .map((map) => [
          member,
          String(nodes),
          String(prices),
          String(Number(map.step.toPrecision(4))),
          map.origin,
          ...[map.bound, map.sampled, map.interval, map.local].map(factor),
          `${factor(map.observed)}${map.settled ? "" : "~"}`,
          factor(map.worst),
          map.reached === null ? map.far : String(map.reached),
          whole(map.expected),
          map.guaranteed === null ? "–" : String(Math.ceil(map.guaranteed)),
        ]),
    );
  const constants = [">bound", ">sampled", ">T3", ">local", ">observed", ">worst step"];
  const head = [
    "economy",
    ">nodes",
    ">prices",
    ">λ",
    "from",
    ...constants,
    ">steps from p = 1",
    ">expected",
    ">at most",
  ];
  return [`## ${name}`, `${title[0].toUpperCase()}${title.slice(1)}.`, markdownTable(head, rows)];
}

function factor(value: number | null): string {
  return value === null ? "–" : value.toFixed(5);
}
