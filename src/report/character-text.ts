import { describeProblem } from "../core/errors.js";
import { shown as exactly } from "../core/shown.js";
import type { Character, OrchestratorCharacter } from "./character.js";
import { counted, figure, shorten } from "./figures.js";
import type { Space } from "./market-table.js";
import { type Paint, paint } from "./paint.js";
import { table, top } from "./table.js";

/** What `walras check` says of an economy that it accepts. */
export function characterText(
  character: Character,
  options: { width?: number; color?: boolean } = {},
): string {
  const ink = paint(options.color ?? false);
  const space: Space = { width: options.width ?? 100, rows: 8 };
  return [
    `${ink.bold(character.economy)}: ${ink.good("valid")}`,
    size(character),
    orchestratorTable(character.orchestrators, space),
    theory(character, space, ink),
    ...warnings(character, ink),
    "",
  ]
    .join("\n\n")
    .replace(/\n\n$/u, "\n");
}

function size({ time, agents, commodities, prices }: Character): string {
  const { nodes, rule, horizon, unit } = time;
  const families = Object.entries(agents).map(([family, count]) => `${count} ${family}`);
  const count = Object.values(agents).reduce((sum, x) => sum + x, 0);
  const grid = `${counted(nodes, "instant")} (${rule}) over ${figure(horizon)}${unit === null ? "" : ` ${unit}`}`;
  const idle = prices.undemanded === 0 ? "" : `, and ${prices.undemanded} that nobody can demand (price 0)`;
  return [
    `  time         ${nodes === 1 ? "static: one instant" : grid}`,
    `  agents       ${count}${count === 0 ? ": pure exchange" : ` (${families.join(", ")})`}`,
    `  commodities  ${commodities.shared} shared, ${commodities.own} of agents' own`,
    `  prices       ${prices.markets}${idle}`,
  ].join("\n");
}

function orchestratorTable(orchestrators: readonly OrchestratorCharacter[], space: Space): string {
  const { shown, more } = top(orchestrators, space.rows);
  const rows = shown.map((o) => [
    shorten(o.name, 28),
    String(o.commodities),
    String(o.nodes),
    String(o.routing_edges),
    String(o.endowments),
    String(o.floors),
  ]);
  const head = ["orchestrator", ">commodities wanted", ">nests", ">routing edges", ">endowments", ">floors"];
  return [table(head, rows), ...more].join("\n");
}

function theory(character: Character, space: Space, { good, bad }: Paint): string {
  const { elasticities, potential, contraction, interval, step } = character;
  const range =
    elasticities === null
      ? "nobody has a choice"
      : `${exactly(elasticities.least)} to ${exactly(elasticities.largest)}`;
  const { failures } = contraction;
  const mark = (holds: boolean) => (holds ? good("✓") : bad("✗"));
  return [
    `  elasticities of substitution: ${range}; default step λ = ${exactly(step)}`,
    `  ${mark(contraction.bound !== null)} contraction: ${failures.length > 1 ? NO_CONTRACTION : contraction.why}`,
    ...(failures.length > 1 ? failureLines(failures, space) : []),
    `  ${mark(interval.least !== null)} speed near the equilibrium: ${interval.why}`,
    `  ${mark(potential !== null)} descent: ${potential === null ? NO_POTENTIAL : POTENTIAL[potential]}`,
  ].join("\n");
}

function failureLines(failures: Character["contraction"]["failures"], space: Space): string[] {
  const { shown, more } = top(failures, space.rows);
  return [...shown.map(({ where }) => `      ${where}`), ...more.map((line) => `    ${line}`)];
}

const NO_CONTRACTION = "no contraction theorem applies, since hypotheses fail:";
const POTENTIAL = {
  single: "one orchestrator, so excess demand is a gradient (T2) and tâtonnement with backtracking converges",
  identical: "orchestrators with the same preferences act as one, so excess demand is a gradient (T2)",
  proportional: "incomes stay proportional, so excess demand is a gradient (T2)",
} as const;
const NO_POTENTIAL =
  "orchestrators differ in preferences and incomes, so excess demand need not be a gradient (T2 does not apply)";

function warnings({ warnings }: Character, { bad }: Paint): string[] {
  if (warnings.length === 0) return [];
  return [warnings.map((warning) => `  ${bad("!")} ${describeProblem(warning)}`).join("\n")];
}
