import type { Reals } from "../../core/reals.js";
import { gatherRows } from "../../core/rows.js";
import { rootSteps } from "../../preferences/nest-wise.js";
import { finishChange } from "./agents.js";
import type { Evaluation } from "./evaluation.js";

/** f'(q)·dq and the nest-wise step at an evaluated market, by kernels (market/tangent.ts, market/nest-wise.ts). */
export class WasmTangent {
  private responded = false;

  constructor(private readonly at: Evaluation) {}

  /** The market has moved. */
  forget(): void {
    this.responded = false;
  }

  /** Writes f'(q)·dq; dS and dD too where matrices for them are given. */
  derivative(
    q: Reals,
    dq: Reals,
    out: Reals,
    changes: { dSupply: Reals; dDemand: Reals } | null = null,
  ): void {
    const { plan, threads, blocks } = this.at;
    const { arrays } = plan;
    this.at.complete();
    this.fillSides(dq);
    threads.run("agent_sums", blocks.agents, plan.at, dq.byteOffset, "from", "to", arrays.dsums.byteOffset);
    threads.run("bundle_values", blocks.bundles, plan.at, dq.byteOffset, "from", "to");
    this.produce(dq);
    this.means("mean_nodes", dq);
    this.at.times.forEach((time, i) => {
      const dRoot = this.at.rootRow(arrays.scratch0, i);
      time.spreadDerivative(dRoot, this.at.rootRow(arrays.scratch1, i));
    });
    const nodes = plan.everyNode;
    threads.run("dflow_nodes", blocks.tiles, plan.at, nodes.byteOffset, nodes.length, "from", "to");
    const rows = plan.everyRow.byteOffset;
    const [dSupply, dDemand] = [changes?.dSupply.byteOffset ?? 0, changes?.dDemand.byteOffset ?? 0];
    threads.run(
      "tangent_rows",
      blocks.rows,
      plan.at,
      q.byteOffset,
      dq.byteOffset,
      out.byteOffset,
      rows,
      "from",
      "to",
      this.at.perThread,
      dSupply,
      dDemand,
    );
  }

  private fillSides(direction: Reals): void {
    const { plan, threads, hasSides } = this.at;
    if (hasSides) threads.kernels.fill_sides(plan.at, direction.byteOffset, plan.arrays.dsides.byteOffset, 0);
  }

  /** Changes of coefficients, of profits by Hotelling's lemma, of incomes. */
  private produce(dq: Reals): void {
    const { layout, plan, outside } = this.at;
    const { arrays } = plan;
    const dProfit = new Float64Array(layout.agents.length);
    const isOutside = new Set(outside);
    layout.agents.forEach(({ set }, a) => {
      if (this.at.reach[a] > 0 && arrays.agentPut[a] === 0) {
        const slot = arrays.agentSlot[a];
        const [value, squares] = [arrays.dsums[slot], arrays.dsums[slot + 1]];
        dProfit[a] = value + arrays.coefficients[slot + 1] * squares;
        arrays.changes[slot + 1] = squares / arrays.sums[slot + 1];
        return;
      }
      const [begin, end] = this.at.slotsOf(a);
      const of = (x: Float64Array) => x.subarray(begin, end);
      dProfit[a] = isOutside.has(a)
        ? this.outsideChange(a, dq)
        : finishChange(set, of(arrays.sums), of(arrays.dsums), of(arrays.coefficients), of(arrays.changes));
    });
    layout.consumers.forEach(({ orchestrator: { shares } }, i) => {
      arrays.dspending[i] = shares.reduce((sum, share, a) => (share > 0 ? sum + share * dProfit[a] : sum), 0);
    });
    plan.bundles.forEach(({ consumer, owed }, b) => {
      arrays.dspending[consumer] += owed ? -arrays.bundleValue[b] : arrays.bundleValue[b];
    });
  }

  /** The set's own derivative, written where the kernels look for it; returns ⟨dp,η⟩. */
  private outsideChange(a: number, dq: Reals): number {
    const { layout, plan } = this.at;
    const { nodes: N, agents, weights } = layout;
    const { arrays } = plan;
    const { set, commodities } = agents[a];
    const p = this.at.pricesOf(a);
    const direction = gatherRows(dq, commodities, N, new Float64Array(p.length));
    const dp = direction.map((x, j) => (p[j] > 0 ? x * p[j] : 0));
    const dy = new Float64Array(p.length);
    set.supplyDerivative(p, dp, dy);
    const first = arrays.agentFirst[a] * N;
    arrays.dputs.set(dy, first);
    arrays.agentDput[a] = arrays.dputs.subarray(first).byteOffset;
    return dp.reduce((sum, x, j) => sum + weights[j % N] * x * arrays.puts[first + j], 0);
  }

  /** Means of a direction at nodes, by mean_nodes, or of e and φ too, by mean_three. */
  private means(kernel: "mean_nodes" | "mean_three", direction: Reals): void {
    const { plan, threads, blocks, layout } = this.at;
    const { nests, upper } = plan;
    const args = [plan.at, direction.byteOffset] as const;
    threads.run(kernel, blocks.nests, ...args, nests.byteOffset, "from", "to", 0, layout.nodes);
    if (upper.length === 0) return;
    threads.run(kernel, blocks.tiles, ...args, upper.byteOffset, 0, upper.length, "from", "to");
  }

  /** Writes P⁻¹v. */
  nestWise(q: Reals, v: Reals, out: Reals): void {
    const { plan, threads, blocks } = this.at;
    const { arrays } = plan;
    const rows = plan.everyRow.byteOffset;
    this.at.complete();
    if (!this.responded) this.respond(q);
    this.fillSides(v);
    this.means("mean_three", v);
    this.at.times.forEach((time, i) => {
      const [value, e, phi, step] = [arrays.scratch0, arrays.scratch1, arrays.scratch2, arrays.scratch3].map(
        (matrix) => this.at.rootRow(matrix, i),
      );
      rootSteps(time, value, e, phi, step);
    });
    const nodes = plan.everyNode;
    threads.run("wise_nodes", blocks.tiles, plan.at, nodes.byteOffset, nodes.length, "from", "to");
    threads.run(
      "wise_rows",
      blocks.rows,
      plan.at,
      v.byteOffset,
      out.byteOffset,
      rows,
      "from",
      "to",
      this.at.perThread,
    );
  }

  /** e and φ of every instant. */
  private respond(q: Reals): void {
    const { plan, threads, blocks, layout } = this.at;
    const { arrays, sets } = plan;
    const N = layout.nodes;
    layout.agents.forEach(({ set, metrics }, a) => {
      const own = sets[a]?.lineCount !== 0 || arrays.agentPut[a] !== 0;
      arrays.agentResponse[a] = 0;
      if (!own || set.ownResponse === undefined || arrays.ownResponses.length === 0) return;
      const first = arrays.agentFirst[a] * N;
      const response = new Float64Array(metrics.length * N);
      set.ownResponse(this.at.pricesOf(a), response);
      arrays.ownResponses.set(response, first);
      arrays.agentResponse[a] = arrays.ownResponses.subarray(first).byteOffset;
    });
    const rows = plan.everyRow.byteOffset;
    threads.run("response_rows", blocks.rows, plan.at, q.byteOffset, rows, "from", "to", this.at.perThread);
    this.responded = true;
  }
}
