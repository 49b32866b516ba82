import type { Reals } from "../../core/reals.js";
import type { Layout } from "../../market/layout.js";
import { probed } from "../../market/readout.js";
import { TimeSpread } from "../../preferences/time-spread.js";
import { Ellipsoid } from "../../production/ellipsoid.js";
import { Hull } from "../../production/hull.js";
import { type KernelSet, kernelSet } from "./agents.js";
import { type Arrays, arraysFrom, type Bundle, bundlesOf, type Source } from "./arrays.js";
import { fill, fillWork } from "./fill.js";
import { type Graph, graphOf } from "./graph.js";
import { divide, type Work } from "./work.js";

/** Fields of `Member` in kernels/batch.c, in its order. */
const FIELDS = [
  "plan",
  "agents",
  "consumers",
  "bundles",
  "commonRows",
  "commonRowCount",
  "commonNests",
  "commonNestCount",
  "sample",
  "aggregation",
  "numbers",
  "reach",
  "isHull",
  "smoothing",
  "profit",
  "shares",
  "roots",
  "delta",
  "intensity",
  "timeShare",
  "income",
  "turnover",
  "logE",
  "bundleConsumer",
  "bundleOwed",
  "at",
  "saved",
  "states",
  "report",
] as const;
export const MEMBER_FIELDS = FIELDS.length;
/** Numbers of a `Report` there. */
const REPORT = 14;
/** Of `states` there. */
const [IS_WHOLE, , HAS_RESPONDED] = [0, 1, 2];

/** An economy of a batch before it lies in a memory. */
export class Blueprint {
  readonly graph: Graph;
  readonly work: Work;
  readonly sets: readonly (KernelSet | null)[];
  readonly bundles: readonly Bundle[];

  constructor(readonly layout: Layout) {
    this.graph = graphOf(layout);
    this.work = divide(layout, this.graph);
    this.sets = layout.agents.map(({ set }) => kernelSet(set));
    this.bundles = bundlesOf(layout);
  }

  /** Its arrays: of its Plan, and what else the kernels know of it. @param left of what only whole evaluations leave */
  take(source: Source, left: Source) {
    const { layout, graph, work, sets, bundles } = this;
    const { agents, consumers, commodities: M, nodes: N } = layout;
    const [A, I, B] = [agents.length, consumers.length, bundles.length];
    return {
      plan: arraysFrom(source, layout, graph, work, sets, bundles, left, NOTHING),
      commonRows: source.ints(work.commonRows.length),
      commonNests: source.ints(work.commonNests.length),
      numbers: source.wides(3),
      reach: source.wides(A),
      isHull: source.bytes(A),
      smoothing: source.wides(A),
      profit: source.wides(A),
      shares: source.wides(I * A),
      roots: source.ints(I),
      delta: source.wides(I),
      intensity: source.wides(I * N),
      timeShare: source.wides(I * N),
      income: source.wides(I),
      turnover: source.wides(I),
      logE: source.wides(I),
      bundleConsumer: source.ints(B),
      bundleOwed: source.bytes(B),
      saved: left.reals(M * N),
      states: source.bytes(3),
      report: source.wides(REPORT),
    };
  }
}

type MemberArrays = ReturnType<Blueprint["take"]>;

/** What a thread shares among economies, and what only Market asks for: no bytes. */
const NOTHING: Source = {
  reals: () => new Float64Array(0),
  wides: () => new Float64Array(0),
  ints: () => new Int32Array(0),
  bytes: () => new Uint8Array(0),
};

/** An economy of a batch in its memory. */
export class Member {
  private readonly plan: Arrays;
  /** Agents that are asked for their own responses. */
  private readonly asked: readonly number[];

  /** @param metric its part of the inner product */
  constructor(
    readonly blueprint: Blueprint,
    private readonly arrays: MemberArrays,
    metric: Reals,
  ) {
    const { layout, graph, work, sets, bundles } = blueprint;
    this.plan = arrays.plan;
    fill(this.plan, layout, graph, sets, bundles);
    fillWork(this.plan, work, graph);
    this.plan.fields[5 + this.plan.fieldOrder.indexOf("metric")] = metric.byteOffset;
    arrays.commonRows.set(work.commonRows);
    arrays.commonNests.set(work.commonNests);
    arrays.roots.set(graph.roots);
    arrays.numbers.set([layout.horizon, layout.size, graph.reach]);
    this.fillAgents();
    this.fillConsumers();
    this.asked = layout.agents.flatMap(({ set }, a) =>
      set.ownResponse !== undefined && (sets[a]?.lineCount ?? 0) > 0 ? [a] : [],
    );
    for (const a of this.asked)
      this.plan.agentResponse[a] = this.plan.ownResponses.subarray(this.firstOf(a)).byteOffset;
  }

  private fillAgents(): void {
    const { reach, isHull, smoothing } = this.arrays;
    this.blueprint.layout.agents.forEach(({ set }, a) => {
      if (set instanceof Hull) {
        isHull[a] = 1;
        smoothing[a] = set.smoothing;
      } else if (set instanceof Ellipsoid && set.parts.radius !== undefined)
        reach[a] = Math.sqrt(set.parts.radius.rows.length * set.grid.horizon);
    });
  }

  private fillConsumers(): void {
    const { layout, bundles } = this.blueprint;
    const { shares, delta, intensity, bundleConsumer, bundleOwed } = this.arrays;
    layout.consumers.forEach(({ orchestrator }, i) => {
      shares.set(orchestrator.shares, i * layout.agents.length);
      const { elasticity, active, weights } = new TimeSpread(orchestrator, layout);
      delta[i] = 1 - elasticity;
      active.forEach((n, j) => {
        intensity[i * layout.nodes + n] = weights[j];
      });
    });
    bundles.forEach(({ consumer, owed }, b) => {
      bundleConsumer[b] = consumer;
      bundleOwed[b] = Number(owed);
    });
  }

  /** As kernels/batch.c finds it. */
  get fields(): readonly number[] {
    const { layout, work, bundles } = this.blueprint;
    const known: Partial<Record<(typeof FIELDS)[number], number>> = {
      at: this.arrays.saved.byteOffset,
      plan: this.plan.fields.byteOffset,
      agents: layout.agents.length,
      consumers: layout.consumers.length,
      bundles: bundles.length,
      commonRowCount: work.commonRows.length,
      commonNestCount: work.commonNests.length,
      sample: probed(layout.commodities),
      aggregation: layout.aggregation === null ? 0 : layout.aggregation === "proportional" ? 2 : 1,
    };
    const places = this.arrays as unknown as Record<string, Reals>;
    return FIELDS.map((name) => known[name] ?? places[name].byteOffset);
  }

  get report(): Float64Array {
    return this.arrays.report;
  }

  get isWhole(): boolean {
    return this.arrays.states[IS_WHOLE] === 1;
  }

  /** Whether sets are to be asked for their own responses before the next nest-wise step. */
  get mustRespond(): boolean {
    return this.asked.length > 0 && this.arrays.states[HAS_RESPONDED] === 0;
  }

  /** Asks them, at the last evaluation, of which all is there. */
  respond(): void {
    const { agents, nodes: N } = this.blueprint.layout;
    for (const a of this.asked) {
      const { set, commodities } = agents[a];
      const p = new Float64Array(commodities.length * N);
      commodities.forEach((m, r) => {
        p.set(this.plan.price.subarray(m * N, (m + 1) * N), r * N);
      });
      const response = new Float64Array(p.length);
      set.ownResponse?.(p, response);
      this.plan.ownResponses.set(response, this.firstOf(a));
    }
  }

  private firstOf(a: number): number {
    return this.plan.agentFirst[a] * this.blueprint.layout.nodes;
  }
}
