import { uniformSource } from "../../src/core/rng.js";
import { multiple } from "../../src/market/market.js";
import type { Both, Pair } from "./pair.js";

/** Excess demand, in units of supply, up to which the additive process takes prices from differences that mean something. */
const BALANCED = 1e3;
export const WIDTHS = [0.5, 5, 40];

/** Asks both markets everything at random prices: log prices within ± width of one another. */
export async function askEverything(pair: Pair, width: number, seed: number, frozen = 0): Promise<void> {
  const uniform = uniformSource(seed);
  const random = (size: number) =>
    pair.adopt(Float64Array.from({ length: pair.size }, () => size * (2 * uniform() - 1)));
  const start = await random(width);
  const input = unboundedInputs(pair);
  const prices = Float64Array.from(start.mine, (x, i) =>
    uniform() < frozen && input[i] === 0 ? 0 : Math.exp(x),
  );
  const q = await enter(pair, prices);
  await pair.sameFrozen("entered");
  const f = pair.create();
  const readout = await pair.residual(q, f);
  if (!readout.finite || readout.afford <= 0 || pair.extreme) return;
  const [d, u] = [await random(1), await random(2)];
  if (frozen === 0) await walrasLaw(pair, readout.affordAll);
  await tangents(pair, q, d, readout.norm);
  await algebra(pair, [f, d, u]);
  await steps(pair, q, d, readout.clearing < BALANCED);
  await blends(pair, q, d, readout.norm);
  pair.release(start, q, f, d, u);
}

/** 1 for what somebody would use without end, were it free. */
function unboundedInputs({ layout, size }: Pair): Uint8Array {
  const found = new Uint8Array(size);
  for (const { set, commodities } of layout.agents) {
    set.bounds().lower.forEach((least, j) => {
      if (least === -Infinity)
        found[commodities[Math.floor(j / layout.nodes)] * layout.nodes + (j % layout.nodes)] = 1;
    });
  }
  return found;
}

async function enter(pair: Pair, prices: Float64Array): Promise<Both> {
  const entered = { mine: pair.reference.enter(prices), theirs: pair.subject.enter(prices) };
  await pair.compare("enter", "step", entered);
  const q = await pair.adopt(await pair.subject.download(entered.theirs));
  pair.release(entered);
  return q;
}

/**
 * Σ w p z over all incomes, or over all that is bought where that is more, from the slope along 1. (Where instants are frozen at random
 * somebody spends on them, and it does not hold.)
 */
async function walrasLaw(pair: Pair, affordAll: number): Promise<void> {
  const one = await pair.adopt(new Float64Array(pair.size).fill(1));
  const scale = affordAll / Math.max(1, pair.turnover());
  const found = Math.abs(scale * (await pair.subject.slope(one.theirs)));
  const own = Math.abs(scale * pair.reference.slope(one.mine));
  pair.number("Walras' law", "walras", Math.max(0, found - own), 0);
  pair.release(one);
}

async function tangents(pair: Pair, q: Both, d: Both, norm: number): Promise<void> {
  const { reference, subject } = pair;
  const out = pair.create();
  reference.derivative(q.mine, d.mine, out.mine);
  await subject.derivative(q.theirs, d.theirs, out.theirs);
  await pair.compare("derivative", "derivative", out);
  reference.precondition(d.mine, out.mine);
  await subject.precondition(d.theirs, out.theirs);
  await pair.compare("nest-wise step", "derivative", out);
  const size = norm;
  pair.number("slope", "derivative", await subject.slope(d.theirs), reference.slope(d.mine), -1, size);
  pair.release(out);
}

async function algebra(pair: Pair, vectors: readonly Both[]): Promise<void> {
  const { reference, subject } = pair;
  const [mine, theirs] = [vectors.map((v) => v.mine), vectors.map((v) => v.theirs)];
  for (const evenly of [0, 0.1]) {
    reference.reweigh(evenly);
    subject.reweigh(evenly);
    for (const v of vectors) {
      const expected = reference.dots(mine, v.mine);
      (await subject.dots(theirs, v.theirs)).forEach((x, j) => {
        const size = Math.sqrt(reference.dots([mine[j]], mine[j])[0] * reference.dots([v.mine], v.mine)[0]);
        pair.number("dots", "algebra", x, expected[j], j, size);
      });
    }
  }
  const out = pair.create();
  reference.combine([0.3, -2, 1.5], mine, out.mine);
  subject.combine([0.3, -2, 1.5], theirs, out.theirs);
  await pair.compare("combine", "algebra", out);
  // One of those that are summed may be written over.
  reference.combine([1, 0.25], [out.mine, mine[1]], out.mine);
  subject.combine([1, 0.25], [out.theirs, theirs[1]], out.theirs);
  await pair.compare("combine", "algebra", out);
  pair.release(out);
}

async function steps(pair: Pair, q: Both, d: Both, balanced: boolean): Promise<void> {
  const { reference, subject } = pair;
  const out = pair.create();
  for (const clip of [Infinity, 0.5]) {
    const fell = reference.advance(q.mine, multiple(0.7, d.mine), clip, out.mine);
    pair.same("a fall", subject.advance(q.theirs, multiple(0.7, d.theirs), clip, out.theirs), fell);
    await pair.compare("advance", "step", out);
  }
  if (balanced) {
    reference.advanceAdditive(q.mine, 0.1, out.mine);
    subject.advanceAdditive(q.theirs, 0.1, out.theirs);
    await pair.comparePrices("advanceAdditive", out);
  }
  const shifted = await pair.adopt(d.mine.map((x, i) => q.mine[i] + x + 3));
  reference.normalize(shifted.mine);
  subject.normalize(shifted.theirs);
  await pair.compare("normalize", "step", shifted);
  const [mine, theirs] = [reference.prices(q.mine), subject.prices(q.theirs)];
  await pair.compare("prices", "residual", { mine, theirs });
  pair.release(out, shifted, { mine, theirs });
}

async function blends(pair: Pair, q: Both, d: Both, norm: number): Promise<void> {
  const { reference, subject } = pair;
  reference.anchor();
  subject.anchor();
  const moved = await pair.adopt(q.mine.map((x, i) => x + 0.3 * d.mine[i]));
  const f = pair.create();
  const readout = await pair.residual(moved, f);
  if (readout.afford <= 0 || pair.extreme || !(norm < Infinity)) return;
  const out = pair.create();
  for (const t of [0, 0.4, 1]) {
    reference.blend(t, out.mine);
    await subject.blend(t, out.theirs);
    await pair.compare("blend", "residual", out);
    reference.blendDerivative(moved.mine, t, d.mine, 0.7, out.mine);
    await subject.blendDerivative(moved.theirs, t, d.theirs, 0.7, out.theirs);
    await pair.compare("blendDerivative", "derivative", out);
  }
  pair.release(moved, f, out);
}

/** What goes by the last residual goes by its prices, whatever has been written over the vector since; goods are on the way to being free. */
export async function forgetPrices(pair: Pair): Promise<void> {
  const { reference, subject } = pair;
  let q = await enter(pair, new Float64Array(pair.size).fill(1));
  const f = pair.create();
  for (let step = 0; step < 12; step++) {
    const { finite, afford } = await pair.residual(q, f);
    if (!finite || afford <= 0 || pair.extreme) return;
    const next = pair.create();
    reference.advance(q.mine, multiple(0.3, f.mine), 1, next.mine);
    subject.advance(q.theirs, multiple(0.3, f.theirs), 1, next.theirs);
    const now = await pair.adopt(await subject.download(next.theirs));
    pair.release(q, next);
    q = now;
  }
  const { finite, afford } = await pair.residual(q, f);
  if (!finite || afford <= 0 || pair.extreme) return;
  const d = await pair.adopt(f.mine.map((x, i) => x + Math.sin(i)));
  reference.copy(d.mine, q.mine);
  subject.copy(d.theirs, q.theirs);
  const out = pair.create();
  reference.precondition(d.mine, out.mine);
  await subject.precondition(d.theirs, out.theirs);
  await pair.compare("nest-wise step", "derivative", out);
  pair.number("slope", "derivative", await subject.slope(d.theirs), reference.slope(d.mine));
  reference.reweigh();
  subject.reweigh();
  const found = await subject.dots([d.theirs], d.theirs);
  pair.number("dots", "algebra", found[0], reference.dots([d.mine], d.mine)[0]);
  pair.same("settled", await subject.settleFree(0.5), reference.settleFree(0.5));
  await pair.sameFrozen("settled");
}
