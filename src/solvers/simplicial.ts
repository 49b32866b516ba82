import type { Status } from "../core/status.js";
import type { Market } from "../market/market.js";
import { FIRST_FLOOR, heldUp, labelOf, logShares, lowered } from "./parts/labels.js";
import { type Chart, onChart, openChart, pointAt } from "./parts/simplicial-chart.js";
import {
  beginLevel,
  firstMesh,
  followLevel,
  type Level,
  logPricesAt,
  nextLevel,
  oscillation,
  type Turn,
  wantedPoint,
} from "./parts/simplicial-level.js";
import { exhausted, NO_PROGRESS, type Progress, progressAfter } from "./parts/simplicial-progress.js";
import { evaluate, type Iterate, type Solver } from "./solver.js";

/** A path through n prices needs several times n evaluations, each with a linear system of that size, and at worst exponentially many. */
export const MOST_PRICES = 30;

/** Labels of goods off the floors below this are as close to 0, or to each other, as the loop wants before it frees the rest. */
const CLEARED = 1e-11;
/** Points in a row, on the way, at which demand or supply is no finite number. */
const MOST_UNDEFINED = 50;
/** Below this mesh a complete simplex at prices that somebody cannot pay is no accident of a coarse mesh. */
const FINE = 0.1;
/** osc(log p) where a divergence is one, and M°/M where the loop sees an orchestrator starve. */
const WIDEST = 590;
const STARVED = 1e-7;

/** What an end says, for the trace. */
const NOTES = {
  large: `more than ${MOST_PRICES} prices`,
  one: "only one price",
  lost: "rounding lost the path time and again",
  idle: "the finest mesh found no better prices",
  unpaid: "the path led to prices at which somebody cannot pay the floors",
  undefined: "demand or supply is no finite number along the path",
  onward: "the path is still under way; no simplex of it comes twice",
};

interface State<V> extends Iterate<V> {
  /** The prices there are, and the level at work; null before the first step, and after goods became free or priced. */
  readonly at: { readonly chart: Chart<V>; readonly centre: V; readonly level: Level } | null;
  /** The centre's `probe`. */
  readonly probe: readonly [number, number];
  /** Least log(p/Σp) by commodity-instant, where it is no longer FIRST_FLOOR. */
  readonly floors: Readonly<Record<number, number>>;
  readonly progress: Progress;
}
type Place<V> = NonNullable<State<V>["at"]>;

/**
 * A simplicial algorithm: the constructive proof of existence on V_K (model.md section 7, item 8; H. Scarf, SIAM J. Appl. Math. 15
 * (1967) 1328), with the vector labels of parts/labels.ts and the variable-dimension restart algorithm of G. van der Laan and
 * A. J. J. Talman (Math. Programming 17 (1979) 74). Log prices are triangulated, in which the cells of prices decades apart are
 * equally good and excess demand is nearly linear; the unit simplex's faces are at infinity and the floors stand for them. From
 * the centre of a level a path of adjacent simplices leads to a complete one: it raises the prices in greatest excess demand and
 * lowers all others in proportion, and it ends, because no simplex comes twice and it stays bounded. There the next level begins
 * with a finer mesh, first a local one (see Local); a path that goes far goes on with a coarser one.
 *
 * One step evaluates one vertex (more only across points where D or S is no finite number). Where somebody cannot pay its floors labels
 * are continued (see labelOf). For at most MOST_PRICES prices; with more, or when the path cannot go on or leads to a point where
 * somebody cannot pay, the iterate is `stuck`.
 */
export function simplicial<V>(): Solver<V, State<V>> {
  return {
    name: "simplicial",
    init({ market }, at, previous) {
      const tooLarge = market.hints.size > MOST_PRICES;
      return {
        ...at,
        at: null,
        probe: at.readout.probe,
        floors: previous?.floors ?? {},
        progress: NO_PROGRESS,
        ...(tooLarge ? end("large") : {}),
      };
    },
    async step({ market }, state) {
      if (state.stuck) return state;
      let next = state;
      for (let k = 0; k < MOST_UNDEFINED; k++) {
        const place = next.at ?? (await begin(market, next));
        if (place === null) return { ...next, ...end("one") };
        next = await visit(market, next, place);
        if (next.readout.finite || next.stuck) return next;
      }
      return { ...next, ...end("undefined") };
    },
    /** A long path is no cycle and no stall, whatever its labels look like from outside. */
    recover(_problem, state, best, verdict: Status) {
      const ended = verdict === "diverged" && state.readout.spread > WIDEST;
      const starved = verdict === "stalled" && state.readout.afford < STARVED;
      if (state.stuck || ended || starved || verdict === "non-finite") return null;
      return { ...state, ...best, note: NOTES.onward };
    },
  };
}

function end(why: keyof typeof NOTES): { stuck: true; note: string } {
  return { stuck: true, note: NOTES[why] };
}

/** The first level around the state's prices; null where there is nothing to move. */
async function begin<V>(market: Market<V>, state: State<V>): Promise<Place<V> | null> {
  const chart = await openChart(market, state.q);
  if (chart.active.length < 2) return null;
  const q = await onChart(market, chart, state.q);
  const f = await onChart(market, chart, state.f);
  const label = labelOf(f, logShares(q), floorsOn(chart, state));
  const centre = market.create();
  market.copy(state.q, centre);
  return { chart, centre, level: beginLevel(q, label, firstMesh(label)) };
}

function floorsOn<V>({ active }: Chart<V>, { floors }: State<V>): number[] {
  return active.map((i) => floors[i] ?? FIRST_FLOOR);
}

/** Evaluates the point that the level wants next. */
async function visit<V>(market: Market<V>, state: State<V>, place: Place<V>): Promise<State<V>> {
  const { chart, centre, level } = place;
  const x = wantedPoint(level);
  const q = logPricesAt(level, x);
  const to = await evaluate(market, pointAt(market, chart, centre, level.mesh, x));
  const f = await onChart(market, chart, to.f);
  if (level.turn !== null) return turned(market, state, place, level.turn, to, q, f);
  const label = labelOf(f, logShares(q), floorsOn(chart, state));
  return {
    ...state,
    ...to,
    // Vertices are samples; what moves, and may be seen to wind, is the centre.
    readout: { ...to.readout, probe: state.probe },
    note: undefined,
    at: { ...place, level: followLevel(level, label, state.progress.reach) },
  };
}

/** The next level, around the point where the last one ended; or the end. */
async function turned<V>(
  market: Market<V>,
  state: State<V>,
  { chart, level }: Place<V>,
  turn: Turn,
  to: Iterate<V>,
  q: readonly number[],
  f: readonly number[],
): Promise<State<V>> {
  const { why } = turn;
  if (why === "complete" && to.readout.afford <= 0 && level.mesh <= FINE) {
    // It may clear, but is no equilibrium: give it to nobody.
    return { ...state, ...(await evaluate(market, state.q)), ...end("unpaid") };
  }
  const floors = floorsOn(chart, state);
  const shares = logShares(q);
  const label = labelOf(f, shares, floors);
  const progress = progressAfter(state.progress, level.mesh, why, oscillation(label));
  const next: State<V> = {
    ...state,
    ...to,
    note: undefined,
    at: { chart, centre: to.q, level: nextLevel(level, q, label) },
    probe: to.readout.probe,
    progress,
  };
  const held = heldUp(f, shares, floors).map((isHeld, k) => isHeld && lowered(floors[k]) < floors[k]);
  const others = Math.max(...f.map((x, k) => (held[k] ? 0 : Math.abs(x))));
  const settled = Math.min(others, oscillation(label)) <= CLEARED;
  const falls = settled && held.includes(true);
  // Lets the market see how excess supply responds to a fall: which goods are on their way to being free.
  if (falls || why === "lowered") market.watch(to.q, 1);
  if (falls) return withLowerFloors(next, held);
  const over = exhausted(progress);
  return over === null ? next : { ...next, ...end(over) };
}

/** All but these goods clear, and the loop has not freed them: their prices fall on, with their floors. */
function withLowerFloors<V>(state: State<V>, held: readonly boolean[]): State<V> {
  const at = state.at as Place<V>;
  const before = floorsOn(at.chart, state);
  const after = before.map((floor, k) => (held[k] ? lowered(floor) : floor));
  const floors = { ...state.floors };
  at.chart.active.forEach((i, k) => {
    floors[i] = after[k];
  });
  const point = after.map((floor, k) => (floor - before[k]) / at.level.mesh);
  return {
    ...state,
    floors,
    at: { ...at, level: { ...at.level, turn: { point, why: "lowered", simplex: null } } },
  };
}
