import { FORMAT } from "../../economy/schema.js";
import type { NpyArray } from "../npz/archive.js";

/** `{ "array": name, "at": [...] }` in the file of an archive (formats.md, "NPZ economies"). */
export interface Reference {
  readonly array: string;
  readonly at: readonly number[];
}

/** A tree of plain values in which references stand for numbers and series. */
export type Template = unknown;

/** Agents alike but for what arrays say of each; the first axis of every array that they refer to is the member. */
export interface Population {
  readonly name: string;
  readonly count: number;
  readonly production: Template;
}

/** A commodity of one agent: the agent's number, and its metric. */
export interface OwnCommodity {
  readonly agent: number;
  readonly metric: string;
  readonly quantity: number;
}

export interface GeneratedDag {
  readonly entry_elasticity: number;
  /** Agents by number. */
  readonly entry: { readonly agents: Int32Array; readonly weights: Float64Array };
  readonly edges: { readonly from: Int32Array; readonly to: Int32Array; readonly weight: Float64Array };
  /** By population: a step's metrics and elasticities. */
  readonly steps: Readonly<Record<string, Template>>;
}

export interface GeneratedOrchestrator {
  readonly name: string;
  readonly shares: number;
  /** Of the shared capacity. */
  readonly endowment: Readonly<Record<string, Template>>;
  readonly ownEndowment: readonly OwnCommodity[];
  readonly floors: readonly OwnCommodity[];
  readonly discount: Template;
  readonly intertemporal_elasticity: number;
  readonly dag: GeneratedDag;
}

/**
 * A generated economy: populations and orchestrators over arrays, from which both the archive (archive.ts) and the text
 * (text.ts) are made. Agents are numbered in the order of the populations.
 */
export interface Generated {
  readonly name: string;
  readonly time: object | null;
  readonly commodities: readonly string[];
  readonly populations: readonly Population[];
  readonly orchestrators: readonly GeneratedOrchestrator[];
  readonly arrays: ReadonlyMap<string, NpyArray & { readonly data: Float64Array }>;
}

/** Arrays under construction. */
export class Arrays {
  readonly all = new Map<string, NpyArray & { readonly data: Float64Array }>();

  /** A new array of that shape, full of 0. */
  add(name: string, shape: readonly number[]): Float64Array {
    const data = new Float64Array(shape.reduce((product, length) => product * length, 1));
    this.all.set(name, { data, shape });
    return data;
  }
}

/** Whether a value of a template is a reference. */
export function isReference(value: unknown): value is Reference {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "array");
}

/** What both forms begin with. */
export function headOf({ name, time, commodities }: Generated) {
  return {
    format: FORMAT,
    name,
    ...(time === null ? {} : { time }),
    ...(commodities.length === 0 ? {} : { commodities: Object.fromEntries(commodities.map((c) => [c, {}])) }),
  };
}

/** The name of an agent from its number. */
export function memberNames(
  { populations }: Pick<Generated, "populations">,
  write: (population: string, member: number) => string,
): (agent: number) => string {
  const names = populations.flatMap(({ name, count }) =>
    Array.from({ length: count }, (_, member) => write(name, member)),
  );
  return (agent) => names[agent];
}
