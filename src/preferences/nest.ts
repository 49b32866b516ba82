import type { NestGraph, NestNode } from "../economy/economy.js";

/**
 * The two sweeps over a CES graph at every instant (model.md section 3), vectorised over time.
 *
 * Arrays: `index` [leaves + nodes, N] holds log prices of leaves and log price indices of nodes; `share` [edges, N] the
 * share of each child in its node's spending; `flow` [leaves + nodes, N] spending. Edges are numbered node by node in the
 * order of children. Flat and preallocated: a sweep allocates nothing.
 */
export class Nest {
  readonly index: Float64Array;
  readonly share: Float64Array;
  readonly flow: Float64Array;
  /** First edge of each node; the last entry is the number of edges. */
  readonly firstEdge: Int32Array;
  /** Weights of each node, normalised to sum 1, and log of their sum before that. */
  readonly weights: readonly Float64Array[];
  readonly logTotal: Float64Array;
  private readonly leafCount: number;

  constructor(
    readonly graph: NestGraph,
    readonly instants: number,
  ) {
    this.leafCount = graph.leaves.length;
    this.firstEdge = new Int32Array(graph.nodes.length + 1);
    this.graph.nodes.forEach((node, k) => {
      this.firstEdge[k + 1] = this.firstEdge[k] + node.children.length;
    });
    const totals = graph.nodes.map(({ weights }) => weights.reduce((sum, a) => sum + a, 0));
    this.weights = graph.nodes.map(({ weights }, k) => weights.map((a) => a / totals[k]));
    this.logTotal = Float64Array.from(totals, Math.log);
    const vertices = this.leafCount + graph.nodes.length;
    this.index = new Float64Array(vertices * instants);
    this.flow = new Float64Array(vertices * instants);
    this.share = new Float64Array(this.firstEdge[graph.nodes.length] * instants);
  }

  /** Rows of `index` and `flow` that belong to the root. */
  rootRow(rows: Float64Array): Float64Array {
    return rows.subarray(rows.length - this.instants);
  }

  /** log A_k/(1−σ_k), what weights of sum A add to a price index; 0 at σ = 1, where they are normalised. */
  logScale(k: number): number {
    const delta = 1 - this.graph.nodes[k].elasticity;
    return delta === 0 ? 0 : this.logTotal[k] / delta;
  }

  /** Children before parents: log P_k and the shares, from log prices q [leaves, N] of the leaves. */
  priceSweep(q: Float64Array): void {
    this.index.set(q);
    this.graph.nodes.forEach((node, k) => {
      this.priceNode(node, k);
    });
  }

  /**
   * log P = log A/(1−σ) + (1/(1−σ)) log Σ a e^{(1−σ)y}, with A = Σa and a normalised; σ = 1: Σ a y. Where (1−σ) times the
   * spread of y is small the sum is centred at its mean, so that the index is accurate, not only continuous, at σ → 1.
   */
  private priceNode(node: NestNode, k: number): void {
    const { index, share, instants: N } = this;
    const { children } = node;
    const weights = this.weights[k];
    const delta = 1 - node.elasticity;
    const scale = this.logScale(k);
    const own = (this.leafCount + k) * N;
    const edge = this.firstEdge[k] * N;
    const count = children.length;
    for (let n = 0; n < N; n++) {
      let mean = 0;
      let low = Infinity;
      let high = -Infinity;
      for (let c = 0; c < count; c++) {
        const y = index[children[c] * N + n];
        mean += weights[c] * y;
        if (y < low) low = y;
        if (y > high) high = y;
      }
      const near = Math.abs(delta) * (high - low) < 0.1;
      const centre = near ? mean : delta > 0 ? high : low;
      let sum = 0;
      for (let c = 0; c < count; c++) {
        const x = delta * (index[children[c] * N + n] - centre);
        const power = near ? Math.expm1(x) : Math.exp(x);
        sum += weights[c] * power;
        share[edge + c * N + n] = weights[c] * (near ? 1 + power : power);
      }
      const logSum = near ? Math.log1p(sum) : Math.log(sum);
      index[own + n] = centre + scale + (delta === 0 ? 0 : logSum / delta);
      let shares = 0;
      for (let c = 0; c < count; c++) shares += share[edge + c * N + n];
      for (let c = 0; c < count; c++) share[edge + c * N + n] /= shares;
    }
  }

  /** Parents before children: spending of every vertex, from the root's spending [N]; needs the price sweep's shares. */
  demandSweep(rootFlow: Float64Array): void {
    const { flow, share, graph, instants: N } = this;
    flow.fill(0);
    this.rootRow(flow).set(rootFlow);
    for (let k = graph.nodes.length - 1; k >= 0; k--) {
      const own = (this.leafCount + k) * N;
      const { children } = graph.nodes[k];
      for (let c = 0; c < children.length; c++) {
        const child = children[c] * N;
        const edge = (this.firstEdge[k] + c) * N;
        for (let n = 0; n < N; n++) flow[child + n] += flow[own + n] * share[edge + n];
      }
    }
  }

  /** dlog P_k = Σ share_kc dlog P_c along dq [leaves, N]. Writes `dIndex` [leaves + nodes, N]. */
  priceSweepDerivative(dq: Float64Array, dIndex: Float64Array): void {
    const { share, graph, instants: N } = this;
    dIndex.fill(0);
    dIndex.set(dq);
    graph.nodes.forEach(({ children }, k) => {
      const own = (this.leafCount + k) * N;
      for (let c = 0; c < children.length; c++) {
        const child = children[c] * N;
        const edge = (this.firstEdge[k] + c) * N;
        for (let n = 0; n < N; n++) dIndex[own + n] += share[edge + n] * dIndex[child + n];
      }
    });
  }

  /** d flow_c = Σ over parents of share (d flow_k + flow_k (1−σ_k)(dlog P_c − dlog P_k)). Writes `dFlow`. */
  demandSweepDerivative(dIndex: Float64Array, dRootFlow: Float64Array, dFlow: Float64Array): void {
    const { flow, share, graph, instants: N } = this;
    dFlow.fill(0);
    this.rootRow(dFlow).set(dRootFlow);
    for (let k = graph.nodes.length - 1; k >= 0; k--) {
      const own = (this.leafCount + k) * N;
      const { children, elasticity } = graph.nodes[k];
      for (let c = 0; c < children.length; c++) {
        const child = children[c] * N;
        const edge = (this.firstEdge[k] + c) * N;
        for (let n = 0; n < N; n++) {
          const tilt = (1 - elasticity) * (dIndex[child + n] - dIndex[own + n]);
          dFlow[child + n] += share[edge + n] * (dFlow[own + n] + flow[own + n] * tilt);
        }
      }
    }
  }
}
