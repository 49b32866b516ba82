/** Files this package can read something from. */
export type SourceName = "bfcl" | "aider" | "azure" | "servegen" | "servegen-clients" | "litellm";

/** What a column is for. */
export type Role =
  | "agent" // its name
  | "group" // first level of the router
  | "filter" // rows with this value only, unless --where says otherwise
  | "center" // level of a metric
  | "per" // what the level is divided by first
  | "spread" // radius: standard deviation over all such columns of the metric
  | "deviation" // radius: from the standard deviation of the level itself
  | "time"
  | "series" // name of the series a row belongs to
  | "rate" // demand intensity
  | "price"
  | "exclude"; // rows where it is 1

export type Direction = "+" | "-" | "";

/** One line of the mapping. */
export interface MappingLine {
  readonly source: SourceName;
  /** `*` stands for anything. */
  readonly column: string;
  readonly role: Role;
  readonly metric: string;
  readonly unit: string;
  /** "+": more is better; "-": less is better, so that the metric is 1/x. */
  readonly direction: Direction;
  /** What becomes of it, in words. */
  readonly becomes: string;
}

const PERCENT = "center = x/100";
const INVERSE = "center = 1/x; missing or 0: the row is dropped";
const SPREAD = "radius = standard deviation over these columns";
const LOG_NORMAL = "radius = center·√log(1 + (x/mean)²), the deviation of log latency if that is normal";
const CATEGORIES = [
  "Non-Live AST Acc",
  "Live Acc",
  "Multi Turn Acc",
  "Web Search Acc",
  "Memory Acc",
  "Relevance Detection",
  "Irrelevance Detection",
];

/** Every column that is read, and what becomes of it: the one place that says so, for people and for the code. */
export const MAPPING: readonly MappingLine[] = [
  line("bfcl", "Model", "agent", "", "", "", "name of the agent"),
  line("bfcl", "Organization", "group", "", "", "", "first level of the router: organisation → model"),
  line("bfcl", "Overall Acc", "center", "quality", "%", "+", PERCENT),
  ...CATEGORIES.map((column) => line("bfcl", column, "spread", "quality", "%", "+", SPREAD)),
  line("bfcl", "Total Cost ($)", "center", "thrift", "USD per run", "-", INVERSE),
  line("bfcl", "Latency Mean (s)", "center", "speed", "s per call", "-", INVERSE),
  line("bfcl", "Latency Standard Deviation (s)", "deviation", "speed", "s per call", "-", LOG_NORMAL),
  line("aider", "model", "agent", "", "", "", "name of the agent"),
  line("aider", "edit_format", "group", "", "", "", "first level of the router: edit format → model"),
  line("aider", "board", "filter", "", "polyglot", "", "rows of this board only, where there is the column"),
  line("aider", "pass_rate_2", "center", "quality", "%", "+", PERCENT),
  line("aider", "pass_rate_1", "spread", "quality", "%", "+", SPREAD),
  line("aider", "pass_rate_2", "spread", "quality", "%", "+", SPREAD),
  line("aider", "total_cost", "center", "thrift", "USD per case", "-", INVERSE),
  line("aider", "test_cases", "per", "thrift", "cases", "", "total_cost is divided by it"),
  line("aider", "seconds_per_case", "center", "speed", "s per case", "-", INVERSE),
  line("azure", "TIMESTAMP", "time", "", "date and time", "", "requests are counted in cells of equal width"),
  line("azure", "ContextTokens", "rate", "", "tokens", "", "another series: tokens instead of requests"),
  line("azure", "GeneratedTokens", "rate", "", "tokens", "", "another series: tokens instead of requests"),
  line("servegen", "t_start_s", "time", "", "s", "", "one node a window"),
  line("servegen", "model", "series", "", "", "", "name of the series"),
  line("servegen", "rate_rps", "rate", "", "requests/s", "", "discount: demand intensity ρ(t)"),
  line("servegen-clients", "t_start_s", "time", "", "s", "", "one node a window"),
  line("servegen-clients", "*_rps", "rate", "", "requests/s", "", "one series a column"),
  line("litellm", "model", "agent", "", "", "", "matched with the agents' names"),
  line(
    "litellm",
    "input_cost_per_token",
    "price",
    "thrift",
    "USD per token",
    "-",
    "in the blend, --blend times",
  ),
  line("litellm", "output_cost_per_token", "price", "thrift", "USD per token", "-", "in the blend, once"),
  line(
    "litellm",
    "suspect_unit",
    "exclude",
    "",
    "",
    "",
    "rows where it is 1 are left out; without it, prices > 2e-4 (input) or 1e-3 (output)",
  ),
];

function line(
  source: SourceName,
  column: string,
  role: Role,
  metric: string,
  unit: string,
  direction: Direction,
  becomes: string,
): MappingLine {
  return { source, column, role, metric, unit, direction, becomes };
}

/** The lines of one source. */
export function linesOf(source: SourceName): MappingLine[] {
  return MAPPING.filter((line) => line.source === source);
}

/** The only column of a source in that role. */
export function columnOf(source: SourceName, role: Role): string {
  const [{ column }] = linesOf(source).filter((line) => line.role === role);
  return column;
}

/** The mapping as a table in Markdown, its columns aligned: README shows it, `walras import --mapping` prints it. */
export function mappingTable(): string {
  const head = ["source", "column", "role", "metric", "unit", "direction", "what becomes of it"];
  const rows = MAPPING.map(({ source, column, role, metric, unit, direction, becomes }) => {
    return [source, column, role, metric, unit, direction === "-" ? "−" : direction, becomes];
  });
  const widths = head.map((name, c) => Math.max(name.length, ...rows.map((cells) => cells[c].length)));
  const text = (cells: readonly string[], fill: string) =>
    `| ${cells.map((cell, c) => cell.padEnd(widths[c], fill)).join(" | ")} |`;
  const none = head.map(() => "");
  return [text(head, " "), text(none, "-"), ...rows.map((cells) => text(cells, " "))].join("\n");
}
