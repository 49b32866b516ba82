import type { Context } from "./context.js";
import type { Agent } from "./economy.js";
import { brief, quote } from "./found.js";
import type { BuiltOrchestrator } from "./orchestrators.js";
import { type Place, within } from "./place.js";
import { SupplyMap } from "./supply-map.js";

/**
 * Refuses what someone wants at an instant and nobody can supply then (formats.md, "What is refused"): floors,
 * essential commodities, inputs that no point of a production set does without; and demand that could be done without but
 * has no finite equilibrium price. One problem per place in the file.
 */
export function checkFeasibility(
  agents: readonly Agent[],
  built: readonly BuiltOrchestrator[],
  context: Context,
): SupplyMap {
  const orchestrators = built.map((one) => one.orchestrator);
  const { names, grid } = context;
  const supply = new SupplyMap(agents, orchestrators, names.commodities.length, grid.nodes);
  const check = new Feasibility(supply, context);
  for (const one of built) check.floors(one);
  for (const one of built) check.preferences(one);
  check.inputs();
  return supply;
}

class Feasibility {
  constructor(
    private readonly supply: SupplyMap,
    private readonly context: Context,
  ) {}

  floors({ orchestrator }: BuiltOrchestrator): void {
    for (const [commodity, floor] of orchestrator.floors) {
      const missing = this.supply.missing(commodity, (n) => floor[n] > 0);
      const path = ["orchestrators", orchestrator.name, "floors", this.#name(commodity)];
      this.#refuse(() => ({ path }), commodity, "a floor on", missing, MUST_HAVE);
    }
  }

  preferences({ orchestrator, compiled }: BuiltOrchestrator): void {
    const { preferences, intensity, intertemporalElasticity } = orchestrator;
    const instants = intensity.reduce((count, density) => count + (density > 0 ? 1 : 0), 0);
    const essential = essentialChildren(compiled, instants === 1 || intertemporalElasticity <= 1);
    const { leaves } = preferences;
    const missing = Array.from(leaves, (commodity) =>
      this.supply.missing(commodity, (n) => intensity[n] > 0),
    );
    const refused = new Set<number>();
    // Essential uses first: where a commodity is both, that is the sentence to give.
    for (const wantEssential of [true, false]) {
      preferences.nodes.forEach(({ children }, node) => {
        children.forEach((leaf, child) => {
          if (leaf >= leaves.length || refused.has(leaf) || missing[leaf].length === 0) return;
          if (essential[node] !== wantEssential) return;
          refused.add(leaf);
          const [what, expected] = wantEssential ? ["essential", MUST_HAVE] : ["demand for", NO_PRICE];
          const at = () => ({ path: compiled.pathOf(node, child) });
          this.#refuse(at, leaves[leaf], what, missing[leaf], expected);
        });
      });
    }
  }

  inputs(): void {
    for (const { agent, row, lower, upper } of this.supply.reaches) {
      const commodity = agent.commodities[row];
      const at = () =>
        within(this.context.names.placeOf(this.context.names.agent(agent.name)!), "production");
      const needed = this.supply.missing(commodity, (n) => upper[n] < 0);
      this.#refuse(at, commodity, "an input that no point of the set does without,", needed, MUST_HAVE);
      const wanted = this.supply.missing(commodity, (n) => lower[n] < 0);
      if (needed.length === 0) this.#refuse(at, commodity, "an input,", wanted, NO_PRICE);
    }
  }

  #refuse(
    at: () => Place,
    commodity: number,
    what: string,
    missing: readonly number[],
    expected: string,
  ): void {
    if (missing.length === 0) return;
    const found = `${what} ${quote(this.#name(commodity))}, which nobody can supply ${this.#when(missing)}`;
    this.context.problems.addAt(at(), found, `${expected}${this.#shareHint(commodity)}`);
  }

  #when(missing: readonly number[]): string {
    const { grid } = this.context;
    if (missing.length === grid.nodes) return grid.nodes === 1 ? "at all" : "at any time";
    const first = `at t = ${brief(grid.t[missing[0]])}`;
    return missing.length === 1 ? first : `${first} and ${missing.length - 1} more of ${grid.nodes} nodes`;
  }

  /** An agent's own metric that nobody else can supply is often a shared commodity that was not declared. */
  #shareHint(commodity: number): string {
    const { name, agent } = this.context.names.commodities[commodity];
    if (agent === null) return "";
    const metric = name.slice(name.indexOf("/") + 1);
    return ` (if ${quote(metric)} is shared, declare it under "commodities")`;
  }

  #name(commodity: number): string {
    return this.context.names.commodities[commodity].name;
  }
}

const MUST_HAVE = "an endowment or an agent that supplies it whenever someone must have it";
const NO_PRICE =
  "an endowment or an agent that supplies it, or no demand for it: its price would be infinite";

/**
 * By node: whether its children are essential, that is whether all of utility is lost without any one of them: every
 * elasticity on some path from the root is ≤ 1, nests of one child not counting.
 */
function essentialChildren({ graph }: BuiltOrchestrator["compiled"], rootIsEssential: boolean): boolean[] {
  const { leaves, nodes } = graph;
  const reached = nodes.map(() => false);
  reached[nodes.length - 1] = rootIsEssential;
  const essential = nodes.map(() => false);
  for (let node = nodes.length - 1; node >= 0; node--) {
    const { children, elasticity } = nodes[node];
    essential[node] = reached[node] && (elasticity <= 1 || children.length === 1);
    if (!essential[node]) continue;
    for (const child of children) if (child >= leaves.length) reached[child - leaves.length] = true;
  }
  return essential;
}
