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
  checkStructure(economies);
  checkOptions(options);
  const together = inLockStep(economies[0], options) ? await solveInLockStep(economies, options) : [];
  const solutions: Solution[] = [];
  for (const [b, economy] of economies.entries()) {
    solutions.push(together[b] ?? (await solveOne(economy, options)));
  }
  const [commodities, nodes] = [economies[0].commodities.length, economies[0].grid.nodes];
  const prices = new Float64Array(economies.length * commodities * nodes);
  solutions.forEach((solution, b) => {
    prices.set(solution.prices.data, b * commodities * nodes);
  });
  return { solutions, prices: hostArray(prices, [economies.length, commodities, nodes]) };
}

/** Throws InputError unless all have the commodities, agents and number of nodes of the first. */
export function checkStructure(economies: readonly Economy[]): void {
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
