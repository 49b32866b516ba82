import { createGrid } from "../../time/grid.js";
import { Arrays, type Generated, type Population } from "./document.js";
import { Curves, Draw } from "./draw.js";
import { layeredGraph } from "./layers.js";
import { checkOptions, type GenerateOptions, kindsOf } from "./options.js";
import { makeOrchestrators } from "./orchestrators.js";
import { COMPUTE, SETS, type Sets } from "./sets.js";
import { scalesOf } from "./temper.js";

/** Hours that the economy lasts; a static one has no time. */
const HORIZON = 24;

/**
 * A random economy: agents of one family, or of all, in the layers of a DAG, each reached from the entry; orchestrators that own
 * parts of everything. The same options give the same numbers on every machine (draw.ts). Unless it is hostile it has an equilibrium: every set
 * supplies something of every metric whatever the prices, and there is more of the shared capacity than anybody must take.
 * Throws InputError for options that cannot be met.
 */
export function generateEconomy(options: GenerateOptions): Generated {
  checkOptions(options);
  const { nodes, rule, seed, name, temper, shared } = options;
  const draw = new Draw(seed);
  const grid = createGrid(nodes === 1 ? {} : { horizon: HORIZON, unit: "h", nodes, rule });
  const curves = new Curves(draw, grid);
  const arrays = new Arrays();
  const metrics = Array.from({ length: options.metrics }, (_, r) => `m${r}`);
  const kinds = kindsOf(options).slice(0, options.agents);
  const workshop = {
    draw,
    curves,
    arrays,
    nodes,
    metrics,
    uses: shared && temper !== "t1",
    scales: scalesOf(temper),
  };
  const made = kinds.map((kind, k) => {
    const count = countOf(k, kinds.length, options.agents);
    const sets = SETS[kind](count, workshop);
    return { sets, population: { name: kind, count, production: sets.production } };
  });
  const populations: Population[] = made.map(({ population }) => population);
  const sets: Sets[] = made.map(({ sets }) => sets);
  const hasCompute = shared || kinds.includes("factory");
  const graph = layeredGraph(options.agents, options.layers, options.outDegree, draw);
  const scene = { options, draw, curves, arrays, metrics, populations, sets, graph, hasCompute };
  const orchestrators = makeOrchestrators(scene);
  const time = nodes === 1 ? null : { horizon: HORIZON, unit: "h", nodes, rule };
  return {
    name,
    time,
    commodities: hasCompute ? [COMPUTE] : [],
    populations,
    orchestrators,
    arrays: arrays.all,
  };
}

/** Agents dealt out to the kinds as evenly as can be. */
function countOf(k: number, kinds: number, agents: number): number {
  return Math.floor(((k + 1) * agents) / kinds) - Math.floor((k * agents) / kinds);
}
