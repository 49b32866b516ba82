import { shown } from "../core/shown.js";
import type { Economy, NestNode, Orchestrator } from "../economy/economy.js";
import type { FailedHypothesis } from "./hypothesis.js";

/** Elasticities along the paths of one orchestrator's preferences, from the intertemporal node to the leaves. */
export interface PathElasticities {
  /** σ_0, of the first node with more than one child; null where there is none, i.e. one commodity at one instant. */
  readonly first: number | null;
  /** The least and the largest of all nodes with more than one child; null as above. */
  readonly least: number | null;
  readonly largest: number | null;
  /** Where a path's elasticities start below 1, or fall. */
  readonly failures: readonly FailedHypothesis[];
}

/** A node that branches, above the one at hand. */
interface Branching {
  readonly name: string;
  readonly elasticity: number;
}

/** The intertemporal node counts as branching when more than one instant is demanded; nodes with one child never do. */
export function pathElasticities(orchestrator: Orchestrator): PathElasticities {
  const { preferences, intensity, intertemporalElasticity } = orchestrator;
  if (preferences.written !== undefined) return { ...UNKNOWN, failures: writtenFailures([orchestrator]) };
  const branching: Branching[] = preferences.nodes.filter(branches);
  const overTime = intensity.filter((rho) => rho > 0).length > 1;
  if (overTime) branching.push({ name: "over time", elasticity: intertemporalElasticity });
  // Every path starts as the others do until one branches: the last node, counted from the root down, is the first met.
  const first = branching.at(-1);
  if (first === undefined) return { first: null, least: null, largest: null, failures: [] };
  const all = branching.map(({ elasticity }) => elasticity);
  return {
    first: first.elasticity,
    least: all.reduce((a, b) => Math.min(a, b)),
    largest: all.reduce((a, b) => Math.max(a, b)),
    failures: [...lowStart(orchestrator, first), ...falls(orchestrator, overTime)],
  };
}

const UNKNOWN = { first: null, least: null, largest: null };

/** Of preferences that the user wrote the theorems know nothing. */
export function writtenFailures(orchestrators: readonly Orchestrator[]): FailedHypothesis[] {
  return orchestrators
    .filter(({ preferences }) => preferences.written !== undefined)
    .map(({ name }) => ({
      hypothesis: "elasticities",
      where: `orchestrator ${name}: preferences are user-written`,
    }));
}

export function branches({ children }: NestNode): boolean {
  return children.length > 1;
}

function lowStart({ name }: Orchestrator, first: Branching): FailedHypothesis[] {
  if (first.elasticity >= 1) return [];
  const where = `orchestrator ${name}: elasticities start below 1, at ${described(first)}`;
  return [{ hypothesis: "elasticities", where }];
}

/** For each node whose elasticity is below that of the branching node above it, on the path where that is largest. */
function falls(
  { name, preferences, intertemporalElasticity }: Orchestrator,
  overTime: boolean,
): FailedHypothesis[] {
  const { nodes, leaves } = preferences;
  const above = new Array<Branching | null>(nodes.length).fill(null);
  const parent = new Array<number | null>(nodes.length).fill(null);
  if (overTime) above[nodes.length - 1] = { name: "over time", elasticity: intertemporalElasticity };
  const failures: FailedHypothesis[] = [];
  for (let k = nodes.length - 1; k >= 0; k--) {
    const [node, ancestor] = [nodes[k], above[k]];
    if (branches(node) && ancestor !== null && node.elasticity < ancestor.elasticity) {
      failures.push({
        hypothesis: "elasticities",
        // Of hundreds a sentence names three: the others are not put into words.
        get where() {
          const fall = `elasticity falls from ${described(ancestor)} to ${described(node)}`;
          return `orchestrator ${name}: ${fall} along ${pathTo(k, parent, nodes, overTime)}`;
        },
      });
    }
    const passed = branches(node) ? node : ancestor;
    for (const c of node.children) {
      const child = c - leaves.length;
      if (child < 0) continue;
      const known = above[child];
      const higher = passed !== null && (known === null || passed.elasticity > known.elasticity);
      if (higher) above[child] = passed;
      if (higher || parent[child] === null) parent[child] = k;
    }
  }
  return failures;
}

function described({ name, elasticity }: Branching): string {
  return `${shown(elasticity)} (node ${name})`;
}

/** `over time › entry › planner › planner (work)`. */
function pathTo(
  k: number,
  parent: readonly (number | null)[],
  nodes: readonly NestNode[],
  overTime: boolean,
): string {
  const path: string[] = [];
  for (let at: number | null = k; at !== null; at = parent[at]) path.unshift(nodes[at].name);
  return [...(overTime ? ["over time"] : []), ...path].join(" › ");
}

/** σ_min and σ_max over all orchestrators; null where nobody has a choice. */
export function extremeElasticities({ orchestrators }: Economy): { least: number; largest: number } | null {
  const all = orchestrators
    .map(pathElasticities)
    .flatMap(({ least, largest }) => (least === null || largest === null ? [] : [{ least, largest }]));
  if (all.length === 0) return null;
  return all.reduce((a, b) => ({
    least: Math.min(a.least, b.least),
    largest: Math.max(a.largest, b.largest),
  }));
}
