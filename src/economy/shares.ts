import type { Context } from "./context.js";
import { brief, listed, quote } from "./found.js";
import { nearest } from "./near.js";
import type { EconomyFile } from "./schema.js";

/** Shares of one agent may miss 1 by this much (formats.md, "Shares"), and by what decimal notation adds to it. */
const TOLERANCE = 1.001e-12;

/**
 * θ_ia for each orchestrator in file order, shape [agents] each: a number is that share of every agent, a map gives
 * shares of those agents and 0 of the others; absent means 1 with one orchestrator and 0 with several. Every agent's
 * shares are made to sum to 1 exactly; refused where they miss it by more than 1e-12.
 */
export function readShares(orchestrators: EconomyFile["orchestrators"], context: Context): Float64Array[] {
  const before = context.problems.count;
  if (Object.keys(orchestrators).length === 0) return [];
  const several = Object.keys(orchestrators).length > 1;
  const shares = Object.entries(orchestrators).map(([name, { shares = several ? 0 : 1 }]) =>
    sharesOf(name, shares, context),
  );
  if (context.problems.count === before) normalizeSums(shares, Object.keys(orchestrators), context);
  return shares;
}

function sharesOf(
  orchestrator: string,
  shares: number | Readonly<Record<string, number>>,
  { names, problems }: Context,
): Float64Array {
  const row = new Float64Array(names.agents.length);
  if (typeof shares === "number") return row.fill(shares);
  for (const [name, share] of Object.entries(shares)) {
    const path = ["orchestrators", orchestrator, "shares", name];
    const agents = names.agentsCalled(name);
    if (agents === undefined) {
      problems.add(path, `an unknown agent ${quote(name)}`, "an agent", () => nearest(name, names.agents));
    } else row.fill(share, agents.first, agents.first + agents.count);
  }
  return row;
}

function normalizeSums(
  shares: readonly Float64Array[],
  orchestrators: readonly string[],
  context: Context,
): void {
  const { names } = context;
  /** Agents whose shares do not add up, by the sum they have: agents alike are one problem. */
  const wrong = new Map<number, string[]>();
  names.agents.forEach((name, agent) => {
    const sum = shares.reduce((total, row) => total + row[agent], 0);
    if (Math.abs(sum - 1) > TOLERANCE) {
      if (!wrong.has(sum)) wrong.set(sum, []);
      wrong.get(sum)!.push(name);
    } else for (const row of shares) row[agent] /= sum;
  });
  const one = orchestrators.length === 1;
  const path = one ? ["orchestrators", orchestrators[0], "shares"] : ["orchestrators"];
  for (const [sum, agents] of wrong) {
    const agent = names.agent(agents[0])!;
    const held = orchestrators.map((name, i) => `${quote(name)} ${brief(shares[i][agent])}`);
    const found = `shares of ${describeAgents(agents)} that add up to ${sum} (${listed(held, "and", 6)})`;
    context.problems.add(path, found, "shares that add up to 1 for every agent");
  }
}

function describeAgents(agents: readonly string[]): string {
  if (agents.length === 1) return `agent ${quote(agents[0])}`;
  return `agents ${listed(agents.map(quote), "and", 4)}`;
}
