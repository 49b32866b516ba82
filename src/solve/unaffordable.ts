import { Breather } from "../core/event-loop.js";
import type { Economy } from "../economy/economy.js";
import { addBundle, type Books, booksAt, surplusOf } from "./affordability.js";

/** ΣM° below this fraction of what all earn and owe is negative beyond rounding, also for whoever computes it in another order. */
const NEGATIVE = -1e-11;
/** Of a first-order change of ψ, what a step must bring. */
const SUFFICIENT = 0.1;
/** Changes of a log price: the longest, and the one below which ψ has a kink rather than a slope. */
const LONGEST = 4;
const SHORTEST = 1e-3;
/** Where there is a kink the k-th step is that long whether it goes down or not, divided by k, but no shorter than the least. */
const BLIND = 0.5;
const LEAST_BLIND = 0.01;
/** Prices relative to the highest; below it nothing is worth anything. */
const LEAST_PRICE = 1e-150;

/**
 * Prices at which all orchestrators together owe more than they earn: G(p) = ΣM°_i(p) < 0, which proves that no production
 * plan pays the floors (model.md section 3). Null where none were found within `steps`; soon where a plan is met that does
 * pay them, so that there are none.
 *
 * G is convex and homogeneous with gradient S − D in units of value, S what is owned and made, D floors and inputs. So the
 * tâtonnement of an economy that has nothing but its floors to buy goes down ψ = G/⟨p,U⟩, U = Σ(ω_i + γ_i):
 *
 *     q ← q + s (D − S + ψU)/(D + S + |ψ|U) ,   each entry at most s, s by backtracking.
 *
 * Where a set's supply jumps ψ has kinks, at which diminishing steps (subgradients) go on.
 *
 * @param from prices ≥ 0 to begin at, [commodities, nodes]
 * @returns prices > 0, the highest 1
 */
export async function provingPrices(
  economy: Economy,
  from: Float64Array,
  { steps, signal }: { readonly steps: number; readonly signal?: AbortSignal },
): Promise<Float64Array | null> {
  const breather = new Breather();
  const unit = unitBundle(economy);
  const least = from.reduce((low, p) => (p > 0 && p < low ? p : low), Infinity);
  let here = look(economy, unit, scaled(from.map((p) => (p > 0 ? p : least))));
  let [length, kinks] = [1, 0];
  for (let step = 0; step < steps && !signal?.aborted; step++) {
    if (here.proves) return here.p;
    const { direction, slope, payable } = downhill(economy, unit, here);
    if (payable) return null;
    const next = backtrack(economy, unit, here, direction, slope, length);
    if (next === null) length = Math.max(LEAST_BLIND, BLIND / ++kinks);
    else length = Math.min(LONGEST, 2 * next.length);
    here = next?.to ?? look(economy, unit, moved(here.p, direction, length));
    await breather.breathe();
  }
  return here.proves ? here.p : null;
}

/** Prices, and what is owed there. */
interface Point {
  readonly p: Float64Array;
  readonly books: Books;
  /** ψ = G/⟨p,U⟩ and ⟨p,U⟩. */
  readonly ratio: number;
  readonly scale: number;
  readonly proves: boolean;
}

function look(economy: Economy, unit: Float64Array, p: Float64Array): Point {
  const { nodes: N, weights } = economy.grid;
  const books = booksAt(economy, p);
  const [income, cost, turnover] = [books.income, books.cost, books.turnover].map((x) =>
    x.reduce((sum, entry) => sum + entry, 0),
  );
  const scale = p.reduce((sum, price, k) => sum + weights[k % N] * price * unit[k], 0);
  const left = income - cost;
  return { p, books, ratio: left / scale, scale, proves: left < NEGATIVE * turnover };
}

/** The direction of tâtonnement, dψ along it, and whether the plans here pay the floors. */
function downhill(
  economy: Economy,
  unit: Float64Array,
  { p, books, ratio, scale }: Point,
): { direction: Float64Array; slope: number; payable: boolean } {
  const { nodes: N, weights } = economy.grid;
  const { supply, use } = surplusOf(economy, books);
  const direction = new Float64Array(p.length);
  let slope = 0;
  let payable = true;
  for (let k = 0; k < p.length; k++) {
    const volume = supply[k] + use[k] + Math.abs(ratio) * unit[k];
    payable &&= supply[k] >= use[k];
    if (!(volume > 0)) continue;
    const down = (use[k] - supply[k] + ratio * unit[k]) / volume;
    direction[k] = Math.max(-1, Math.min(1, down));
    slope -= ((weights[k % N] * p[k]) / scale) * volume * down * direction[k];
  }
  return { direction, slope, payable };
}

/** The longest of ever shorter steps that lowers ψ as its slope promises; null at a kink. */
function backtrack(
  economy: Economy,
  unit: Float64Array,
  from: Point,
  direction: Float64Array,
  slope: number,
  longest: number,
): { to: Point; length: number } | null {
  for (let length = longest; length > SHORTEST; length /= 2) {
    const to = look(economy, unit, moved(from.p, direction, length));
    if (to.ratio <= from.ratio + SUFFICIENT * length * slope) return { to, length };
  }
  return null;
}

/** p e^{length·direction}, the highest 1. */
function moved(p: Float64Array, direction: Float64Array, length: number): Float64Array {
  return scaled(p.map((price, k) => price * Math.exp(length * direction[k])));
}

function scaled(p: Float64Array): Float64Array {
  const highest = p.reduce((high, price) => Math.max(high, price), 0);
  return p.map((price) => Math.max(LEAST_PRICE, price / highest));
}

/** Σ(ω_i + γ_i); where nobody owns or owes anything one of each. */
function unitBundle({ orchestrators, commodities, grid }: Economy): Float64Array {
  const unit = new Float64Array(commodities.length * grid.nodes);
  for (const { endowment, floors } of orchestrators) {
    addBundle(unit, endowment, 1);
    addBundle(unit, floors, 1);
  }
  return unit.some((x) => x > 0) ? unit : unit.fill(1);
}
