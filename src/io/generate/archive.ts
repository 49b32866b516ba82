import type { Members, NpyArray } from "../npz/archive.js";
import type { EconomyDocument } from "../write-economy.js";
import {
  type Generated,
  type GeneratedDag,
  type GeneratedOrchestrator,
  headOf,
  memberNames,
  type OwnCommodity,
} from "./document.js";

/** A generated economy as an NPZ archive has it: populations, and DAGs over them (formats.md, "NPZ economies"). */
export function archiveDocument(economy: Generated): EconomyDocument {
  const arrays = new Map<string, NpyArray>(economy.arrays);
  const { populations } = economy;
  const file = {
    ...headOf(economy),
    populations: Object.fromEntries(
      populations.map(({ name, count, production }) => [name, { count, production }]),
    ),
    orchestrators: Object.fromEntries(
      economy.orchestrators.map((one) => [one.name, orchestratorFile(one, economy, arrays)]),
    ),
  };
  return { file, arrays: arrays as Members };
}

function orchestratorFile(
  {
    name,
    shares,
    endowment,
    ownEndowment,
    floors,
    discount,
    intertemporal_elasticity,
    dag,
  }: GeneratedOrchestrator,
  economy: Generated,
  arrays: Map<string, NpyArray>,
) {
  return {
    shares,
    endowment: { ...endowment, ...quantities(ownEndowment, economy) },
    floors: quantities(floors, economy),
    discount,
    intertemporal_elasticity,
    preferences: { dag: dagFile(dag, name, arrays) },
  };
}

function quantities(own: readonly OwnCommodity[], economy: Generated) {
  const nameOf = memberNames(economy, (population, member) => `${population}[${member}]`);
  return Object.fromEntries(
    own.map(({ agent, metric, quantity }) => [`${nameOf(agent)}/${metric}`, quantity]),
  );
}

function dagFile(
  { entry_elasticity, entry, edges, steps }: GeneratedDag,
  name: string,
  arrays: Map<string, NpyArray>,
) {
  const vector = (key: string, data: Int32Array | Float64Array) => {
    arrays.set(`${name}.${key}`, { data, shape: [data.length] });
    return { array: `${name}.${key}` };
  };
  return {
    entry: {
      agents: vector("entry.agents", entry.agents),
      weights: vector("entry.weights", entry.weights),
    },
    entry_elasticity,
    edges: {
      from: vector("edges.from", edges.from),
      to: vector("edges.to", edges.to),
      weight: vector("edges.weight", edges.weight),
    },
    steps,
  };
}
