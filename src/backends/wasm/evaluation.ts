import type { Reals } from "../../core/reals.js";
import { gatherRows } from "../../core/rows.js";
import { limitPrices } from "../../economy/wanted.js";
import { Books } from "../../market/books.js";
import type { Plans } from "../../market/free.js";
import type { Layout } from "../../market/layout.js";
import type { Readout } from "../../market/market.js";
import { EVENLY, probed, ratio } from "../../market/readout.js";
import { meanVolume } from "../../market/volume.js";
import { TimeSpread } from "../../preferences/time-spread.js";
import { finish, reachOf, vanishes } from "./agents.js";
import type { Blocks } from "./blocks.js";
import type { Plan } from "./plan.js";
import type { Range } from "./range.js";
import { NO_PRICES, OPENING_SIZE, type Opening, opened, READOUT_SIZE, reduced } from "./reductions.js";
import type { Threads } from "./threads.js";
import type { Stamp, Vectors } from "./vectors.js";

/** The market at the last residual: what Allocation is to the reference, by kernels (model.md sections 2-4). */
export class Evaluation implements Plans {
  readonly books: Books;
  readonly times: readonly TimeSpread[];
  private readonly profit: Float64Array;
  /** √(RT) of agents with nothing but a radius; 0 for others. */
  readonly reach: Float64Array;
  /** Some row has an instant whose price does not move. */
  hasSides = false;
  private limit = Number.NaN;
  /** What the last derivative and the nest-wise step need of agents whose supply is left to the set. */
  readonly outside: number[] = [];
  /** The log prices of the last evaluation, and whether they are still there. */
  private at: Stamp | null = null;
  private opening: Opening = NO_PRICES;
  private readonly sample: number;
  /**
   * Of the last evaluation all is there, and of the next it will be: S and D of every instant, and the graphs' indices, flows and shares.
   * A lean one leaves f and what it takes to know them, at little more than half the cost.
   */
  isWhole = false;
  willBeWhole = false;

  constructor(
    readonly layout: Layout,
    readonly plan: Plan,
    readonly threads: Threads,
    readonly blocks: Blocks,
    private readonly vectors: Vectors,
    private readonly range: Range,
  ) {
    this.books = new Books(layout.consumers.length);
    this.sample = probed(layout.commodities);
    this.profit = new Float64Array(layout.agents.length);
    this.reach = Float64Array.from(layout.agents, ({ set }) => reachOf(set));
    this.times = layout.consumers.map(({ orchestrator }) => new TimeSpread(orchestrator, layout));
  }

  get price(): Reals {
    return this.plan.arrays.price;
  }
  get supply(): Reals {
    this.complete();
    return this.plan.arrays.supply;
  }
  get demand(): Reals {
    this.complete();
    return this.plan.arrays.demand;
  }
  /** The mean price. */
  get meanPrice(): number {
    return this.opening.value / (this.layout.horizon * this.layout.commodities);
  }

  wealth(): number {
    return this.books.wealth();
  }

  meanVolume(m: number): number {
    return meanVolume(this.layout, this.supply, this.demand, m);
  }

  /** Net puts of agents and log prices of leaves, as Allocation has them: made when asked for. */
  get netPut(): Float64Array[] {
    return this.layout.agents.map((_, a) => {
      const y = new Float64Array(this.pricesOf(a).length);
      this.supplyOf(a, y);
      return y;
    });
  }

  get leafPrice(): Float64Array[] {
    const { consumers, nodes: N } = this.layout;
    const { active } = this.plan.arrays;
    const q = this.logPrices();
    const logs = this.hasSides ? q.map((x, i) => (active[i] ? x : this.limit)) : q;
    return consumers.map(({ preferences: { leaves } }) =>
      gatherRows(logs, leaves, N, new Float64Array(leaves.length * N)),
    );
  }

  /** Everybody's plans at q, f, and what is read out of them. */
  evaluate(q: Reals, f: Reals, whole = this.willBeWhole): Readout {
    this.isWhole = whole;
    this.willBeWhole = false;
    this.at = this.vectors.stamp(q);
    this.sweep(q);
    const { plan, threads, blocks, layout } = this;
    threads.run(
      "residual_rows",
      blocks.rows,
      plan.at,
      f.byteOffset,
      "from",
      "to",
      Number(!whole),
      layout.horizon,
      this.wealth() / layout.size,
      this.sample,
      this.perThread,
      { perBlock: plan.partials.byteOffset, bytes: 8 * READOUT_SIZE },
    );
    return this.readOut();
  }

  /** Sees to it that the last evaluation is whole. Whoever asks will ask again after the next. */
  complete(): void {
    this.willBeWhole = true;
    if (this.isWhole || this.at === null) return;
    this.isWhole = true;
    const { supply, demand } = this.plan.arrays;
    this.sweep(this.logPrices());
    this.account(this.blocks.rows, supply, demand);
  }

  /** S and D of rows, into matrices that begin with the first of them. */
  private account(rows: Int32Array, supply: Reals, demand: Reals): void {
    const { plan, threads } = this;
    const places = [supply.byteOffset, demand.byteOffset] as const;
    threads.run("account_rows", rows, plan.at, "from", "to", rows[0], ...places);
  }

  /** Of the last evaluation: vectors may be written over. */
  private logPrices(): Reals {
    const { vector } = this.at as Stamp;
    if (this.vectors.isStill(vector, this.at)) return vector;
    const q = this.vectors.room();
    this.price.forEach((p, i) => {
      q[i] = Math.log(p);
    });
    this.at = this.vectors.stamp(q);
    return q;
  }

  /** Room for four rows for each thread. */
  get perThread() {
    return {
      perThread: this.plan.room.byteOffset,
      bytes: 4 * this.plan.room.BYTES_PER_ELEMENT * this.layout.nodes,
    };
  }

  /** Prices, indices, incomes and flows. */
  private sweep(q: Reals): void {
    this.fillSides(q);
    this.open(q);
    if (this.isWhole) this.sweepUp();
    else this.sweepTiles(q);
    this.produce();
    this.earn();
    this.spread();
    if (this.isWhole) this.threads.run("flow_nodes", this.blocks.tiles, this.plan.at, "from", "to");
  }

  /** Prices, sums over agents, and nests. */
  private open(q: Reals): void {
    const { plan, threads, blocks } = this;
    const { arrays, commonRows, commonNests } = plan;
    const lean = Number(!this.isWhole);
    const openings = { perBlock: plan.partials.byteOffset, bytes: 8 * OPENING_SIZE };
    this.opening = this.priceRows(q, arrays.price, commonRows, blocks.commonRows);
    threads.run("open_agents", blocks.agents, plan.at, q.byteOffset, "from", "to", lean, openings);
    this.opening = opened(plan.partials, blocks.agents.length - 1, this.opening);
    const nests = commonNests.byteOffset;
    threads.run("price_nests", blocks.commonNests, plan.at, q.byteOffset, nests, "from", "to", lean);
    threads.run("bundle_values", blocks.bundles, plan.at, 0, "from", "to");
  }

  /** p = e^q of rows. */
  private priceRows(q: Reals, price: Reals, rows: Int32Array, blocks: Int32Array): Opening {
    const { plan, threads } = this;
    const openings = { perBlock: plan.partials.byteOffset, bytes: 8 * OPENING_SIZE };
    const args = [plan.at, q.byteOffset, price.byteOffset, rows.byteOffset] as const;
    threads.run("price_rows", blocks, ...args, "from", "to", openings);
    return opened(plan.partials, blocks.length - 1, NO_PRICES);
  }

  /** p = e^q, 0 where no price moves. */
  prices(q: Reals, out: Reals): void {
    this.priceRows(q, out, this.plan.everyRow, this.blocks.rows);
  }

  private sweepUp(): void {
    const { plan, threads, blocks } = this;
    if (plan.upper.length > 0)
      threads.run("price_nodes", blocks.tiles, plan.at, (this.at as Stamp).vector.byteOffset, "from", "to");
  }

  private sweepTiles(q: Reals): void {
    const { plan, threads, blocks } = this;
    const { tile, width } = plan;
    const bytes = tile.byteLength / threads.wanted;
    const place = { perThread: tile.byteOffset, bytes };
    const { high, low } = this.opening;
    const range = this.hasSides ? Infinity : high - low + 2 * plan.graph.reach;
    threads.run("sweep_tile", blocks.leanTiles, plan.at, q.byteOffset, range, "from", "to", place, width);
  }

  /** Log prices in the limit p → 0⁺ where no price moves. */
  private fillSides(q: Reals): void {
    if (!this.hasSides) return;
    const { kernels } = this.threads;
    const least = kernels.least_price(this.plan.at, q.byteOffset, 0, this.layout.commodities);
    const { deepest, depth } = this.range;
    this.limit = Math.max(deepest, least - depth);
    kernels.fill_sides(this.plan.at, q.byteOffset, this.plan.arrays.sides.byteOffset, this.limit);
  }

  /** Profits and coefficients; what sets have to say themselves they are asked. */
  private produce(): void {
    const { arrays, sets } = this.plan;
    const { agents, nodes: N } = this.layout;
    this.outside.length = 0;
    agents.forEach(({ set, metrics }, a) => {
      if (this.reach[a] > 0 && this.finishBall(a)) return;
      const [begin, end] = this.slotsOf(a);
      const sums = arrays.sums.subarray(begin, end);
      const known = sets[a];
      if (known !== null && !vanishes(known, sums, this.range.vanishing)) {
        this.profit[a] = finish(set, sums, arrays.coefficients.subarray(begin, end));
        arrays.agentPut[a] = 0;
        return;
      }
      arrays.coefficients.fill(0, begin, end);
      const first = arrays.agentFirst[a] * N;
      const y = new Float64Array(metrics.length * N);
      this.profit[a] = set.profit(this.pricesOf(a));
      this.supplyOf(a, y);
      arrays.puts.set(y, first);
      arrays.agentPut[a] = arrays.puts.subarray(first).byteOffset;
      this.outside.push(a);
    });
  }

  /** h = ⟨p,ȳ⟩ + √(RT)‖p‖_s and κ of an agent with nothing but a radius: most are; false where ‖p‖_s vanishes. */
  private finishBall(a: number): boolean {
    const { sums, coefficients, agentSlot, agentPut } = this.plan.arrays;
    const slot = agentSlot[a];
    if (sums[slot + 1] < this.range.vanishing) return false;
    const norm = Math.sqrt(sums[slot + 1]);
    this.profit[a] = sums[slot] + this.reach[a] * norm;
    coefficients[slot + 1] = this.reach[a] / norm;
    agentPut[a] = 0;
    return true;
  }

  slotsOf(a: number): [begin: number, end: number] {
    const begin = this.plan.arrays.agentSlot[a];
    return [begin, begin + 2 + this.plan.arrays.agentLineCount[a]];
  }

  pricesOf(a: number): Float64Array {
    const { agents, nodes: N } = this.layout;
    const { commodities } = agents[a];
    return gatherRows(this.price, commodities, N, new Float64Array(commodities.length * N));
  }

  private supplyOf(a: number, out: Float64Array): void {
    const { agents, wanted, nodes: N } = this.layout;
    const { set, commodities } = agents[a];
    set.supply(limitPrices(this.pricesOf(a), commodities, wanted, N), out);
  }

  private earn(): void {
    const { consumers } = this.layout;
    const { bundleValue } = this.plan.arrays;
    const owned = new Float64Array(consumers.length);
    const owed = new Float64Array(consumers.length);
    this.plan.bundles.forEach((bundle, b) => {
      (bundle.owed ? owed : owned)[bundle.consumer] += bundleValue[b];
    });
    consumers.forEach(({ orchestrator: { shares } }, i) => {
      this.books.earn(i, owned[i], owed[i], shares, this.profit);
    });
    this.plan.arrays.spending.set(this.books.discretionary);
  }

  /** log E, the roots' flows and budgets. */
  private spread(): void {
    const { index, flow, budget, inverseWeights } = this.plan.arrays;
    const { nodes: N } = this.layout;
    this.times.forEach((time, i) => {
      this.books.logE[i] = time.spread(this.rootRow(index, i));
      const M = this.books.discretionary[i];
      if (this.isWhole) this.rootRow(flow, i).set(time.share);
      for (let n = 0; n < N; n++)
        budget[i * N + n] = M * inverseWeights[n] * (this.isWhole ? 1 : time.share[n]);
    });
  }

  /** The row of a matrix of graph nodes that belongs to the root of consumer i. */
  rootRow(matrix: Reals, i: number): Reals {
    const { nodes: N } = this.layout;
    const root = this.plan.graph.roots[i];
    return matrix.subarray(root * N, (root + 1) * N);
  }

  private readOut(): Readout {
    const { layout, books } = this;
    const sums = reduced(this.plan.partials, this.blocks.rows.length - 1);
    const afford = books.afford();
    return {
      clearing: sums.gap,
      worst: this.worstOf(sums.gapRow),
      complementarity: sums.complementarity,
      oscillation: sums.highF - sums.lowF,
      norm: Math.sqrt(sums.norm / sums.spending + (EVENLY * sums.even) / Math.max(1, sums.count)),
      potential: books.potential(layout.aggregation),
      afford: afford.least,
      poorest: afford.poorest,
      affordAll: afford.all,
      level: Math.log(this.meanPrice),
      spread: this.opening.high - this.opening.low,
      probe: [ratio(sums.u, sums.value), ratio(sums.v, sums.value)],
      finite: this.isFinite() && Number.isFinite(sums.finite) && Number.isFinite(afford.all),
    };
  }

  /** Prices are: comparisons drop NaN, a sum does not. */
  private isFinite(): boolean {
    const { high, low, value } = this.opening;
    return high < Infinity && low > -Infinity && !Number.isNaN(value);
  }

  /** The instant of a row that is farthest from clearing. */
  private worstOf(row: number): number {
    const { nodes: N } = this.layout;
    const { active } = this.plan.arrays;
    if (row < 0) return 0;
    const [S, D] = [this.plan.room.subarray(0, N), this.plan.room.subarray(N, 2 * N)];
    this.account(Int32Array.of(row, row + 1), S, D);
    let [worst, largest] = [row * N, 0];
    for (let n = 0; n < N; n++) {
      const z = D[n] - S[n];
      const gap = active[row * N + n] ? Math.abs(z) : z;
      if (gap > largest) [worst, largest] = [row * N + n, gap];
    }
    return worst;
  }
}
