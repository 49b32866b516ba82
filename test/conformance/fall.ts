import type { EconomyDefinition } from "../../src/economy/build.js";
import { multiple } from "../../src/market/market.js";
import { randomSpec } from "../support/economies.js";
import { hostileSpec } from "../support/hostile.js";
import type { Subject } from "./backends.js";
import { idle } from "./economies.js";
import type { Both, Pair } from "./pair.js";

type Event = "falls" | "freed";

/** Economies some of whose goods become free on the way, and what is sure to happen there, or the test would test nothing. */
export const FALLING: readonly { name: string; spec: () => EconomyDefinition; surely: readonly Event[] }[] = [
  { name: "idle goods", spec: idle, surely: ["falls"] },
  { name: "idle capacity", spec: capacity, surely: ["falls", "freed"] },
  { name: "all families", spec: () => randomSpec(3, { agents: 7, floors: true }), surely: [] },
  ...[3, 8, 11, 17].map((seed) => ({ name: `hostile ${seed}`, spec: () => hostileSpec(seed), surely: [] })),
];

const STEPS = 120;
const TOLERANCE = 1e-6;
/** Nearer than that what falls is a matter of rounding. */
const ROUNDING = 1e-11;
/** After how many steps the market is saved and another one goes on with it, and falls are forgotten. */
const [SAVED, FORGOTTEN] = [[9, 40, 80], 60];

/** Capacity that is short by day and idle by night. */
function capacity(): EconomyDefinition {
  return {
    time: { horizon: 24, nodes: 11 },
    commodities: { gpu: {}, tokens: {} },
    orchestrators: {
      main: {
        endowment: { gpu: 2, tokens: 1 },
        discount: { t: [0, 6, 12, 18, 24], values: [0.1, 1, 5, 1, 0.1] },
        preferences: { root: "u", nodes: { u: { elasticity: 0.01, inputs: { gpu: 1, tokens: 1 } } } },
        floors: { tokens: 0.1 },
      },
    },
  };
}

/**
 * Tâtonnement in step: both take the backend's prices, and whether a good falls, is freed or released must be the same at every step. Now
 * and then the backend's memory moves to another market, which must go on bit for bit.
 */
export async function fallTogether(pair: Pair, subject: Subject): Promise<{ falls: number; freed: number }> {
  const { reference, subject: theirs } = pair;
  let q = await entered(pair);
  let [f, next] = [pair.create(), pair.create()];
  let [falls, freed] = [0, 0];
  for (let step = 0; step < STEPS; step++) {
    const readout = await pair.residual(q, f);
    if (!readout.finite || readout.afford <= 0 || pair.extreme || readout.complementarity < ROUNDING) break;
    const changed = reference.settleFree(TOLERANCE);
    pair.same(`changed at step ${step}`, await theirs.settleFree(TOLERANCE), changed);
    if (changed > 0) {
      freed += changed;
      await pair.sameFrozen(`step ${step}`);
      reference.normalize(q.mine);
      theirs.normalize(q.theirs);
      await pair.compare("normalize", "step", q);
      await pair.residual(q, f);
    }
    if (SAVED.includes(step)) await goesOn(pair, subject, q, f);
    const fell = reference.advance(q.mine, multiple(reference.hints.step, f.mine), 1, next.mine);
    pair.same(
      `falls at step ${step}`,
      theirs.advance(q.theirs, multiple(theirs.hints.step, f.theirs), 1, next.theirs),
      fell,
    );
    await pair.compare("advance", "step", next);
    if (fell) falls++;
    if (step === FORGOTTEN) {
      reference.forgetFalls();
      theirs.forgetFalls();
    }
    const now = await pair.adopt(await theirs.download(next.theirs));
    pair.release(q, f, next);
    [q, f, next] = [now, pair.create(), pair.create()];
  }
  reference.thaw();
  theirs.thaw();
  await pair.sameFrozen("thawed");
  await pair.residual(q, f);
  return { falls, freed };
}

async function entered(pair: Pair): Promise<Both> {
  const q = pair.subject.enter(new Float64Array(pair.size).fill(1));
  pair.reference.enter(new Float64Array(pair.size).fill(1));
  return { mine: await pair.subject.download(q), theirs: q };
}

/** Saved and restored, the backend says and does the same bit for bit. */
async function goesOn({ subject: here, economy }: Pair, subject: Subject, q: Both, f: Both): Promise<void> {
  const wrongs: string[] = [];
  here.anchor();
  here.reweigh(0.1);
  const there = subject.open(economy);
  const theirQ = there.adopt(await here.download(q.theirs));
  const theirF = there.adopt(await here.download(f.theirs));
  await there.restore(structuredClone(here.save()), theirQ);
  const bits = async (what: string, mine: unknown, other: unknown) => {
    const [a, b] = [await here.download(mine), await there.download(other)];
    if (!a.every((x, i) => Object.is(x, b[i]))) wrongs.push(what);
  };
  const out = { here: here.create(), there: there.create() };
  // A good's fall is watched from step to step: what comes of this one is not kept.
  const memory = here.save();
  const fell = here.advance(q.theirs, multiple(0.5, f.theirs), 1, out.here);
  if (there.advance(theirQ, multiple(0.5, theirF), 1, out.there) !== fell) wrongs.push("a fall");
  await bits("advance", out.here, out.there);
  await here.restore(memory, q.theirs);
  await there.restore(memory, theirQ);
  const own = here.create();
  const again = there.create();
  const [a, b] = [await here.residual(q.theirs, own), await there.residual(theirQ, again)];
  if (JSON.stringify(a) !== JSON.stringify(b)) wrongs.push("the readout");
  await bits("f", own, again);
  const [x, y] = [await here.dots([own], own), await there.dots([again], again)];
  if (!Object.is(x[0], y[0])) wrongs.push("dots");
  await here.blend(0.5, out.here);
  await there.blend(0.5, out.there);
  await bits("blend", out.here, out.there);
  if (here.evaluations !== there.evaluations) wrongs.push("evaluations");
  here.release([out.here, own]);
  there.dispose();
  if (wrongs.length > 0) throw new Error(`restored, these differ: ${wrongs.join(", ")}`);
}
