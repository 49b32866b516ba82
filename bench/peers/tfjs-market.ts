import type { Archive } from "../../src/io/npz/archive.js";
import type { Tensor, Tf } from "./tf.js";

/** Edges from a level to the next, one tensor of rows for each slot. */
interface Links {
  /** By slot k: the k-th successor of each agent, as row of the next level; log weights [agents, 1]. */
  readonly to: readonly Tensor[];
  readonly logWeights: readonly Tensor[];
  /** By slot: the edge that is the j-th parent of each agent of the next level; nobody is the row past the last. */
  readonly parents: readonly Tensor[];
  readonly delta: Tensor;
  readonly chainDelta: Tensor;
  readonly logOwn: Tensor;
  readonly logRest: Tensor;
  readonly rows: readonly [begin: number, size: number];
}

/**
 * f(q) = log D − log S in TensorFlow.js ops, float32. Everything is [agents, nodes], one tensor for each metric and each slot of
 * the DAG: its kernels reduce the last axis only, any other after a transposition. Of what the wasm backend offers, the fast: gatherND,
 * not gather (33 ns a number); relu, not maximum (8 ns); slices, not unstack (6 ns).
 */
export class TfMarket {
  readonly shape: readonly [agents: number, metrics: number, nodes: number];
  /** order[i] is the agent of the archive at row i: agents sorted by level. */
  readonly order: Int32Array;
  private readonly center: readonly Tensor[];
  private readonly reachRadius2: readonly Tensor[];
  private readonly weightedRadius2: readonly Tensor[];
  private readonly weightedCenter: readonly Tensor[];
  private readonly logMetric: readonly Tensor[];
  private readonly metricDelta: Tensor;
  private readonly links: readonly Links[];
  private readonly last: readonly [begin: number, size: number];
  private readonly logEntry: Tensor;
  private readonly entryDelta: number;
  private readonly timeDelta: number;
  private readonly logTime: Tensor;
  private readonly logWeights: Tensor;
  private readonly reach: number;

  constructor(
    private readonly tf: Tf,
    archive: Archive,
  ) {
    const numbers = (name: string) => archive.numbers(`${name}.npy`);
    const [agents, metrics, nodes] = archive.header("q.npy").shape;
    this.shape = [agents, metrics, nodes];
    const level = numbers("level");
    this.order = Int32Array.from(level.keys()).sort((a, b) => level[a] - level[b] || a - b);
    const { order } = this;
    const w = numbers("weights");
    this.reach = Math.sqrt(metrics * numbers("horizon")[0]);
    const [center, radius] = [numbers("center"), numbers("radius")];
    const matrices = (value: (i: number, n: number) => number) =>
      Array.from({ length: metrics }, (_, r) =>
        this.matrix(agents, nodes, (i, n) => value((order[i] * metrics + r) * nodes + n, n)),
      );
    this.center = matrices((k) => center[k]);
    this.reachRadius2 = matrices((k) => this.reach * radius[k] ** 2);
    this.weightedRadius2 = matrices((k, n) => w[n] * radius[k] ** 2);
    this.weightedCenter = matrices((k, n) => w[n] * center[k]);
    const metricWeights = numbers("metric_weights");
    this.logMetric = Array.from({ length: metrics }, (_, r) =>
      this.matrix(agents, 1, (i) => Math.log(metricWeights[order[i] * metrics + r])),
    );
    const sigma = numbers("metric_elasticity");
    this.metricDelta = this.matrix(agents, 1, (i) => 1 - sigma[order[i]]);
    const sizes = Array.from(
      { length: 1 + Math.max(...level) },
      (_, l) => level.filter((x) => x === l).length,
    );
    const rows = sizes.map((size, l): [number, number] => [
      sizes.slice(0, l).reduce((sum, x) => sum + x, 0),
      size,
    ]);
    this.links = rows.slice(0, -1).map((own, l) => this.link(archive, own, rows[l + 1]));
    this.last = rows[rows.length - 1];
    const entry = new Map(Array.from(numbers("entry_to"), (a, k) => [a, numbers("entry_weights")[k]]));
    this.logEntry = this.matrix(rows[0][1], 1, (i) => Math.log(entry.get(order[i]) ?? 0));
    this.entryDelta = 1 - numbers("entry_elasticity")[0];
    this.timeDelta = 1 - numbers("intertemporal_elasticity")[0];
    const rho = numbers("intensity");
    this.logTime = this.matrix(1, nodes, (_, n) => Math.log(w[n] * rho[n]));
    this.logWeights = this.matrix(1, nodes, (_, n) => Math.log(w[n]));
  }

  /** f at q, both [metrics · agents, nodes]. */
  logRatio(q: Tensor): Tensor {
    const { tf } = this;
    return tf.tidy(() => {
      const [agents, metrics, nodes] = this.shape;
      const qs = Array.from({ length: metrics }, (_, r) => tf.slice(q, [r * agents, 0], [agents, nodes]));
      const ps = qs.map((x) => tf.exp(x));
      const squares = ps.map((p, r) => tf.sum(tf.mul(tf.mul(this.weightedRadius2[r], p), p), -1, true));
      const norm = tf.sqrt(tf.addN(squares));
      const fixed = tf.addN(ps.map((p, r) => tf.sum(tf.mul(this.weightedCenter[r], p), -1, true)));
      const income = tf.sum(tf.add(fixed, tf.mul(norm, this.reach)));
      const inNest = qs.map((x, r) => tf.add(tf.mul(x, this.metricDelta), this.logMetric[r]));
      const { total: nest } = this.logSum(inNest);
      const flow = this.flows(tf.div(nest, this.metricDelta));
      const spent = tf.sub(tf.sub(tf.add(tf.log(flow), tf.log(income)), this.logWeights), nest);
      const each = qs.map((x, r) => {
        const supply = tf.add(this.center[r], tf.div(tf.mul(this.reachRadius2[r], ps[r]), norm));
        return tf.sub(tf.sub(tf.add(spent, inNest[r]), x), tf.log(supply));
      });
      return tf.concat(each, 0);
    });
  }

  /** What is spent on each agent's own work at each instant, as a part of all spending. */
  private flows(work: Tensor): Tensor {
    const { tf } = this;
    const nodes = this.shape[2];
    const part = ([begin, size]: readonly [number, number]) => tf.slice(work, [begin, 0], [size, nodes]);
    let whole = part(this.last);
    const sent: { own: Tensor; rest: Tensor; routed: Tensor[] }[] = [];
    for (const link of [...this.links].reverse()) {
      const below = whole;
      const x = link.to.map((to, k) =>
        tf.add(tf.mul(tf.gatherND(below, to), link.delta), link.logWeights[k]),
      );
      const { total, shares } = this.logSum(x);
      const choice = this.logSum([
        tf.add(tf.mul(part(link.rows), link.chainDelta), link.logOwn),
        tf.add(tf.mul(tf.div(total, link.delta), link.chainDelta), link.logRest),
      ]);
      whole = tf.div(choice.total, link.chainDelta);
      sent.push({ own: choice.shares()[0], rest: choice.shares()[1], routed: shares() });
    }
    const x = tf.add(tf.mul(whole, this.entryDelta), this.logEntry);
    const powers = tf.exp(x);
    const total = this.overAgents(powers);
    const y = tf.add(tf.mul(tf.log(total), this.timeDelta / this.entryDelta), this.logTime);
    const spread = tf.exp(tf.sub(y, tf.max(y)));
    let flow = tf.mul(tf.div(powers, total), tf.div(spread, tf.sum(spread)));
    const flows: Tensor[] = [];
    for (const [l, { own, rest, routed }] of [...sent].reverse().entries()) {
      flows.push(tf.mul(flow, own));
      const delegated = tf.mul(flow, rest);
      const rows = tf.concat([...routed.map((share) => tf.mul(delegated, share)), tf.zeros([1, nodes])], 0);
      flow = tf.addN(this.links[l].parents.map((parents) => tf.gatherND(rows, parents)));
    }
    return tf.concat([...flows, flow], 0);
  }

  /** log Σ exp of tensors of one shape, and their shares. */
  private logSum(xs: readonly Tensor[]): { total: Tensor; shares: () => Tensor[] } {
    const { tf } = this;
    const top = xs.reduce((a, b) => tf.add(a, tf.relu(tf.sub(b, a))));
    const powers = xs.map((x) => tf.exp(tf.sub(x, top)));
    const sum = tf.addN(powers);
    return { total: tf.add(top, tf.log(sum)), shares: () => powers.map((x) => tf.div(x, sum)) };
  }

  /** Σ over rows, [1, nodes]. */
  private overAgents(x: Tensor): Tensor {
    return this.tf.sum(x, 0, true);
  }

  private matrix(rows: number, columns: number, value: (i: number, n: number) => number): Tensor {
    const data = new Float32Array(rows * columns);
    for (let k = 0; k < data.length; k++) data[k] = value(Math.floor(k / columns), k % columns);
    return this.tf.tensor(data, [rows, columns]);
  }

  private link(archive: Archive, rows: readonly [number, number], below: readonly [number, number]): Links {
    const numbers = (name: string) => archive.numbers(`${name}.npy`);
    const { order, tf } = this;
    const position = new Int32Array(order.length);
    order.forEach((agent, i) => {
      position[agent] = i;
    });
    const [first, to, weights] = [numbers("next_first"), numbers("next_to"), numbers("next_weights")];
    const [begin, size] = rows;
    const agents = order.subarray(begin, begin + size);
    const most = Math.max(...Array.from(agents, (a) => first[a + 1] - first[a]));
    const targets: number[][] = Array.from({ length: below[1] }, () => []);
    const slots = Array.from({ length: most }, (_, k) => {
      const rowsOf = new Int32Array(size);
      const logs = new Float32Array(size).fill(-1e4);
      agents.forEach((a, i) => {
        const edge = first[a] + k;
        if (edge >= first[a + 1]) return;
        rowsOf[i] = position[to[edge]] - below[0];
        logs[i] = Math.log(weights[edge]);
        targets[rowsOf[i]].push(k * size + i);
      });
      return { rowsOf, logs };
    });
    const widest = Math.max(...targets.map((edges) => edges.length));
    const column = (name: string, value: (x: number) => number) => {
      const values = numbers(name);
      return this.matrix(size, 1, (i) => value(values[agents[i]]));
    };
    return {
      rows,
      to: slots.map(({ rowsOf }) => tf.tensor2d(rowsOf, [size, 1], "int32")),
      logWeights: slots.map(({ logs }) => tf.tensor(logs, [size, 1])),
      parents: Array.from({ length: widest }, (_, j) =>
        tf.tensor2d(
          Int32Array.from(targets, (edges) => edges[j] ?? most * size),
          [below[1], 1],
          "int32",
        ),
      ),
      delta: column("routing_elasticity", (sigma) => 1 - sigma),
      chainDelta: column("chain_elasticity", (sigma) => 1 - sigma),
      logOwn: column("own_weight", Math.log),
      logRest: column("own_weight", (beta) => Math.log1p(-beta)),
    };
  }
}
