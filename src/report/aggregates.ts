import { counted, figure, shorten } from "./figures.js";
import { quarterMeans } from "./policy-table.js";
import type { Reading } from "./reading.js";

/** Economies with no more agents, or commodities, are told one by one. */
const FEW = 20;
/** Commodities named in a sentence. */
const NAMED = 3;

/** How unequal some numbers ≥ 0 are: 0 when all are the same, towards 1 when one has everything. */
export function gini(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const total = sorted.reduce((sum, x) => sum + x, 0);
  if (!(total > 0)) return 0;
  const ranked = sorted.reduce((sum, x, k) => sum + (2 * (k + 1) - sorted.length - 1) * x, 0);
  return Math.max(0, ranked / (sorted.length * total));
}

/** How sales are spread over the agents; empty where they are few. */
export function concentrationLines(reading: Reading): string[] {
  const agents = Object.keys(reading.result.agents);
  if (agents.length <= FEW) return [];
  const sales = agents.map((name) => reading.integral(reading.business(name).revenue));
  sales.sort((a, b) => b - a);
  const total = sales.reduce((sum, x) => sum + x, 0);
  const idle = sales.filter((x) => x <= 0).length;
  const shares = [1, 10, 100, 1000]
    .filter((count) => count < agents.length)
    .map((count) => {
      const share = sales.slice(0, count).reduce((sum, x) => sum + x, 0) / total;
      return `the first ${count === 1 ? "" : `${count} `}${Number((100 * share).toPrecision(2))} %`;
    });
  const none = idle === 0 ? "" : `; ${idle} sell nothing`;
  return [
    `  ${counted(agents.length, "agent")} sell ${figure(total)} in all: ${shares.join(", ")} (Gini ${gini(sales).toFixed(2)})${none}.`,
  ];
}

/** What moved over time, where there are too many commodities to look at each; empty elsewhere. */
export function changeLines(reading: Reading): string[] {
  const names = Object.keys(reading.result.prices);
  if (names.length <= FEW || reading.nodes < 2) return [];
  const demands = reading.demands();
  const markets = names.map((name) => {
    const price = reading.price(name);
    const used = reading.mean(demands.get(name) ?? []);
    return { name, price, used, weight: used * reading.mean(price) };
  });
  const total = markets.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) return [];
  // What hardly anybody buys may move as it likes.
  const telling = markets.filter(({ weight }) => weight >= total / (10 * names.length));
  return [
    scarcityLine(reading, markets, total),
    ...swingLine(reading, telling),
    ...trendLine(reading, telling),
  ];
}

interface PriceRow {
  readonly name: string;
  readonly price: readonly number[];
}

/** When everything together, in its mean quantities, is dearest and cheapest. */
function scarcityLine(
  reading: Reading,
  markets: readonly (PriceRow & { readonly used: number })[],
  total: number,
): string {
  const index = new Array<number>(reading.nodes).fill(0);
  for (const { price, used } of markets) {
    price.forEach((p, n) => {
      index[n] += (p * used) / total;
    });
  }
  const [high, low] = [reading.peak(index), reading.peak(index.map((x) => -x))];
  return (
    `  Prices in all are highest at ${reading.clock(high)}, ${figure(index[high])} times their mean, ` +
    `and lowest at ${reading.clock(low)}, ${figure(index[low])} times.`
  );
}

function swingLine(reading: Reading, rows: readonly PriceRow[]): string[] {
  const swings = rows.map(({ name, price }) => {
    const [high, low] = [reading.peak(price), reading.peak(price.map((x) => -x))];
    return { name, high, low, ratio: price[low] > 0 ? price[high] / price[low] : Number.POSITIVE_INFINITY };
  });
  const moved = swings.filter(({ ratio }) => ratio > 1.001).sort((a, b) => b.ratio - a.ratio);
  if (moved.length === 0) return [];
  const words = moved.slice(0, NAMED).map(({ name, high, low, ratio }) => {
    const when = `${reading.clock(low)} → ${reading.clock(high)}`;
    return `${shorten(name, 24)} ${Number.isFinite(ratio) ? `× ${figure(ratio)}` : "from free"} (${when})`;
  });
  return [`  From trough to peak most: ${words.join(", ")}.`];
}

function trendLine(reading: Reading, rows: readonly PriceRow[]): string[] {
  const trends = rows.flatMap(({ name, price }) => {
    const [first, , , last] = quarterMeans(reading, price);
    return first !== null && last !== null && first > 0 && last > 0 ? [{ name, ratio: last / first }] : [];
  });
  trends.sort((a, b) => b.ratio - a.ratio);
  const list = (some: typeof trends) =>
    some.map(({ name, ratio }) => `${shorten(name, 24)} × ${figure(ratio)}`).join(", ");
  const up = trends.filter(({ ratio }) => ratio > 1.001).slice(0, NAMED);
  const down = trends
    .filter(({ ratio }) => ratio < 0.999)
    .slice(-NAMED)
    .reverse();
  const parts = [
    ...(up.length === 0 ? [] : [`up ${list(up)}`]),
    ...(down.length === 0 ? [] : [`down ${list(down)}`]),
  ];
  return parts.length === 0 ? [] : [`  From the first quarter to the last: ${parts.join("; ")}.`];
}
