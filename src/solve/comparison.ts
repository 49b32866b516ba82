import { formatPath, type Path } from "../economy/path.js";
import type { ResultSeries } from "./result-schema.js";

/** One thing that does not hold: what was found, how much was allowed, and where. */
export interface Failure {
  /** `clearing`, `walras`, …, or what in the file disagrees: `supply`, `income`, `routing`, `economy`, … */
  readonly item: string;
  readonly found: number | string | null;
  readonly allowed: number | string | null;
  /** Path in the result, and for a disagreement what the file says and what was recomputed. */
  readonly where: string;
}

/** Rounding of a recomputed number, as a fraction of what it was computed from. */
const ROUNDING = 1e-13;

/** Compares what a file says with what was recomputed, relative to each number, and collects the disagreements. */
export class Comparison {
  readonly failures: Failure[] = [];

  /** @param allowed largest relative difference */
  constructor(private readonly allowed: number) {}

  fail(item: string, path: Path, found: Failure["found"], allowed: Failure["allowed"], note = ""): void {
    this.failures.push({ item, found, allowed, where: formatPath(path) + note });
  }

  equal(item: string, path: Path, found: string | null, expected: string | null): void {
    if (found !== expected) this.fail(item, path, found, expected);
  }

  /**
   * One number. `scale` is what it was computed from: rounding errors are relative to that. `floor` is a magnitude below
   * which differences count absolutely.
   */
  number(item: string, path: Path, said: number | null, computed: number | null, scale = 0, floor = 0): void {
    const difference = this.difference(said, computed, scale, floor);
    if (!(difference <= this.allowed)) this.disagree(item, path, said, computed, difference);
  }

  /**
   * A series, as long in the file as recomputed (parseResult has seen to that): one failure, at the instant that disagrees
   * most. Rounding is relative to the largest value of the row.
   */
  series(item: string, path: Path, said: ResultSeries, computed: ResultSeries): void {
    const [file, own] = [asArray(said), asArray(computed)];
    const scale = own.reduce<number>((max, x) => Math.max(max, Math.abs(x ?? 0)), 0);
    const differences = own.map((x, n) => this.difference(file[n], x, scale, 0));
    const worst = differences.reduce((best, d, n) => (d > differences[best] ? n : best), 0);
    if (differences[worst] <= this.allowed) return;
    const others = differences.filter((d) => d > this.allowed).length - 1;
    const note = others === 0 ? "" : `, and at ${others} more ${others === 1 ? "node" : "nodes"}`;
    const where = Array.isArray(said) ? [...path, worst] : path;
    this.disagree(item, where, file[worst], own[worst], differences[worst], note);
  }

  /** Every name the economy has and no other; calls `compare` for those in both. */
  names<A, B>(
    item: string,
    path: Path,
    file: Record<string, A>,
    own: Record<string, B>,
    compare: (path: Path, said: A, computed: B) => void,
  ): void {
    for (const name of Object.keys(file)) {
      if (!Object.hasOwn(own, name))
        this.fail(item, [...path, name], "a name the economy does not have here", null);
    }
    for (const [name, computed] of Object.entries(own)) {
      if (Object.hasOwn(file, name)) compare([...path, name], file[name], computed);
      else this.fail(item, [...path, name], "nothing", "what the economy has here");
    }
  }

  private disagree(
    item: string,
    path: Path,
    said: number | null,
    computed: number | null,
    difference: number,
    note = "",
  ): void {
    const text = ` is ${said} in the file and ${computed} recomputed${note}`;
    this.fail(item, path, Number.isFinite(difference) ? difference : null, this.allowed, text);
  }

  private difference(said: number | null, computed: number | null, scale: number, floor: number): number {
    if (said === computed) return 0;
    if (said === null || computed === null) return Number.POSITIVE_INFINITY;
    const magnitude = Math.max(Math.abs(said), Math.abs(computed), floor) + (ROUNDING * scale) / this.allowed;
    return Math.abs(said - computed) / magnitude;
  }
}

function asArray(values: ResultSeries): (number | null)[] {
  return Array.isArray(values) ? values : [values];
}
