import type { ArrayRef } from "../time/array-ref.js";

/** A population, whose arrays have its members on their first axis. */
export interface Members {
  readonly name: string;
  readonly count: number;
}

/** Where a reference finds its values: member k's begin at `offset + k · stride`, `length` of them. */
export interface Extent {
  readonly offset: number;
  readonly stride: number;
  readonly length: number;
}

/** Whether an array of this shape has what a reference asks of it: first the members, then what `at` indexes, then its own axis. */
export function fits(
  { kind, at }: ArrayRef,
  shape: readonly number[],
  members: Members | null,
  nodes: number,
): boolean {
  const lead = members === null ? 0 : 1;
  const tail = kind === "number" ? 0 : 1;
  if (shape.length !== lead + at.length + tail) return false;
  if (members !== null && shape[0] !== members.count) return false;
  if (at.some((index, axis) => index >= shape[lead + axis])) return false;
  const last = shape[shape.length - 1];
  return kind !== "series" || last === nodes || last === 1;
}

/** `(4096, more than 3, 128 or 1)`, and what the axes are. */
export function expectedShape({ kind, at }: ArrayRef, members: Members | null, nodes: number): string {
  const axes: [length: string, what: string][] = [];
  if (members !== null) axes.push([String(members.count), "members"]);
  for (const index of at) axes.push([`more than ${index}`, '"at"']);
  if (kind === "series") axes.push([nodes === 1 ? "1" : `${nodes} or 1`, "nodes"]);
  else if (kind !== "number") axes.push(["any length", "the list"]);
  const lengths = axes.map(([length]) => length).join(", ");
  return axes.length === 0 ? "()" : `(${lengths}), that is ${axes.map(([, what]) => what).join(", ")}`;
}

/** Of an array that fits, the last axis fastest. */
export function extentOf({ kind, at }: ArrayRef, shape: readonly number[], members: Members | null): Extent {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  const lead = members === null ? 0 : 1;
  return {
    offset: at.reduce((sum, index, axis) => sum + index * strides[lead + axis], 0),
    stride: members === null ? 0 : strides[0],
    length: kind === "number" ? 1 : shape[shape.length - 1],
  };
}

export function describeShape(shape: readonly number[]): string {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}
