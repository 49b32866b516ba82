import type { Economy } from "../economy/economy.js";
import type { TraceRecord } from "../solvers/trace.js";
import { hostArray } from "../time/host-array.js";
import { targetFor } from "./conclude.js";
import { Collection, type Found } from "./equilibria/collection.js";
import { findOthers } from "./equilibria/find.js";
import { Hunt } from "./equilibria/hunt.js";
import { wordsFor } from "./equilibria/words.js";
import type { SolveOptions } from "./options.js";
import type { Equilibrium, Solution } from "./solution.js";
import { solve } from "./solve.js";

/** Ends of a solve after which there is nothing to look for, or nobody wants it. */
const FINAL: ReadonlySet<string> = new Set(["slo-unaffordable", "cancelled", "backend-failed"]);
/** Log prices that differ by less do not decide the order of equilibria. */
const DISTINCT = 1e-6;

/**
 * All equilibria that can be found (model.md sections 4, 5 and 7, item 8): first the one that `solve` finds, whose prices are then the
 * solution's own, then others (equilibria/find.ts), each polished, certified, and listed once, in the order of their log prices. Over all equilibria of an
 * economy whose equilibria are regular the indices sum to +1; where they do not the message says so. The same seed finds the same.
 *
 * @returns the Solution of `solve` with `equilibria` and `indexSum`; `cancelled` where the search was cut short
 * @throws as `solve` does
 */
export async function allEquilibria(economy: Economy, options: SolveOptions = {}): Promise<Solution> {
  const began = performance.now();
  const first = await solve(economy, options);
  if (FINAL.has(first.status)) return { ...first, equilibria: [], indexSum: 0 };
  const { tolerance, seed } = first;
  const target = targetFor(tolerance);
  const hunt = new Hunt(economy, first.certificate.contraction.step, tolerance, target, seed, options.signal);
  const { onStep } = options;
  const trace = new Trace(first, hunt, began, onStep && ((record) => onStep(record, economy)));
  const collection = new Collection(hunt, (found) => trace.add(found));
  const start = Float64Array.from(first.prices.data);
  if (first.status === "solved") await collection.offer(start, "solve");
  const grounds = await findOthers(hunt, collection, start);
  const effort = {
    steps: trace.steps,
    trace: trace.records,
    evaluations: first.evaluations + hunt.evaluations,
    seconds: (performance.now() - began) / 1000,
  };
  const ordered = inOrder(collection.found);
  if (ordered.length === 0) {
    const message = `${first.message} No equilibrium was found from other starts either.`;
    return { ...first, ...effort, message, equilibria: [], indexSum: 0 };
  }
  const equilibria = ordered.map((found) => publicForm(economy, found));
  const [{ verification, by }] = ordered;
  const { observed } = by === "solve" ? first.certificate.contraction : { observed: null };
  const { certificate, prices } = equilibria[0];
  return {
    ...first,
    ...effort,
    status: hunt.cancelled ? "cancelled" : "solved",
    message: wordsFor(collection, grounds, hunt),
    prices,
    plans: verification.plans,
    certificate: { ...certificate, contraction: { ...certificate.contraction, observed } },
    equilibria,
    indexSum: collection.indexSum,
  };
}

/** That of the plain solve first, the others by log price, the first commodity deciding where it differs by more than rounding. */
function inOrder(found: readonly Found[]): Found[] {
  const key = (p: number): number => (p > 0 ? Math.round(Math.log(p) / DISTINCT) : -Infinity);
  const compare = (a: Found, b: Found): number => {
    if (a.by === "solve" || b.by === "solve") return a.by === "solve" ? -1 : 1;
    const k = a.prices.findIndex((p, i) => key(p) !== key(b.prices[i]));
    return k < 0 ? 0 : a.prices[k] - b.prices[k];
  };
  return [...found].sort(compare);
}

function publicForm({ commodities, grid }: Economy, found: Found): Equilibrium {
  const { prices, index, stability, by, verification } = found;
  return {
    prices: hostArray(prices, [commodities.length, grid.nodes]),
    index,
    stability,
    utility: verification.plans.orchestrators.map(({ utility }) => utility),
    foundBy: by,
    certificate: verification.certificate,
  };
}

/** The trace of the plain solve, and a record for each equilibrium found after it. */
class Trace {
  readonly records: TraceRecord[];
  steps: number;

  constructor(
    private readonly first: Solution,
    private readonly hunt: Hunt,
    private readonly began: number,
    private readonly onStep?: (record: TraceRecord) => void,
  ) {
    this.records = [...first.trace];
    this.steps = first.steps;
  }

  add({ by, index, verification }: Found): void {
    if (by === "solve") return;
    const record = {
      step: ++this.steps,
      solver: by,
      residual: verification.certificate.clearing,
      seconds: (performance.now() - this.began) / 1000,
      evaluations: this.first.evaluations + this.hunt.evaluations,
      note: `another equilibrium, index ${index ?? "unknown"}`,
    };
    this.records.push(record);
    this.onStep?.(record);
  }
}
