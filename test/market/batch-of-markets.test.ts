import { expect, test } from "vitest";
import { defineEconomy } from "../../src/economy/build.js";
import { BatchOfMarkets } from "../../src/market/batch-of-markets.js";
import { multiple } from "../../src/market/market.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { randomSpec } from "../support/economies.js";
import { randomLogPrices } from "../support/prices.js";

const economies = [1, 2, 3].map((seed) =>
  defineEconomy(randomSpec(seed, { agents: 4, nodes: 3, orchestrators: 1 + (seed % 2) })),
);
const SIZE = economies[0].commodities.length * 3;
const LIVE = [2, 0];

function opened() {
  const markets = economies.map((economy) => new ReferenceMarket(economy));
  const batch = new BatchOfMarkets(markets);
  const random = (seed: number) => economies.map((_, b) => randomLogPrices(10 * seed + b, SIZE));
  return { markets, batch, random };
}

test("what is asked of live economies is what their markets answer; the others are left alone", async () => {
  const { markets, batch, random } = opened();
  expect(batch.shape).toEqual([3, economies[0].commodities.length, 3]);
  expect(batch.hints.map(({ size }) => size)).toEqual(economies.map(() => SIZE));
  const [q, f, g] = [random(1), batch.create(), batch.create()];
  const readouts = await batch.residual(q, f, LIVE);
  await batch.precondition(f, g, LIVE);
  batch.reweigh(0.1, LIVE);
  const products = await batch.dots([f, g], [g, q, f], LIVE);
  expect(products.length).toBe(2 * 3 * 2);
  for (const [k, b] of LIVE.entries()) {
    const alone = new ReferenceMarket(economies[b]);
    const [excess, step] = [alone.create(), alone.create()];
    expect(readouts[k]).toEqual(alone.residual(q[b], excess));
    alone.precondition(excess, step);
    alone.reweigh(0.1);
    expect([f[b], g[b]]).toEqual([excess, step]);
    expect(products.slice(6 * k, 6 * k + 6)).toEqual(alone.dots([excess, step], step, q[b], excess));
  }
  expect(markets.map(({ evaluations }) => evaluations)).toEqual([1, 0, 1]);
  expect([...f[1], ...g[1]].every((x) => x === 0)).toBe(true);
});

test("combinations and steps have coefficients of each economy's own, or the same for all; 0 is not looked at", async () => {
  const { batch, random } = opened();
  const [q, u, v, out] = [random(1), random(2), random(3), random(4)];
  const before = out[1].slice();
  const unknown = economies.map(() => new Float64Array(SIZE).fill(Number.NaN));
  batch.combine([1, 2, 0, 3, -1, 0], [u, v, unknown], out, LIVE);
  expect(out[2]).toEqual(u[2].map((x, i) => x + 2 * v[2][i]));
  expect(out[0]).toEqual(u[0].map((x, i) => 3 * x - v[0][i]));
  batch.combine([1, -1], [u, v], out, LIVE);
  for (const b of LIVE) expect(out[b]).toEqual(u[b].map((x, i) => x - v[b][i]));
  await batch.residual(q, batch.create(), LIVE);
  batch.advance(q, [0.5, 0, 2, 0], [u, unknown], 0.3, out, LIVE);
  for (const [k, b] of LIVE.entries()) {
    const alone = new ReferenceMarket(economies[b]);
    alone.residual(q[b], alone.create());
    const expected = alone.create();
    alone.advance(q[b], multiple([0.5, 2][k], u[b]), 0.3, expected, false);
    expect(out[b]).toEqual(expected);
  }
  expect(out[1]).toEqual(before);
});

test("prices in and out", async () => {
  const { batch } = opened();
  const prices = Float64Array.from({ length: 3 * SIZE }, (_, i) => 1 + (i % 7));
  const q = batch.enter(prices);
  for (const b of [0, 1, 2]) {
    const own = prices.slice(b * SIZE, (b + 1) * SIZE);
    const mean = own.reduce((sum, p) => sum + p, 0) / SIZE;
    (await batch.prices(q, b)).forEach((p, i) => {
      expect(p).toBeCloseTo(own[i] / mean, 12);
    });
  }
});
