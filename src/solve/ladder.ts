import type { Economy } from "../economy/economy.js";
import type { RunMemory } from "../solvers/loop.js";
import type { TraceRecord } from "../solvers/trace.js";
import { Account, type Before, type Climbed, type Words } from "./account.js";
import type { Level, LevelOptions } from "./level.js";
import type { StartPrices } from "./start.js";

/** From so many nodes on there is a ladder, its coarsest grid of at least COARSEST nodes, each a third of the next. */
export const LADDER_FROM = 200;
const COARSEST = 8;
const RATIO = 3;
/** Of all steps, what the coarser grids may take together; on one at most MOST_STEPS, and no ladder where it would be fewer than FEW. */
const PART = 1 / 4;
const MOST_STEPS = 500;
const FEW = 30;
/** Complementarity of a coarse solution that is a better start than the plain one. */
const USEFUL = 0.1;
/**
 * A coarse grid is solved to AIM times the square of the residual that prolongation left on it, within these bounds: about what the next
 * prolongation leaves where the economy is smooth in time, and less where it is not. Where it does not come so far, ENOUGH will do.
 */
const AIM = 1e-4;
const LEAST_TARGET = 1e-10;
const LARGEST_TARGET = 1e-5;
const ENOUGH = 1e-2;
/**
 * Where a solution is smooth, second differences of log prices are less than first ones, all together: by RESOLVED/nodes for features
 * of a day, never less than ROUGH times. Where they are more there are features on every grid, and the nodes of one say nothing of what
 * is between them. On fewer than RESOLVED nodes nothing can be told.
 */
const RESOLVED = 25;
const ROUGH = 0.5;
/** Ends of a solve from prolonged prices after which the plain start deserves an attempt of its own. */
const RETRIED: ReadonlySet<string> = new Set([
  "max-steps",
  "stalled",
  "cycling",
  "diverged",
  "non-finite",
  "linear-solve-failed",
]);

/**
 * Where a checkpoint was made. Solves are numbered: the coarser grids, the economy from prolonged prices, the economy from its plain
 * start.
 */
export interface Mark {
  readonly rung: number;
  readonly target: number;
  readonly before: Before;
}

export interface LadderOptions {
  readonly start: StartPrices | undefined;
  readonly maxSteps: number;
  /** Steps from prolonged prices after which the plain start is tried instead. */
  readonly patience: number;
  /** Clearing aimed at on the economy's own grid, and what will do there. */
  readonly target: number;
  readonly tolerance: number;
  readonly onStep?: (record: TraceRecord) => void;
  readonly signal?: AbortSignal;
  readonly save?: (run: RunMemory, mark: Mark) => void;
  readonly resume?: { readonly run: RunMemory; readonly mark?: Mark };
}

/** Solves an economy on its own grid; what it is asked for goes on to solveLevel. */
export type SolveOn = (economy: Economy, asked: Asked) => Promise<Level>;
export type Asked = Pick<
  LevelOptions,
  "start" | "maxSteps" | "share" | "target" | "tolerance" | "onStep" | "resume"
> & {
  readonly save?: (run: RunMemory) => void;
};

/**
 * The economy on the coarser grids of its ladder, the coarsest first; none where a ladder does not pay (few nodes, few steps) or
 * the economy cannot be re-projected.
 */
export function coarserGrids(economy: Economy, maxSteps: number): Economy[] {
  const { nodes } = economy.grid;
  if (nodes < LADDER_FROM) return [];
  const sizes: number[] = [];
  for (let size = nodes / RATIO; size >= COARSEST; size /= RATIO) sizes.unshift(Math.round(size));
  if (PART * maxSteps < FEW * sizes.length) return [];
  try {
    return sizes.map((size) => economy.onGrid({ nodes: size }));
  } catch {
    // Arrays on gauss-legendre nodes, what nobody supplies at a coarse instant, a function that is not defined there.
    return [];
  }
}

/**
 * Nested iteration (model.md section 1): the economy on ever finer grids, each solved from the last one's solution prolonged,
 * and at last the economy itself. Where a coarse grid leads nowhere, or its solution astray, the economy is solved from its plain
 * start after all. Steps and evaluations of all grids count, and the notes of records say which grid they are of.
 *
 * @param coarser as coarserGrids has them; none: the economy is solved from its plain start
 */
export async function climb(
  economy: Economy,
  coarser: readonly Economy[],
  options: LadderOptions,
  solveOn: SolveOn,
): Promise<Climbed> {
  const { maxSteps, signal } = options;
  const [prolonged, plain] = [coarser.length, coarser.length + 1];
  const account = new Account(options.resume?.mark?.before);
  let resume = options.resume;
  let rung = resume?.mark?.rung ?? (coarser.length > 0 ? 0 : plain);
  let start = options.start;
  for (;;) {
    const words = wordsFor(rung, economy, coarser);
    const asked = settingsFor(rung, coarser.length, maxSteps - account.steps, options);
    const level = await solveOn(coarser[rung] ?? economy, {
      ...asked,
      ...markedFor(rung, account.before(), asked.target, options, resume),
      start,
      onStep: (record) => options.onStep?.(account.shifted(record, words)),
    });
    account.add(level, words);
    resume = undefined;
    if (rung < prolonged) {
      const useful = isUseful(level, coarser[rung].grid.nodes);
      start = useful ? startFrom(coarser[rung], level.loop.prices) : options.start;
      rung = !useful ? plain : signal?.aborted ? prolonged : rung + 1;
    } else {
      const again = rung === prolonged && RETRIED.has(level.loop.status) && account.steps < maxSteps;
      if (!again) return account.climbed(level);
      start = options.start;
      rung = plain;
    }
  }
}

function isUseful({ loop: { status, residual, prices } }: Level, nodes: number): boolean {
  if (nodes >= RESOLVED && isRough(prices, nodes)) return false;
  return status === "solved" || (status !== "slo-unaffordable" && residual <= USEFUL);
}

/** Σ|Δ² log p| against Σ|Δ log p|, where prices are above 0. */
function isRough(prices: Float64Array, nodes: number): boolean {
  const q = prices.map(Math.log);
  let [first, second] = [0, 0];
  for (let k = 2; k < q.length; k++) {
    const [a, b] = [q[k] - q[k - 1], q[k - 1] - q[k - 2]];
    if (k % nodes < 2 || !Number.isFinite(a - b)) continue;
    first += Math.abs(a);
    second += Math.abs(a - b);
  }
  return second > Math.max(ROUGH, RESOLVED / nodes) * first;
}

/** How far each solve goes: a coarse grid as far as it may help, the economy to the end. */
function settingsFor(
  rung: number,
  coarser: number,
  left: number,
  { target, tolerance, maxSteps, patience }: LadderOptions,
): Pick<Asked, "maxSteps" | "share" | "target" | "tolerance"> {
  if (rung >= coarser) {
    const most = rung === coarser ? Math.min(patience, left) : left;
    return { maxSteps: most, share: left, target: () => target, tolerance };
  }
  const aim = (first: number) => Math.max(LEAST_TARGET, Math.min(LARGEST_TARGET, AIM * first ** 2));
  const steps = Math.min(MOST_STEPS, Math.floor((PART * maxSteps) / coarser));
  return { maxSteps: steps, share: steps, target: aim, tolerance: ENOUGH };
}

/** Checkpoints that say where on the ladder they were made, and what one of them remembers. */
function markedFor(
  rung: number,
  before: Before,
  aim: (first: number) => number,
  { save, signal }: LadderOptions,
  resume: LadderOptions["resume"],
): Partial<Asked> {
  let target = resume?.mark?.target ?? Number.NaN;
  return {
    target: (first) => {
      if (resume?.mark === undefined) target = aim(first);
      return target;
    },
    resume: resume?.run,
    // Cancelled below, the economy's own grid is only there to have prices on.
    save: signal?.aborted ? undefined : save && ((run) => save(run, { rung, target, before })),
  };
}

/** Prices on an economy's grid, to begin another solve with. */
export function startFrom({ grid, commodities }: Economy, prices: Float64Array): StartPrices {
  const row = (m: number) => prices.slice(m * grid.nodes, (m + 1) * grid.nodes);
  return { grid, prices: new Map(commodities.map(({ name }, m) => [name, row(m)])) };
}

/** Which grid a solve is on; null where there is no ladder. */
function wordsFor(rung: number, { grid }: Economy, coarser: readonly Economy[]): Words | null {
  if (coarser.length === 0) return null;
  const on = `on ${(coarser[rung]?.grid ?? grid).nodes} nodes`;
  if (rung < coarser.length) return { first: on, every: on };
  const from = rung > coarser.length ? "the plain start" : `the solution on ${coarser[rung - 1].grid.nodes}`;
  return { first: `${on}, from ${from}`, every: null };
}
