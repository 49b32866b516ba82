import { ArrayRef } from "../time/array-ref.js";
import type { ArraySource } from "./arrays.js";
import { brief, quote } from "./found.js";
import { nearest } from "./near.js";
import { type Path, valueAt } from "./path.js";
import type { Problems } from "./problems.js";
import {
  describeShape,
  type Extent,
  expectedShape,
  extentOf,
  fits,
  type Members,
} from "./reference-shape.js";
import type { EconomyFile } from "./schema.js";

/** What is said of a reference where there are no arrays. */
export const NEEDS_NPZ = "needs an NPZ archive: economy.json beside its arrays, as numpy.savez writes them";

interface Site extends Extent {
  readonly path: Path;
  readonly members: Members | null;
}

/**
 * The references of a file to arrays (time/array-ref.ts). First every one is checked against what the arrays say of
 * themselves, before any values are read; then `load` admits the arrays; then `fill` puts values in their places, as views.
 */
export class References {
  readonly #names: ReadonlySet<string>;
  readonly #sites = new Map<ArrayRef, Site>();
  /** By array: how many values each distinct use of it takes. */
  readonly #uses = new Map<string, Map<string, number>>();
  #loaded = false;

  constructor(
    private readonly arrays: ArraySource | null,
    private readonly nodes: number,
  ) {
    this.#names = new Set(arrays?.names);
  }

  /** Checks every reference in a file; in a file without arrays each is a problem. */
  check(file: EconomyFile, problems: Problems): void {
    this.#note(file.agents, ["agents"], null, problems);
    for (const [name, { count, production }] of Object.entries(file.populations)) {
      this.#note(production, ["populations", name, "production"], { name, count }, problems);
    }
    for (const [name, orchestrator] of Object.entries(file.orchestrators)) {
      this.#noteOrchestrator(orchestrator, ["orchestrators", name], file, problems);
    }
  }

  /**
   * Admits the arrays, the first time; throws InputError where they hold more than the economy refers to. Refuses numbers out of
   * range.
   */
  load(problems: Problems): void {
    if (this.#loaded) return;
    this.#loaded = true;
    const total = (uses: ReadonlyMap<string, number>) =>
      Array.from(uses.values()).reduce((sum, n) => sum + n, 0);
    this.arrays?.admit(new Map(Array.from(this.#uses, ([name, uses]) => [name, total(uses)])));
    for (const [ref, site] of this.#sites) if (ref.kind !== "series") this.#checkRange(ref, site, problems);
  }

  /**
   * `value` with views of arrays in place of references: those of member `k`, or without `k` those that are not of
   * members. Parts without references are shared, not copied. Lists stay references (see `list`).
   */
  fill<T>(value: T, k?: number): T {
    if (!isTree(value)) return value;
    if (value instanceof ArrayRef) return this.#filled(value, k) as T;
    let copy: Record<PropertyKey, unknown> | null = null;
    for (const [key, child] of entriesOf(value)) {
      const filled = this.fill(child, k);
      if (filled === child) continue;
      copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<PropertyKey, unknown>;
      copy[key] = filled;
    }
    return (copy ?? value) as T;
  }

  /** The numbers of a list. */
  list(ref: ArrayRef): Float64Array {
    const { offset, length } = this.#sites.get(ref)!;
    return this.arrays!.numbers(ref.array).subarray(offset, offset + length);
  }

  /**
   * A path below a member's `value` as it stands in the file: values of an array are no part of the file, so that the
   * path ends at the reference to it; what is beyond is the node.
   */
  inFile(template: unknown, path: Path): { readonly path: Path; readonly node: PropertyKey | undefined } {
    for (let depth = 0; depth < path.length; depth++) {
      if (valueAt(template, path.slice(0, depth)) instanceof ArrayRef) {
        return { path: path.slice(0, depth), node: path[depth] };
      }
    }
    return { path, node: undefined };
  }

  #noteOrchestrator(
    { preferences, ...own }: EconomyFile["orchestrators"][string],
    at: Path,
    { populations }: EconomyFile,
    problems: Problems,
  ): void {
    this.#note(own, at, null, problems);
    const path = [...at, "preferences"];
    const { steps, ...dag } = "dag" in preferences ? preferences.dag : { steps: {} };
    if ("dag" in preferences) this.#note(dag, [...path, "dag"], null, problems);
    else this.#note(preferences, path, null, problems);
    for (const [name, step] of Object.entries(steps)) {
      const members = "edges" in dag && dag.edges !== undefined && Object.hasOwn(populations, name);
      const population = members ? { name, count: populations[name].count } : null;
      this.#note(step, [...path, "dag", "steps", name], population, problems);
    }
  }

  #note(value: unknown, path: Path, members: Members | null, problems: Problems): void {
    if (!isTree(value)) return;
    if (value instanceof ArrayRef) this.#noteOne(value, path, members, problems);
    else for (const [key, child] of entriesOf(value)) this.#note(child, [...path, key], members, problems);
  }

  #noteOne(ref: ArrayRef, path: Path, members: Members | null, problems: Problems): void {
    const { arrays } = this;
    const name = quote(ref.array);
    if (arrays === null) {
      problems.add(
        path,
        `a reference to the array ${name}`,
        `${WORDS[ref.kind]}; { "array": … } ${NEEDS_NPZ}`,
      );
    } else if (!this.#names.has(ref.array)) {
      problems.add(path, `an unknown array ${name}`, "an array of the archive", () =>
        nearest(ref.array, arrays.names),
      );
    } else {
      const { kind, type, shape } = arrays.describe(ref.array);
      const wanted = ref.kind === "indexes" ? kind === "integer" : kind !== "text";
      if (!wanted) {
        const expected = ref.kind === "indexes" ? "whole numbers, such as int32" : "numbers, such as float64";
        problems.add(path, `the array ${name} of ${type}`, expected);
      } else if (!fits(ref, shape, members, this.nodes)) {
        const found = `the array ${name} of shape ${describeShape(shape)}`;
        problems.add(path, found, `${WORDS[ref.kind]}: shape ${expectedShape(ref, members, this.nodes)}`);
      } else this.#add(ref, shape, members, path);
    }
  }

  #add(ref: ArrayRef, shape: readonly number[], members: Members | null, path: Path): void {
    const extent = extentOf(ref, shape, members);
    this.#sites.set(ref, { path, members, ...extent });
    const uses = this.#uses.get(ref.array) ?? new Map<string, number>();
    const use = `${members === null ? "" : "members "}${ref.at.join(" ")}`;
    uses.set(use, (members?.count ?? 1) * extent.length);
    this.#uses.set(ref.array, uses);
  }

  #filled(ref: ArrayRef, k: number | undefined): unknown {
    const { members, offset, stride, length } = this.#sites.get(ref)!;
    if (ref.kind === "vector" || ref.kind === "indexes") return ref;
    if ((members === null) !== (k === undefined)) return ref;
    const values = this.arrays!.numbers(ref.array);
    const from = offset + stride * (k ?? 0);
    return ref.kind === "number" || length === 1 ? values[from] : values.subarray(from, from + length);
  }

  /** Numbers and lists; the values of series are checked when they are put on a grid. */
  #checkRange({ array, kind, range }: ArrayRef, site: Site, problems: Problems): void {
    const { path, members, offset, stride, length } = site;
    const values = this.arrays!.numbers(array);
    const expected = describeRange(range);
    for (let k = 0; k < (members?.count ?? 1); k++) {
      for (let j = 0; j < length; j++) {
        const value = values[offset + k * stride + j];
        if (value >= range.least && value <= range.most && Number.isFinite(value)) continue;
        const member =
          members !== null ? `${members.name}[${k}]` : kind === "number" ? null : `position ${j}`;
        problems.addAt(member === null ? { path } : { path, member }, brief(value), expected);
      }
    }
  }
}

const WORDS = {
  series: "a series",
  number: "a number",
  vector: "a list of numbers",
  indexes: "a list of agents by number",
} as const;

type Tree = Record<PropertyKey, unknown> | unknown[] | ArrayRef;

/** What may hold references: neither typed arrays nor arrays of numbers, which may be long, nor what code gives. */
function isTree(value: unknown): value is Tree {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return typeof value[0] === "object";
  return !ArrayBuffer.isView(value);
}

function entriesOf(value: Tree): [PropertyKey, unknown][] {
  return Array.isArray(value) ? [...value.entries()] : Object.entries(value);
}

function describeRange({ least, most }: ArrayRef["range"]): string {
  if (least === Number.NEGATIVE_INFINITY) return "a finite number";
  return most < Number.MAX_VALUE ? `a number from ${least} to ${most}` : `a number ≥ ${least}`;
}
