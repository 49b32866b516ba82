import { LuDecomposition, Matrix } from "ml-matrix";

/** An unknown of the system: the weight λ_i of a vertex, or the slack μ_h of a commodity off T. */
export type Unknown =
  | { readonly vertex: number; readonly slack?: undefined }
  | { readonly slack: number; readonly vertex?: undefined };

export interface Pivot {
  readonly leaving: Unknown;
  /** λ after the pivot, one a vertex, ≥ 0, Σ λ = 1 to rounding. */
  readonly weights: readonly number[];
}

type Labels = readonly (readonly number[])[];

/** Entries of a direction below this fraction of its largest are rounding. */
const LEAST_PIVOT = 1e-11;
/** A basic unknown may fall below 0 by so much in favour of a larger pivot (P. M. J. Harris, Math. Programming 5 (1973) 1). */
const SLACKNESS = 1e-13;
/** One that has fallen below 0 by more than this has been lost to rounding. */
const INFEASIBLE = -1e-6;

/**
 * One pivot of the system that the path solves in a t-simplex of the cone of T, |T| = t,
 *
 *     Σ_i λ_i F_h(yⁱ) + [h ∉ T] μ_h = β  for h = 1 … n ,   Σ_i λ_i = 1 ,   λ, μ ≥ 0 ,   β free.
 *
 * It has n + 2 unknowns: all but `entering` are basic; that one grows until a basic one falls to 0. Labels are taken to be in
 * general position, so that one does so first.
 *
 * @param labels F(yⁱ) of the t + 1 vertices, each [n], finite
 * @param order the elements of T
 * @returns null where the basis is singular or infeasible, or nothing stops the entering unknown: only rounding can cause that
 */
export function pivot(labels: Labels, order: readonly number[], entering: Unknown): Pivot | null {
  const n = labels[0].length;
  const basic = unknowns(labels, order).filter((unknown) => !same(unknown, entering));
  const toColumn = columnsOf(labels);
  const ofBeta = [...new Array<number>(n).fill(-1), 0];
  const lu = new LuDecomposition(new Matrix([...basic.map(toColumn), ofBeta]).transpose());
  if (lu.isSingular()) return null;
  const right = [...new Array<number>(n).fill(0), 1];
  const solved = lu.solve(new Matrix([right, toColumn(entering)]).transpose());
  const x = basic.map((_, k) => solved.get(k, 0));
  const d = basic.map((_, k) => solved.get(k, 1));
  const k = firstToVanish(x, d);
  if (k === null) return null;
  const theta = Math.max(0, x[k]) / d[k];
  const weights = labels.map((_, i) => (i === entering.vertex ? theta : 0));
  basic.forEach(({ vertex }, j) => {
    if (vertex !== undefined && j !== k) weights[vertex] = Math.max(0, x[j] - theta * d[j]);
  });
  return { leaving: basic[k], weights };
}

/** λ of every vertex, then μ_h of every h ∉ T. */
function unknowns(labels: Labels, order: readonly number[]): Unknown[] {
  const off = Array.from(labels[0].keys()).filter((h) => !order.includes(h));
  return [...labels.map((_, vertex) => ({ vertex })), ...off.map((slack) => ({ slack }))];
}

/** Their columns, [n + 1], with labels in units of the largest. */
function columnsOf(labels: Labels): (unknown: Unknown) => number[] {
  const n = labels[0].length;
  const unit = labels.reduce((max, F) => F.reduce((most, x) => Math.max(most, Math.abs(x)), max), 0) || 1;
  return ({ vertex, slack }) => {
    if (vertex !== undefined) return [...labels[vertex].map((x) => x / unit), 1];
    return Array.from({ length: n + 1 }, (_, h) => (h === slack ? 1 : 0));
  };
}

/**
 * The basic unknown that falls to 0 first as x − θd falls: of those whose ratio x/d is least up to SLACKNESS the one with the largest
 * d. Null where d > 0 nowhere, where x is infeasible, or where numbers are not finite.
 */
function firstToVanish(x: readonly number[], d: readonly number[]): number | null {
  if (![...x, ...d].every(Number.isFinite) || x.some((value) => value < INFEASIBLE)) return null;
  const least = LEAST_PIVOT * Math.max(...d.map(Math.abs));
  const falling = Array.from(d.keys()).filter((k) => d[k] > least);
  const theta = Math.min(...falling.map((k) => (Math.max(0, x[k]) + SLACKNESS) / d[k]));
  const first = falling.filter((k) => x[k] <= theta * d[k]);
  return first.length === 0 ? null : first.reduce((best, k) => (d[k] > d[best] ? k : best));
}

function same(a: Unknown, b: Unknown): boolean {
  return a.vertex === b.vertex && a.slack === b.slack;
}
