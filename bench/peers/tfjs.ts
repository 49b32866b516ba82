import { readFile } from "node:fs/promises";
import { type Archive, readArchive } from "../../src/io/npz/archive.js";
import { leastSquares } from "../../src/solvers/parts/least-squares.js";
import { type Measured, TARGET } from "./measurement.js";
import { loadTf, type Tensor, type Tf, type TfBackend } from "./tf.js";
import { TfMarket } from "./tfjs-market.js";
import { median, secondsOf } from "./timing.js";

const MEMORY = 5;
const MOST_STEPS = 100;
const FILLING = 6;

export interface TfTask {
  readonly home: string;
  readonly backend: TfBackend;
  readonly archive: string;
  /** An NPZ with walras' solution `q`; null for none. */
  readonly solution: string | null;
}

/** As python/measure.py, in TensorFlow.js. */
export async function measureTf({ home, backend, archive: path, solution }: TfTask): Promise<Measured> {
  const tf = await loadTf(home, backend);
  const archive = readArchive(new Uint8Array(await readFile(path)));
  const market = new TfMarket(tf, archive);
  const q = toTensor(tf, market, archive.numbers("q.npy"));
  const f = market.logRatio(q);
  const error = furthest(await f.data(), byMetric(market, archive.numbers("f.npy")));
  const evaluation = await secondsOf(async () => {
    const out = market.logRatio(q);
    // The native backend has worked when it returns; reading one number makes sure.
    await first(tf, out).data();
    out.dispose();
  });
  const { solve, logPrices } = await solveBy(tf, market, archive);
  const other = solution === null ? null : readArchive(new Uint8Array(await readFile(solution)));
  const apart = other === null ? null : furthest(logPrices, byMetric(market, other.numbers("q.npy")));
  const version = tf.version_core ?? tf.version?.["tfjs-core"] ?? "?";
  return {
    path: `ops of the ${backend} backend`,
    versions: { tfjs: version },
    prices: q.shape.reduce((product, length) => product * length, 1),
    error,
    evaluation,
    solve,
    apart,
  };
}

function first(tf: Tf, x: Tensor): Tensor {
  return tf.tidy(() => tf.slice(x, [0, 0], [1, 1]));
}

/** Anderson(5), type II, on tâtonnement from p = 1; the level of prices is left alone until the end. */
async function solveBy(tf: Tf, market: TfMarket, archive: Archive) {
  const step = archive.numbers("step.npy")[0];
  const began = performance.now();
  const [agents, metrics, nodes] = market.shape;
  let q = tf.zeros([metrics * agents, nodes]);
  let f = market.logRatio(q);
  const history: { dg: Tensor; moved: Tensor }[] = [];
  let gram: number[][] = [];
  let oscillation = Number.POSITIVE_INFINITY;
  const taken: number[] = [];
  const dots = async (x: Tensor) => {
    const products = history.map(({ dg }) => tf.tidy(() => tf.sum(tf.mul(dg, x))));
    const values = await Promise.all(products.map((product) => product.data()));
    for (const product of products) product.dispose();
    return values.map(([value]) => value);
  };
  while (oscillation > TARGET.float32 && taken.length < MOST_STEPS) {
    const last = performance.now();
    const full = gram.map((row) => Float64Array.from(row));
    const products = (await dots(f)).map((x) => step * x);
    const gamma = full.length > 0 ? leastSquares(full, Float64Array.from(products)) : [];
    const [now, at] = [q, f];
    const move = tf.tidy(() =>
      history.reduce((sum, { moved }, k) => tf.sub(sum, tf.mul(moved, gamma[k])), tf.mul(at, step)),
    );
    q = tf.add(now, move);
    f = market.logRatio(q);
    const f_to = f;
    const dg = tf.tidy(() => tf.mul(tf.sub(f_to, at), step));
    history.push({ dg, moved: tf.add(dg, move) });
    for (const old of [now, at, move]) old.dispose();
    if (history.length > MEMORY) {
      const dropped = history.shift();
      dropped?.dg.dispose();
      dropped?.moved.dispose();
      gram = gram.slice(1).map((row) => row.slice(1));
    }
    const row = await dots(dg);
    gram = [...gram.map((old, i) => [...old, row[i]]), row];
    const range = tf.tidy(() => tf.sub(tf.max(f_to), tf.min(f_to)));
    [oscillation] = await range.data();
    range.dispose();
    taken.push((performance.now() - last) / 1000);
  }
  const seconds = (performance.now() - began) / 1000;
  const full = taken.length > FILLING ? taken.slice(FILLING) : taken;
  const solve = { seconds, steps: taken.length, oscillation, step: median(full) };
  return { solve, logPrices: normalized(await q.data(), market, archive.numbers("weights.npy")) };
}

/** Mean price 1. */
function normalized(q: Float32Array, { shape: [, , nodes] }: TfMarket, weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, w) => sum + w, 0);
  const sum = q.reduce((all, x, k) => all + weights[k % nodes] * Math.exp(x), 0);
  const shift = Math.log((sum * nodes) / (total * q.length));
  return Float64Array.from(q, (x) => x - shift);
}

/** From [agents, metrics, nodes] in the archive's order to [metrics · agents, nodes] in the market's. */
function byMetric({ shape: [agents, metrics, nodes], order }: TfMarket, values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let r = 0; r < metrics; r++) {
    for (let i = 0; i < agents; i++) {
      const from = (order[i] * metrics + r) * nodes;
      out.set(values.subarray(from, from + nodes), (r * agents + i) * nodes);
    }
  }
  return out;
}

function toTensor(tf: Tf, market: TfMarket, values: Float64Array): Tensor {
  const [agents, metrics, nodes] = market.shape;
  return tf.tensor(Float32Array.from(byMetric(market, values)), [metrics * agents, nodes]);
}

function furthest(a: ArrayLike<number>, b: Float64Array): number {
  return b.reduce((most, x, i) => Math.max(most, Math.abs(x - a[i])), 0);
}
