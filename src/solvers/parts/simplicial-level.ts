import { Matrix } from "ml-matrix";
import { hash } from "../../core/rng.js";
import {
  beginPath,
  type Complete,
  followPath,
  freshVertex,
  inverseMap,
  type Path,
} from "./simplicial-path.js";

/**
 * One level: a triangulation of the log prices with a given mesh, and the path through it from its centre. Lattice point x
 * stands for log prices q + mesh·x.
 */
export interface Level {
  /** Log prices at the centre, up to a constant, [n]. */
  readonly q: readonly number[];
  /** Change of one log price along an edge. */
  readonly mesh: number;
  /** Of a local level, what it has from the level before. */
  readonly local: Local | null;
  readonly path: Path;
  /** Where the path has ended, and the next level's centre is to be. */
  readonly turn: Turn | null;
}

/**
 * A local level follows the path of N·F instead of F. That is 0 where F is equal in all entries and, where F is nearly linear, the way
 * there: so its path goes straight there, whereas that of F may go far round even of a linear F (markets like Scarf's).
 */
export interface Local {
  /** The change of log prices by which F would vanish, [n][n], by the linear map of the complete simplex before. */
  readonly N: readonly (readonly number[])[];
  /** The mesh of that simplex. */
  readonly above: number;
}

export interface Turn {
  /** In units of the mesh, [n]. */
  readonly point: readonly number[];
  /** In a complete simplex; too far from the centre; lost to rounding; or prices were lowered with their floors. */
  readonly why: "complete" | "far" | "lost" | "lowered";
  readonly simplex: Complete | null;
}

/** The mesh from a start that is nowhere near; F at a nearer one is smaller, and so is the mesh. */
const FIRST_MESH = 1;
const COARSEST = 4;
/** Below, differences of F along edges drown in rounding. */
export const FINEST = 1e-7;
/** A refinement at least halves the mesh: so meshes go to 0 whatever the predictions say. */
const REFINEMENT = 1 / 2;
/** How much coarser the level after one whose path went far, or was lost. */
const COARSENING = 8;
const RECOVERY = 3;
/** Cells beyond which a local level was a mistake. */
const LOCAL_REACH = 10;
/** Labels are tilted by up to so much of the mesh into general position; the point found moves by that much of a cell. */
const TILT = 1e-8;

/** A level around log prices q, where F is given; the path begins. */
export function beginLevel(
  q: readonly number[],
  F: readonly number[],
  mesh: number,
  local: Local | null = null,
): Level {
  return { q, mesh, local, path: beginPath(labelOn({ mesh, local }, F)), turn: null };
}

/** The mesh where a solve begins, or begins anew, from F there. */
export function firstMesh(F: readonly number[]): number {
  return Math.max(FINEST, Math.min(FIRST_MESH, oscillation(F)));
}

/** The lattice point where F comes next: a vertex, or the centre of the next level. */
export function wantedPoint({ path, turn }: Level): readonly number[] {
  return turn?.point ?? freshVertex(path);
}

/** Its log prices, up to a constant. */
export function logPricesAt({ q, mesh }: Level, x: readonly number[]): number[] {
  return q.map((centre, k) => centre + mesh * x[k]);
}

/**
 * The level after F at its wanted vertex is known. A path that gets farther than `reach` cells from its centre ends there: the
 * level was too fine for the way to go.
 */
export function followLevel(level: Level, F: readonly number[], reach: number): Level {
  const next = followPath(level.path, labelOn(level, F));
  if (next?.complete !== undefined) {
    return { ...level, turn: { point: next.complete.point, why: "complete", simplex: next.complete } };
  }
  const { path } = next ?? level;
  // Where a local path leads astray nothing is gained: back to the centre.
  const point = level.local === null ? path.point : F.map(() => 0);
  if (next === null) return { ...level, turn: { point, why: "lost", simplex: null } };
  const most = level.local !== null ? LOCAL_REACH : level.mesh < COARSEST ? reach : Infinity;
  const far = oscillation(path.point) > most;
  return { ...level, path, turn: far ? { point, why: "far", simplex: null } : null };
}

/** The level after a turn, around log prices q, where F is given. */
export function nextLevel({ mesh, local, turn }: Level, q: readonly number[], F: readonly number[]): Level {
  const coarser = (factor: number) => beginLevel(q, F, Math.min(COARSEST, factor * mesh));
  switch (turn?.why) {
    case "complete":
      return refined(q, F, mesh, local, turn.simplex as Complete);
    case "far":
      return local === null ? coarser(COARSENING) : beginLevel(q, F, finer(local.above));
    case "lost":
      return local === null ? coarser(RECOVERY) : beginLevel(q, F, finer(local.above));
    default:
      return beginLevel(q, F, firstMesh(F));
  }
}

/**
 * The local level from a complete simplex. Its mesh is N·F: how far F is from 0 by the simplex's own linear map. Near a solution
 * that is of the order of the mesh squared, and the next path crosses a few cells: convergence is quadratic, at n + 1 evaluations a level
 * (R. Saigal, Math. Oper. Res. 2 (1977) 108).
 */
function refined(
  q: readonly number[],
  F: readonly number[],
  mesh: number,
  local: Local | null,
  simplex: Complete,
): Level {
  const inverse = inverseMap(simplex);
  if (inverse === null) return beginLevel(q, F, finer(mesh));
  const step = new Matrix(inverse).mul(mesh);
  const N = (local === null ? step : step.mmul(matrixOf(local.N))).to2DArray();
  const left = oscillation(times(N, F));
  if (!Number.isFinite(left)) return beginLevel(q, F, finer(mesh));
  return beginLevel(q, F, Math.max(FINEST, Math.min(finer(mesh), left)), { N, above: mesh });
}

function finer(mesh: number): number {
  return Math.max(FINEST, REFINEMENT * mesh);
}

/** max − min. */
export function oscillation(x: readonly number[]): number {
  return Math.max(...x) - Math.min(...x);
}

/** What the path goes by: F or N·F, and the same few numbers more at every point, so that it is in general position. */
function labelOn({ mesh, local }: Pick<Level, "mesh" | "local">, F: readonly number[]): number[] {
  const label = local === null ? F : times(local.N, F);
  return label.map((x, h) => x + (TILT * mesh * hash(h)) / 2 ** 32);
}

function times(N: Local["N"], F: readonly number[]): number[] {
  return N.map((row) => row.reduce((sum, a, k) => sum + a * F[k], 0));
}

function matrixOf(N: Local["N"]): Matrix {
  return new Matrix(N.map((row) => [...row]));
}
