import { type Pair, pairMembers } from "./economies.js";

/** Excess demand for good g of n of one CES consumer, by the textbook's formula in plain powers. */
function excess(
  prices: readonly number[],
  sigma: number,
  weights: readonly number[],
  owns: readonly number[],
  g: number,
): number {
  const income = prices.reduce((sum, p, k) => sum + p * owns[k], 0);
  const denominator = prices.reduce((sum, p, k) => sum + weights[k] * p ** (1 - sigma), 0);
  return (income * weights[g] * prices[g] ** -sigma) / denominator - owns[g];
}

/** Where a function of one variable changes sign between −range and range, by bisection of a fine grid. */
function roots(g: (s: number) => number, range: number, points: number): number[] {
  const at = (k: number) => -range + (2 * range * (k + 0.37)) / points;
  const found: number[] = [];
  for (let k = 0; k < points; k++) {
    let [a, b] = [at(k), at(k + 1)];
    if (g(a) > 0 === g(b) > 0) continue;
    for (let step = 0; step < 100; step++) {
      const middle = (a + b) / 2;
      if (g(middle) > 0 === g(a) > 0) a = middle;
      else b = middle;
    }
    found.push((a + b) / 2);
  }
  return found;
}

/** The equilibria of two goods and pairs of consumers, log p_x/p_y ascending. */
export function relativePrices(all: readonly Pair[]): number[] {
  const members = all.flatMap((pair) => pairMembers(pair));
  // Of the cheap good, which is traded in large numbers; by Walras' law the other one's excess has the other sign.
  const g = (s: number) => {
    const prices = [Math.exp(s / 2), Math.exp(-s / 2)];
    const cheap = s < 0 ? 0 : 1;
    const sum = members.reduce(
      (total, { sigma, weights, owns }) => total + excess(prices, sigma, weights, owns, cheap),
      0,
    );
    return s < 0 ? sum : -sum;
  };
  return roots(g, 60, 40_000);
}

/**
 * Equilibria of the symmetric economy of n goods (economies.ts) at which goods have two prices: for each number of goods that are dear
 * a function of one ratio, and all choices of which goods these are.
 */
export function patternRoots(n: number, sigma: number, w: number): number[][] {
  const found = [new Array<number>(n).fill(1)];
  for (let dear = 1; dear < n; dear++) {
    const prices = (s: number, which: (k: number) => boolean) =>
      Array.from({ length: n }, (_, k) => (which(k) ? Math.exp(s) : 1));
    const total = (s: number) => {
      const p = prices(s, (k) => k < dear);
      return Array.from({ length: n }, (_, i) => i).reduce((sum, i) => {
        const unit = p.map((_, k) => (k === i ? 1 : 0));
        const weights = unit.map((x) => (x === 1 ? 1 : w));
        return sum + excess(p, sigma, weights, unit, 0);
      }, 0);
    };
    // s > 0: the goods chosen are the dear ones; s < 0 comes with another choice. 0 is the equilibrium of equal prices.
    const ratios = roots(total, 40, 20_000).filter((s) => s > 1e-6);
    for (const s of ratios)
      for (const choice of choices(n, dear)) found.push(prices(s, (k) => choice.has(k)));
  }
  return found;
}

function choices(n: number, size: number): Set<number>[] {
  return Array.from(
    { length: 2 ** n },
    (_, bits) => new Set([...Array(n).keys()].filter((k) => (bits >> k) & 1)),
  ).filter((set) => set.size === size);
}
