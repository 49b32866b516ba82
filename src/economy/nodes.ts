import type { Context } from "./context.js";
import { brief, describeFound, quote } from "./found.js";
import { type CompiledGraph, GraphBuilder, normalized, type Part, total } from "./graph-builder.js";
import { nearest } from "./near.js";
import type { Path } from "./path.js";
import type { NodesFile } from "./schema.js";
import { describeCycle, topologicalOrder } from "./topological-order.js";
import { checkWeights } from "./weights.js";

/** Within this of elasticity 1, but not at 1, weights that do not sum to 1 make the price index huge or tiny. */
const NEAR_ONE = 1e-3;

/**
 * A graph of CES nodes over commodities and nodes (formats.md, "preferences"), weights as given but normalised at
 * elasticity exactly 1. Nodes that the root does not reach are left out with a warning. Null where something is wrong:
 * an unknown name, a name that is node and commodity, weights all 0, a cycle.
 */
export function compileNodes(file: NodesFile, context: Context, at: Path): CompiledGraph | null {
  const before = context.problems.count;
  const names = Object.keys(file.nodes);
  checkRoot(file, context, at);
  for (const name of names) checkNode(name, file, context, [...at, "nodes", name]);
  const ordering = topologicalOrder(edgesOf(file, names));
  if ("cycle" in ordering) refuseCycle(ordering.cycle, names, context, at);
  if ("cycle" in ordering || context.problems.count > before) return null;
  const order = Array.from(ordering.order, (node) => names[node]);
  const compiled = compile(file, order, context, at);
  warnUnreached(compiled, names, file, context, at);
  return compiled;
}

function compile(file: NodesFile, order: readonly string[], { names }: Context, at: Path): CompiledGraph {
  const builder = new GraphBuilder();
  const parts = new Map<string, Part>();
  for (const name of order) {
    const { elasticity, inputs } = file.nodes[name];
    const values = Object.values(inputs);
    const weights = elasticity === 1 ? normalized(values) : values;
    const children = Object.keys(inputs).map((key, k) => {
      const part = parts.get(key) ?? builder.leaf(names.commodity(key)!);
      return { part, weight: weights[k], key };
    });
    parts.set(name, builder.node(name, elasticity, children, [...at, "nodes", name, "inputs"]));
  }
  return builder.finish(parts.get(file.root)!);
}

function checkRoot({ root, nodes }: NodesFile, { problems }: Context, at: Path): void {
  if (Object.hasOwn(nodes, root)) return;
  problems.add([...at, "root"], describeFound(root), 'the name of one of the "nodes"', () =>
    nearest(root, Object.keys(nodes)),
  );
}

function checkNode(name: string, file: NodesFile, context: Context, at: Path): void {
  const { names, problems } = context;
  const { inputs } = file.nodes[name];
  if (names.commodity(name) !== undefined) {
    problems.add(at, `a node with the name of a commodity, ${quote(name)}`, "another name for the node");
  }
  checkWeights(Object.values(inputs), problems, { path: [...at, "inputs"] });
  for (const input of Object.keys(inputs)) {
    if (Object.hasOwn(file.nodes, input) || names.commodity(input) !== undefined) continue;
    const found = `an unknown name ${quote(input)}`;
    const candidates = () => nearest(input, [...Object.keys(file.nodes), ...names.commodityNames()]);
    problems.add([...at, "inputs", input], found, "a commodity or a node", candidates);
  }
  warnUnnormalized(file.nodes[name], context, at);
}

function warnUnnormalized(
  { elasticity, inputs }: NodesFile["nodes"][string],
  { warnings }: Context,
  at: Path,
): void {
  const sum = total(Object.values(inputs));
  if (elasticity === 1 || Math.abs(elasticity - 1) > NEAR_ONE || Math.abs(sum - 1) <= 1e-12) return;
  const found = `weights that sum to ${brief(sum)} at elasticity ${elasticity}`;
  warnings.add(
    [...at, "inputs"],
    found,
    "weights that sum to 1 so near to elasticity 1, or elasticity 1 itself",
  );
}

function edgesOf(file: NodesFile, names: readonly string[]): number[][] {
  const numberOf = new Map(names.map((name, node) => [name, node]));
  return names.map((name) =>
    Object.keys(file.nodes[name].inputs)
      .map((input) => numberOf.get(input))
      .filter((node) => node !== undefined),
  );
}

function refuseCycle(
  cycle: readonly number[],
  names: readonly string[],
  { problems }: Context,
  at: Path,
): void {
  const path = [...at, "nodes", names[cycle[cycle.length - 2]], "inputs", names[cycle[0]]];
  problems.add(path, `a cycle: ${describeCycle(cycle, names)}`, "a directed graph without cycles");
}

function warnUnreached(
  { graph }: CompiledGraph,
  names: readonly string[],
  { root }: NodesFile,
  { warnings }: Context,
  at: Path,
): void {
  const reached = new Set(graph.nodes.map((node) => node.name));
  for (const name of names) {
    if (reached.has(name)) continue;
    const found = `a node that the root ${quote(root)} does not reach with positive weight`;
    warnings.add([...at, "nodes", name], found, "a node that is used");
  }
}
