import { contractionBound } from "../../contraction/bound.js";
import { aggregationOf } from "../../market/layout.js";
import type { Collection } from "./collection.js";
import { groupsOf } from "./groups.js";
import type { Hunt } from "./hunt.js";
import { type Line, onlyTwo, scanIncomes, scanPrices } from "./one-dimension.js";
import { type Searched, search } from "./search.js";

/** Why there should be no equilibria but those found. */
export interface Grounds {
  /** A theorem that leaves room for one only. */
  readonly theorem: string | null;
  /** What was scanned from end to end, and whether without a gap. */
  readonly line: Pick<Line, "of" | "isComplete"> | null;
  /** A search from many starts; null where it was not needed. */
  readonly searched: Searched | null;
}

const NONE: Grounds = { theorem: null, line: null, searched: null };

/**
 * Finds equilibria beside those in the collection, by what theory allows: none where a theorem makes the price unique; by scanning all there is where prices or
 * incomes have one degree of freedom; else, and where the scan leaves the sum of indices at something else than +1, by search.
 *
 * @param start prices that everybody's floors can be paid at
 */
export async function findOthers(hunt: Hunt, collection: Collection, start: Float64Array): Promise<Grounds> {
  const theorem = uniqueness(hunt, collection);
  if (theorem !== null) return { ...NONE, theorem };
  const groups = groupsOf(hunt.economy);
  const two = onlyTwo(hunt.market);
  const line =
    two !== null
      ? await scanPrices(hunt, two)
      : groups.length === 2
        ? await scanIncomes(hunt, groups, start)
        : null;
  for (const prices of line?.candidates ?? []) {
    if (hunt.isOver || collection.isContinuum) break;
    await collection.offer(prices, "scan");
  }
  if (line?.isComplete && collection.indexSum === 1) return { ...NONE, line };
  return { ...NONE, line, searched: await search(hunt, collection, groups) };
}

/** A theorem that makes the equilibrium price unique, in words; null where none does. */
function uniqueness({ economy, market, step }: Hunt, { found: [first] }: Collection): string | null {
  if (first === undefined) return null;
  if (market.hints.size === 1) return "there is one price";
  const { rate, theorem, failures } = contractionBound(economy, step);
  if (rate !== null) {
    return theorem === "T1"
      ? "by T1 tâtonnement contracts everywhere"
      : "tâtonnement contracts everywhere, since every orchestrator owns a part of everything";
  }
  // In what follows equilibrium prices form a convex set: where one of them stands alone, it is all.
  if (first.index !== 1) return null;
  const jumps = economy.agents.some(({ set }) => set.theory?.jumps);
  if (aggregationOf(economy) !== null && !jumps)
    return "by T2 it is the one optimum of what all orchestrators want together";
  // Without T1's hypothesis on ownership its others still make everybody's demand, and minus supply, rise with the prices of other goods.
  const substitutes = failures.every(({ hypothesis }) => hypothesis === "ownership" || hypothesis === "step");
  return substitutes ? "all goods are gross substitutes (Arrow, Block and Hurwicz 1959)" : null;
}
