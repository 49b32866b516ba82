import { LuDecomposition, Matrix } from "ml-matrix";
import { activeInstants, linearize } from "../../contraction/linearization.js";
import type { Market } from "../../market/market.js";

/** A point of a curve f_kept(q) = λ v: log prices, λ, and f there. */
interface Point {
  readonly q: Float64Array;
  readonly lambda: number;
}

/** Rows of f that a curve keeps: all active ones but that of the numeraire, whose log price stays as it is. */
export interface Chart {
  readonly kept: readonly number[];
  /** Positions of `kept` among the active instants. */
  readonly rows: readonly number[];
}

const FIRST_LENGTH = 1e-3;
const LONGEST = 3;
const SHORTEST = 1e-7;
/** Points of one curve, one way. */
const MOST_POINTS = 400;
/** Log prices, and λ, are followed out to here. */
const FARTHEST = 80;
/** ‖f − λv‖ at which a point is on the curve. */
const ON_CURVE = 1e-5;
const CORRECTIONS = 6;
const USUAL = 3;
/** Cosine between two tangents below which a step was too long. */
const STRAIGHT = 0.9;
/** λ that comes nearer to 0 between two points than this part of what it is at both is looked at more closely. */
const DIPS = 0.5;

/** The active instants but the one of the highest price, which is the numeraire. */
export function chartAt(market: Market<Float64Array>, q: Float64Array): Chart {
  const active = [...activeInstants(market, q)];
  const numeraire = active.reduce((best, i, k) => (q[i] > q[active[best]] ? k : best), 0);
  const rows = active.map((_, k) => k).filter((k) => k !== numeraire);
  return { kept: rows.map((k) => active[k]), rows };
}

/**
 * Follows the curve f_kept(q) = λ v from an equilibrium, where λ = 0, by arclength in (q, λ), one way (E. L. Allgower and K. Georg, Numerical
 * Continuation Methods, 1990): all markets but the numeraire's are out of balance in proportion to v, for a unit vector v all but one clear.
 * Wherever λ passes through 0 all of them clear: by Walras' law, another equilibrium.
 *
 * @param way 1 or −1
 * @param crossing told log prices near each; its answer is whether to go on
 * @param isOver asked before each step
 */
export async function followCurve(
  market: Market<Float64Array>,
  chart: Chart,
  from: Float64Array,
  v: readonly number[],
  way: 1 | -1,
  crossing: (q: Float64Array) => Promise<boolean>,
  isOver: () => boolean,
): Promise<void> {
  let at: Point = { q: from, lambda: 0 };
  const first = await system(market, chart, at, v, null);
  let tangent = first?.tangent() ?? null;
  if (tangent === null) return;
  tangent = tangent.mul(way * Math.sign(tangent.get(v.length, 0) || 1));
  let length = FIRST_LENGTH;
  for (let points = 0; points < MOST_POINTS && length > SHORTEST && !isOver(); ) {
    const next = await advance(market, chart, at, v, tangent, length);
    const turned = next === null ? 0 : tangent.dot(next.tangent);
    if (
      next === null ||
      turned < STRAIGHT ||
      (length > FIRST_LENGTH && dips(at, next.point, tangent, next.tangent, length))
    ) {
      length /= 4;
      continue;
    }
    const side = at.lambda === 0 ? tangent.get(v.length, 0) : at.lambda;
    const isCrossing = side * next.point.lambda <= 0;
    if (isCrossing && !(await crossing(between(at, next.point)))) return;
    if (farthest(chart, from, next.point) > FARTHEST) return;
    [at, tangent] = [next.point, next.tangent];
    length = Math.min(LONGEST, length * (next.corrections < USUAL ? 2 : next.corrections > USUAL ? 0.5 : 1));
    points++;
  }
}

/** The next point, and the tangent there; null where the corrector does not find it. */
async function advance(
  market: Market<Float64Array>,
  chart: Chart,
  at: Point,
  v: readonly number[],
  tangent: Matrix,
  length: number,
): Promise<{ point: Point; tangent: Matrix; corrections: number } | null> {
  let point = moved(chart, at, tangent, length);
  const bordered = await system(market, chart, point, v, tangent);
  const ahead = bordered?.tangent() ?? null;
  if (bordered === null || ahead === null) return null;
  const f = market.create();
  let before = Infinity;
  for (let corrections = 0; corrections <= CORRECTIONS; corrections++) {
    const { finite, afford } = await market.residual(point.q, f);
    if (!finite || !(afford > 0)) return null;
    const off = chart.kept.map((i, k) => f[i] - point.lambda * v[k]);
    const norm = Math.max(...off.map(Math.abs));
    if (norm < ON_CURVE) return { point, tangent: ahead, corrections };
    if (!(norm < before)) return null;
    before = norm;
    point = moved(chart, point, bordered.solve([...off.map((x) => -x), 0]), 1);
  }
  return null;
}

/** The linear system of the curve at a point, bordered by the tangent before; null where it cannot be made or solved. */
async function system(
  market: Market<Float64Array>,
  { rows }: Chart,
  { q }: Point,
  v: readonly number[],
  before: Matrix | null,
) {
  const linearization = await linearize(market, q);
  if (linearization === null) return null;
  const m = rows.length;
  const matrix = Matrix.zeros(m + 1, m + 1);
  matrix.setSubMatrix(linearization.elasticities.selection([...rows], [...rows]).mul(-1), 0, 0);
  for (let k = 0; k < m; k++) matrix.set(k, m, -v[k]);
  if (before === null) matrix.set(m, m, 1);
  else matrix.setRow(m, before.to1DArray());
  const lu = new LuDecomposition(matrix);
  if (lu.isSingular()) return null;
  const solve = (right: readonly number[]): Matrix => lu.solve(Matrix.columnVector([...right]));
  /** Of length 1, the way it has come; null where it is not finite. */
  const tangent = (): Matrix | null => {
    const direction = solve([...v.map(() => 0), 1]);
    const norm = direction.norm();
    return norm > 0 && norm < Infinity ? direction.div(norm) : null;
  };
  return { solve, tangent };
}

function moved({ kept }: Chart, { q, lambda }: Point, direction: Matrix, length: number): Point {
  const to = q.slice();
  kept.forEach((i, k) => {
    to[i] += length * direction.get(k, 0);
  });
  return { q: to, lambda: lambda + length * direction.get(kept.length, 0) };
}

/** Where λ = 0 between two points, on the chord. */
function between(a: Point, b: Point): Float64Array {
  const part = a.lambda === b.lambda ? 0.5 : a.lambda / (a.lambda - b.lambda);
  return a.q.map((x, i) => x + part * (b.q[i] - x));
}

/** Whether λ, which goes towards 0 at one end and away from it at the other, may reach it in between: the cubic through both. */
function dips(a: Point, b: Point, tangentA: Matrix, tangentB: Matrix, length: number): boolean {
  const last = tangentA.rows - 1;
  const [slopeA, slopeB] = [length * tangentA.get(last, 0), length * tangentB.get(last, 0)];
  if (a.lambda * b.lambda <= 0 || a.lambda * slopeA >= 0 || b.lambda * slopeB <= 0) return false;
  const least = Math.min(Math.abs(a.lambda), Math.abs(b.lambda));
  for (let x = 0.1; x < 1; x += 0.1) {
    const value =
      (1 + 2 * x) * (1 - x) ** 2 * a.lambda +
      x * (1 - x) ** 2 * slopeA +
      x * x * (3 - 2 * x) * b.lambda +
      x * x * (x - 1) * slopeB;
    if (value * Math.sign(a.lambda) < DIPS * least) return true;
  }
  return false;
}

function farthest({ kept }: Chart, from: Float64Array, { q, lambda }: Point): number {
  return kept.reduce((most, i) => Math.max(most, Math.abs(q[i] - from[i])), Math.abs(lambda));
}
