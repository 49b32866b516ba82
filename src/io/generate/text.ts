import type { EconomySpec } from "../../economy/schema.js";
import {
  type Generated,
  type GeneratedDag,
  type GeneratedOrchestrator,
  headOf,
  isReference,
  memberNames,
  type OwnCommodity,
  type Reference,
  type Template,
} from "./document.js";

/** A generated economy as text has it: every agent by name, every series an array or, where it is constant, a number. */
export function textFile(economy: Generated): EconomySpec {
  const { populations, orchestrators } = economy;
  const expand = new Expansion(economy);
  const agents = populations.flatMap(({ name, count, production }) =>
    Array.from({ length: count }, (_, member) => [
      nameOfMember(name, member),
      { production: expand.member(production, member) },
    ]),
  );
  return {
    ...headOf(economy),
    agents: Object.fromEntries(agents),
    orchestrators: Object.fromEntries(
      orchestrators.map((one) => [one.name, orchestrator(one, economy, expand)]),
    ),
  } as unknown as EconomySpec;
}

function nameOfMember(population: string, member: number): string {
  return `${population}-${member}`;
}

function orchestrator(one: GeneratedOrchestrator, economy: Generated, expand: Expansion) {
  const { shares, endowment, ownEndowment, floors, discount, intertemporal_elasticity, dag } = one;
  const nameOf = memberNames(economy, nameOfMember);
  const quantities = (own: readonly OwnCommodity[]) =>
    Object.fromEntries(own.map(({ agent, metric, quantity }) => [`${nameOf(agent)}/${metric}`, quantity]));
  return {
    shares,
    endowment: { ...(expand.whole(endowment) as object), ...quantities(ownEndowment) },
    floors: quantities(floors),
    discount: expand.whole(discount),
    intertemporal_elasticity,
    preferences: { dag: dagOf(dag, economy, nameOf, expand) },
  };
}

function dagOf(
  { entry_elasticity, entry, edges, steps }: GeneratedDag,
  { populations }: Generated,
  nameOf: (agent: number) => string,
  expand: Expansion,
) {
  const next = new Map<number, Record<string, number>>();
  edges.from.forEach((agent, e) => {
    next.set(agent, { ...next.get(agent), [nameOf(edges.to[e])]: edges.weight[e] });
  });
  let agent = 0;
  const all = populations.flatMap(({ name, count }) =>
    Array.from({ length: count }, (_, member) => {
      const successors = next.get(agent);
      const step = expand.member(steps[name], member) as object;
      return [nameOf(agent++), { ...step, ...(successors === undefined ? {} : { next: successors }) }];
    }),
  );
  return {
    entry: Object.fromEntries(Array.from(entry.agents, (a, k) => [nameOf(a), entry.weights[k]])),
    entry_elasticity,
    steps: Object.fromEntries(all),
  };
}

/** Puts the values of arrays in the place of references. */
class Expansion {
  constructor(private readonly economy: Generated) {}

  /** A template of a population, for one member: the first axis of its arrays. */
  member(template: Template, member: number): unknown {
    return this.#expand(template, [member]);
  }

  /** A template whose arrays have no axis of members. */
  whole(template: Template): unknown {
    return this.#expand(template, []);
  }

  #expand(template: Template, before: readonly number[]): unknown {
    if (isReference(template)) return this.#values(template, before);
    if (Array.isArray(template)) return template.map((item) => this.#expand(item, before));
    if (typeof template !== "object" || template === null) return template;
    return Object.fromEntries(
      Object.entries(template).map(([key, value]) => [key, this.#expand(value, before)]),
    );
  }

  /** A number where all axes are indexed, or the last has length 1; otherwise the values along the last axis. */
  #values({ array, at }: Reference, before: readonly number[]): number | Float64Array {
    const { data, shape } = this.economy.arrays.get(array)!;
    const indexes = [...before, ...at];
    const length = shape.slice(indexes.length).reduce((product, axis) => product * axis, 1);
    const row = indexes.reduce((sum, index, axis) => sum * shape[axis] + index, 0);
    return length === 1 ? data[row] : data.subarray(row * length, (row + 1) * length);
  }
}
