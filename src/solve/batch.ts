import type { NdArray } from "ndarray";
import { InputError, type Problem } from "../core/errors.js";
import type { Economy } from "../economy/economy.js";
import { describeFound } from "../economy/found.js";
import { hostArray } from "../time/host-array.js";
import { allEquilibria } from "./all-equilibria.js";
import { inLockStep, solveInLockStep } from "./lock-step.js";
import { checkOptions, type SolveOptions } from "./options.js";
import type { Solution } from "./solution.js";
import { solve as solveForOne } from "./solve.js";

/** Economies of one structure, solved together. */
export interface BatchSolution {
  /** In the order given, each with an outcome of its own. */
  readonly solutions: readonly Solution[];
  /** p, float64, shape [batch, commodities, nodes]. */
  readonly prices: NdArray<Float64Array>;
}

/** Computes and certifies an equilibrium; see solve/solve.ts. */
export function solve(economy: Economy, options?: SolveOptions): Promise<Solution>;
/** The same of economies that have the same commodities, agents and number of nodes. Throws InputError when they have not. */
export function solve(economies: readonly Economy[], options?: SolveOptions): Promise<BatchSolution>;
export async function solve(
  economies: Economy | readonly Economy[],
  options: SolveOptions = {},
): Promise<Solution | BatchSolution> {
  const [first] = Array.isArray(economies) ? economies : [economies];
  if (first !== undefined && typeof first?.onGrid !== "function") {
    const expected = "an Economy, from loadEconomy(file) or defineEconomy(spec)";
    throw new InputError("the argument of solve", [{ path: "", found: describeFound(first), expected }]);
  }
  return "grid" in economies ? solveOne(economies, options) : solveBatch(economies, options);
}

function solveOne(economy: Economy, options: SolveOptions): Promise<Solution> {
  return options.allEquilibria ? allEquilibria(economy, options) : solveForOne(economy, options);
}

async function solveBatch(economies: readonly Economy[], options: SolveOptions): Promise<BatchSolution> {
  const solutions: Solution[] = [];
  for await (const solution of solveEach(economies, options)) solutions.push(solution);
  const [commodities, nodes] = [economies[0].commodities.length, economies[0].grid.nodes];
  const prices = new Float64Array(economies.length * commodities * nodes);
  solutions.forEach((solution, b) => {
    prices.set(solution.prices.data, b * commodities * nodes);
  });
  return { solutions, prices: hostArray(prices, [economies.length, commodities, nodes]) };
}

/** Of many small economies so many are solved before the first is handed over. */
const AT_ONCE = 1024;

/** The solutions of economies of one structure in their order, each handed over as soon as it is there: small ones some at a time. */
export async function* solveEach(
  economies: readonly Economy[],
  options: SolveOptions = {},
): AsyncGenerator<Solution> {
  checkStructure(economies);
  checkOptions(options);
  const together = inLockStep(economies[0], options) ? AT_ONCE : 1;
  for (let first = 0; first < economies.length; first += together) {
    const some = economies.slice(first, first + together);
    const found = together > 1 ? await solveInLockStep(some, options) : [];
    for (const [b, economy] of some.entries()) yield found[b] ?? (await solveOne(economy, options));
  }
}

/** Throws InputError unless all have the commodities, agents and number of nodes of the first. */
function checkStructure(economies: readonly Economy[]): void {
  const [first, ...others] = economies;
  if (first === undefined) {
    throw new InputError("the batch", [{ path: "", found: "no economy", expected: "at least one" }]);
  }
  const problems = others.flatMap((other, k) =>
    differences(first, other, `economy ${k + 2} ("${other.name}")`),
  );
  if (problems.length > 0) throw new InputError("the batch", problems);
}

function differences(first: Economy, other: Economy, path: string): Problem[] {
  const structure: [string, (economy: Economy) => string][] = [
    ["commodities", ({ commodities }) => commodities.map(({ name }) => name).join(", ")],
    ["agents", ({ agents }) => agents.map(({ name }) => name).join(", ")],
    ["nodes", ({ grid }) => String(grid.nodes)],
  ];
  return structure
    .filter(([, of]) => of(first) !== of(other))
    .map(([what, of]) => ({
      path: `${path}: ${what}`,
      found: shorten(of(other)),
      expected: `those of the first, ${shorten(of(first))}`,
    }));
}

function shorten(list: string): string {
  return list.length > 100 ? `${list.slice(0, 100)}…` : list;
}
