import { gatherRows } from "../../core/rows.js";
import { limitPrices } from "../../economy/wanted.js";
import { DEEPEST, FREE_DEPTH } from "../../market/allocation.js";
import { Books } from "../../market/books.js";
import type { Plans } from "../../market/free.js";
import type { Layout } from "../../market/layout.js";
import type { Readout } from "../../market/market.js";
import { EVENLY, probed, ratio } from "../../market/readout.js";
import { meanVolume } from "../../market/volume.js";
import { TimeSpread } from "../../preferences/time-spread.js";
import { finish, reachOf, VANISHING, vanishes } from "./agents.js";
import type { Blocks } from "./blocks.js";
import type { Plan } from "./plan.js";
import { READOUT_SIZE, reduced } from "./reductions.js";
import type { Threads } from "./threads.js";

/** The market at the last residual: what Allocation is to the reference, by kernels (model.md sections 2-4). */
export class Evaluation implements Plans {
  readonly books: Books;
  readonly times: readonly TimeSpread[];
  private readonly profit: Float64Array;
  /** √(RT) of agents with nothing but a radius; 0 for others. */
  readonly reach: Float64Array;
  /** Some row has an instant whose price does not move. */
  hasSides = false;
  private limit = DEEPEST;
  /** What the last derivative and the nest-wise step need of agents whose supply is left to the set. */
  readonly outside: number[] = [];
  private at: Float64Array | null = null;
  private readonly sample: number;

  constructor(
    readonly layout: Layout,
    readonly plan: Plan,
    readonly threads: Threads,
    readonly blocks: Blocks,
  ) {
    this.books = new Books(layout.consumers.length);
    this.sample = probed(layout.commodities);
    this.profit = new Float64Array(layout.agents.length);
    this.reach = Float64Array.from(layout.agents, ({ set }) => reachOf(set));
    this.times = layout.consumers.map(({ orchestrator }) => new TimeSpread(orchestrator, layout));
  }

  get price(): Float64Array {
    return this.plan.arrays.price;
  }
  get supply(): Float64Array {
    return this.plan.arrays.supply;
  }
  get demand(): Float64Array {
    return this.plan.arrays.demand;
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
    const q = this.at as Float64Array;
    const logs = this.hasSides ? q.map((x, i) => (active[i] ? x : this.limit)) : q;
    return consumers.map(({ preferences: { leaves } }) =>
      gatherRows(logs, leaves, N, new Float64Array(leaves.length * N)),
    );
  }

  /** Everybody's plans at q, f, and what is read out of them. */
  evaluate(q: Float64Array, f: Float64Array): Readout {
    const { plan, threads, blocks } = this;
    const { arrays } = plan;
    this.at = q;
    this.fillSides(q);
    const { commonRows, commonNests, upper } = plan;
    const { nodes: N } = this.layout;
    const price = arrays.price.byteOffset;
    const [common, nests] = [commonRows.byteOffset, commonNests.byteOffset];
    threads.run("price_rows", blocks.commonRows, plan.at, q.byteOffset, price, common, "from", "to");
    threads.run("open_agents", blocks.agents, plan.at, q.byteOffset, "from", "to");
    threads.run("price_nodes", blocks.commonNests, plan.at, q.byteOffset, nests, "from", "to", 0, N);
    threads.run("bundle_values", blocks.bundles, plan.at, 0, "from", "to");
    if (upper.length > 0) {
      const to = upper.length;
      threads.run("price_nodes", blocks.tiles, plan.at, q.byteOffset, upper.byteOffset, 0, to, "from", "to");
    }
    this.produce();
    this.earn();
    this.spread();
    threads.run(
      "flow_nodes",
      blocks.tiles,
      plan.at,
      plan.everyNode.byteOffset,
      plan.everyNode.length,
      "from",
      "to",
    );
    const average = this.wealth() / this.layout.size;
    const readout = { perBlock: plan.partials.byteOffset, bytes: 8 * READOUT_SIZE };
    const { horizon } = this.layout;
    threads.run(
      "residual_rows",
      blocks.rows,
      plan.at,
      q.byteOffset,
      f.byteOffset,
      plan.everyRow.byteOffset,
      "from",
      "to",
      horizon,
      average,
      this.sample,
      readout,
    );
    return this.readOut();
  }

  /** Log prices in the limit p → 0⁺ where no price moves. */
  private fillSides(q: Float64Array): void {
    if (!this.hasSides) return;
    const { kernels } = this.threads;
    const least = kernels.least_price(this.plan.at, q.byteOffset, 0, this.layout.commodities);
    this.limit = Math.max(DEEPEST, least - FREE_DEPTH);
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
      if (known !== null && !vanishes(known, sums)) {
        this.profit[a] = finish(set, sums, arrays.coefficients.subarray(begin, end));
        arrays.agentPut[a] = 0;
        return;
      }
      arrays.coefficients.fill(0, begin, end);
      const first = arrays.agentFirst[a] * N;
      const y = arrays.puts.subarray(first, first + metrics.length * N);
      this.profit[a] = set.profit(this.pricesOf(a));
      this.supplyOf(a, y);
      arrays.agentPut[a] = y.byteOffset;
      this.outside.push(a);
    });
  }

  /** h = ⟨p,ȳ⟩ + √(RT)‖p‖_s and κ of an agent with nothing but a radius: most are; false where ‖p‖_s vanishes. */
  private finishBall(a: number): boolean {
    const { sums, coefficients, agentSlot, agentPut } = this.plan.arrays;
    const slot = agentSlot[a];
    if (sums[slot + 1] < VANISHING) return false;
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

  /** log E and the roots' spending. */
  private spread(): void {
    const { index, flow } = this.plan.arrays;
    this.times.forEach((time, i) => {
      this.books.logE[i] = time.spread(this.rootRow(index, i));
      this.rootRow(flow, i).set(time.share);
    });
  }

  /** The row of a matrix of graph nodes that belongs to the root of consumer i. */
  rootRow(matrix: Float64Array, i: number): Float64Array {
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
      spread: sums.highQ - sums.lowQ,
      probe: [ratio(sums.u, sums.value), ratio(sums.v, sums.value)],
      finite: Number.isFinite(sums.finite) && Number.isFinite(afford.all),
    };
  }

  /** The instant of a row that is farthest from clearing. */
  private worstOf(row: number): number {
    const { nodes: N } = this.layout;
    const { active } = this.plan.arrays;
    let [worst, largest] = [Math.max(0, row) * N, 0];
    for (let i = row * N; row >= 0 && i < (row + 1) * N; i++) {
      const z = this.demand[i] - this.supply[i];
      const gap = active[i] ? Math.abs(z) : z;
      if (gap > largest) [worst, largest] = [i, gap];
    }
    return worst;
  }
}
