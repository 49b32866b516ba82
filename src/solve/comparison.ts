import { formatPath, type Path } from "../economy/path.js";
import { labelsOf, type Rows } from "./result-arrays.js";

/** One thing that does not hold: what was found, how much was allowed, and where. */
export interface Failure {
  /** `clearing`, `walras`, …, or what in the file disagrees: `supply`, `income`, `routing`, `economy`, … */
  readonly item: string;
  readonly found: number | string | null;
  readonly allowed: number | string | null;
  /** Path in the result, and for a disagreement what the file says and what was recomputed. */
  readonly where: string;
}

/** What is known of the rows that are compared. */
export interface RowFacts {
  readonly nodes: number;
  readonly path: (labels: readonly string[]) => Path;
  readonly isTold: (owner: string) => boolean;
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
   * A series, as long in the file as recomputed (its reader has seen to that), NaN where unknown: one failure, at the instant
   * that disagrees most. Rounding is relative to the largest value of the row.
   */
  series(item: string, path: () => Path, said: Float64Array, computed: Float64Array): void {
    let scale = 0;
    for (const x of computed) if (Math.abs(x) > scale) scale = Math.abs(x);
    let [worst, largest, count] = [0, 0, 0];
    for (let n = 0; n < computed.length; n++) {
      const difference = this.difference(said[n], computed[n], scale, 0);
      if (difference > this.allowed) count++;
      if (difference > largest) [worst, largest] = [n, difference];
    }
    if (count === 0) return;
    const note = count === 1 ? "" : `, and at ${count - 1} more ${count === 2 ? "node" : "nodes"}`;
    const where = computed.length > 1 ? [...path(), worst] : path();
    this.disagree(item, where, known(said[worst]), known(computed[worst]), largest, note);
  }

  /**
   * Every row that the economy has and no other, row by row.
   * @param path of a row in a result file, by its labels
   * @param isTold whether an owner (the first label) has failed already, so that its rows say nothing new
   */
  rows(item: string, said: Rows, own: Rows, { path, isTold, nodes }: RowFacts): void {
    const row = ({ values }: Rows, r: number) => values.subarray(r * nodes, (r + 1) * nodes);
    const fail = (of: Rows, r: number, found: string, allowed: string | null) => {
      if (!isTold(of.labels[0][r])) this.fail(item, path(labelsOf(of, r)), found, allowed);
    };
    const matched = new Uint8Array(said.labels[0].length);
    matchRows(said, own).forEach((other, r) => {
      if (other < 0) fail(own, r, "nothing", "what the economy has here");
      else {
        matched[other] = 1;
        this.series(item, () => path(labelsOf(own, r)), row(said, other), row(own, r));
      }
    });
    matched.forEach((found, r) => {
      if (found === 0) fail(said, r, "a name the economy does not have here", null);
    });
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
    if (isUnknown(said) || isUnknown(computed)) {
      return isUnknown(said) && isUnknown(computed) ? 0 : Number.POSITIVE_INFINITY;
    }
    const magnitude = Math.max(Math.abs(said), Math.abs(computed), floor) + (ROUNDING * scale) / this.allowed;
    return Math.abs(said - computed) / magnitude;
  }
}

function isUnknown(value: number | null): value is null {
  return value === null || Number.isNaN(value);
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** By row of `own`: the row of `said` with the same labels, or −1. */
function matchRows(said: Rows, own: Rows): Int32Array {
  const rows = own.labels[0].length;
  const same = own.labels.every((column, c) => {
    const other = said.labels[c];
    return other.length === rows && column.every((label, r) => label === other[r]);
  });
  if (same) return Int32Array.from({ length: rows }, (_, r) => r);
  const key = (of: Rows, r: number) => labelsOf(of, r).join("\n");
  const place = new Map(said.labels[0].map((_, r) => [key(said, r), r]));
  return Int32Array.from({ length: rows }, (_, r) => place.get(key(own, r)) ?? -1);
}
