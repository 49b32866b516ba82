import { BackendFailedError } from "../core/errors.js";
import { Breather } from "../core/event-loop.js";
import type { Reals } from "../core/reals.js";
import type { Status } from "../core/status.js";
import { Best, GOOD } from "./parts/best.js";
import { reachable, withVectors } from "./parts/vectors.js";
import { Watch } from "./parts/watch.js";
import { evaluate, type Iterate, type Problem, type Solver } from "./solver.js";
import { History, type TraceRecord } from "./trace.js";

export interface LoopOptions {
  /** Clearing at which the solver is satisfied. */
  readonly target: number;
  /** Clearing that is good enough when rounding lets it come no closer to `target`. */
  readonly tolerance: number;
  readonly maxSteps: number;
  readonly onStep?: (record: TraceRecord) => void;
  readonly signal?: AbortSignal;
  /** Called between steps, at most every `interval` seconds, and when cancelled; what it gets is valid during the call. */
  readonly checkpoint?: { readonly save: (memory: RunMemory) => void; readonly interval: number };
  /** Goes on where a checkpoint was made, bit for bit. */
  readonly resume?: RunMemory;
}

/** All that a run remembers between two steps, as plain data and vectors. */
export interface RunMemory {
  readonly steps: number;
  readonly starving: number;
  readonly parted: boolean;
  readonly seconds: number;
  readonly state: unknown;
  readonly market: unknown;
  readonly best: object;
  readonly watch: object;
  readonly history: object;
}

export interface LoopResult {
  /** "solved" means that the solver is satisfied; the verifier has not been asked yet. */
  readonly status: Status;
  /** The best prices seen, [commodities, nodes], mean price 1, exactly 0 where free; for `slo-unaffordable` the prices that prove it. */
  readonly prices: Float64Array;
  readonly residual: number;
  readonly steps: number;
  readonly trace: readonly TraceRecord[];
  /** Orchestrator with the least M°/M at the end. */
  readonly poorest: number;
  /** Its floors take all it earns. */
  readonly starved: boolean;
  /** Steps of a cycle's last turn. */
  readonly period: number | null;
}

/** Once good enough, a solve stops when for so many iterations the residual has not fallen noticeably: rounding, or a crawl. */
const PATIENCE = 30;
/** M°/M so small that the floors take everything; after so many iterations there the orchestrator has nothing to spend. */
const STARVED = 1e-7;
const STARVING = 100;
/** Ends that no other way of going on could mend. */
const FINAL: ReadonlySet<Status> = new Set(["solved", "slo-unaffordable", "max-steps", "cancelled"]);
/** M° below this fraction of M is negative beyond rounding. */
const UNAFFORDABLE = -1e-12;

/**
 * The one loop that drives every solver (architecture.md). It ends with a named status, whatever the solver does; the
 * best iterate is kept throughout.
 */
export async function iterate<V>(
  problem: Problem<V>,
  solver: Solver<V>,
  start: Iterate<V>,
  options: LoopOptions,
): Promise<LoopResult> {
  if (options.resume === undefined)
    return new Run(problem, solver, solver.init(problem, start), options).toEnd();
  const { market } = problem;
  const size = market.shape[0] * market.shape[1];
  // A checkpoint has float64 copies.
  const adopt = (v: Reals) => (v.length === size ? market.adopt(Float64Array.from(v)) : v);
  const [state, best] = withVectors([options.resume.state, options.resume.best], adopt);
  await market.restore(options.resume.market, (state as Iterate<V>).q);
  const resume = { ...options.resume, best: best as object };
  return new Run(problem, solver, state as Iterate<V>, { ...options, resume }).toEnd();
}

class Run<V> {
  private readonly began: number;
  private readonly breather = new Breather();
  private readonly history: History;
  private readonly best: Best<V>;
  private watch: Watch;
  private steps = -1;
  private starving = 0;
  /** Prices drifted apart under a way of going on that has been given up. */
  private parted = false;
  private saved = performance.now();

  constructor(
    private readonly problem: Problem<V>,
    private readonly solver: Solver<V>,
    private state: Iterate<V>,
    private readonly options: LoopOptions,
  ) {
    const { resume, tolerance } = options;
    this.began = performance.now() - 1000 * (resume?.seconds ?? 0);
    this.best = Object.assign(new Best(problem.market, state, tolerance), resume?.best);
    this.watch = resume ? Watch.restore(problem.step, resume.watch) : new Watch(problem.step);
    this.history = resume ? History.restore(resume.history) : new History();
    this.steps = resume?.steps ?? -1;
    this.starving = resume?.starving ?? 0;
    this.parted = resume?.parted ?? false;
  }

  async toEnd(): Promise<LoopResult> {
    try {
      return await this.walk();
    } catch (error) {
      if (!(error instanceof BackendFailedError)) throw error;
      return this.finish("backend-failed");
    }
  }

  private async walk(): Promise<LoopResult> {
    for (;;) {
      const note = await this.settleFree();
      this.record(note ?? this.state.note);
      const end = this.end(note !== null);
      if (end !== null && !(await this.recover(end))) return this.finish(this.telling(end));
      this.state = await this.solver.step(this.problem, this.state);
      await this.breather.breathe();
      this.problem.market.recycle(reachable([this.state, this.best.save()]));
      this.checkpoint();
      if (this.options.signal?.aborted) return this.finish("cancelled");
    }
  }

  /** Between steps nothing is half done: from here a run goes on as if it had never stopped. */
  private checkpoint(): void {
    const { checkpoint, signal } = this.options;
    if (checkpoint === undefined) return;
    if (performance.now() - this.saved < 1000 * checkpoint.interval && !signal?.aborted) return;
    checkpoint.save({
      steps: this.steps,
      starving: this.starving,
      parted: this.parted,
      seconds: (performance.now() - this.began) / 1000,
      ...kept(this.state, this.best.save()),
      market: this.problem.market.save(),
      watch: this.watch.save(),
      history: this.history.save(),
    });
    this.saved = performance.now();
  }

  /** Freezes and releases free commodities; a note when any changed, null otherwise. */
  private async settleFree(): Promise<string | null> {
    const { market } = this.problem;
    if (!this.state.readout.finite) return null;
    const changed = await market.settleFree(this.options.target);
    if (changed === 0) return null;
    // What counts in the mean price has changed.
    market.normalize(this.state.q);
    this.state = this.solver.init(this.problem, await evaluate(market, this.state.q), this.state);
    return `${changed} commodity-instants became free or priced again`;
  }

  /** How the solve ends at this iterate, or null. In this order: finiteness, affordability, convergence, verdicts. */
  private end(freed: boolean): Status | null {
    const { readout } = this.state;
    const { target, maxSteps } = this.options;
    if (!readout.finite) return "non-finite";
    if (readout.affordAll < UNAFFORDABLE) return "slo-unaffordable";
    this.best.offer(this.state);
    const verdict = this.watch.observe(readout) ?? this.state.failed ?? (this.state.stuck ? "stalled" : null);
    if (!freed && readout.clearing <= target) return "solved";
    const good = this.best.rank === GOOD;
    if (good && this.best.age >= PATIENCE) return "solved";
    this.starving = readout.afford < STARVED ? this.starving + 1 : 0;
    if (this.starving >= STARVING) return "stalled";
    const end = this.steps >= maxSteps ? "max-steps" : verdict;
    return good && end !== null ? "solved" : end;
  }

  /** Lets the solver go on from the best iterate in another way; false when the end is the end. */
  private async recover(end: Status): Promise<boolean> {
    const { solver, problem, best } = this;
    if (FINAL.has(end) || solver.recover === undefined) return false;
    const recovered = await solver.recover(problem, this.state, await evaluate(problem.market, best.q), end);
    if (recovered === null) return false;
    this.parted ||= end === "diverged";
    this.state = recovered;
    this.watch = new Watch(problem.step);
    this.record(recovered.note);
    return true;
  }

  /** When all that was tried comes to nothing, that prices drifted apart under one of them says more than that the last one stalled. */
  private telling(end: Status): Status {
    return end === "stalled" && this.parted ? "diverged" : end;
  }

  private record(note: string | undefined): void {
    const entry: TraceRecord = {
      step: ++this.steps,
      solver: this.state.by ?? this.solver.name,
      residual: this.state.readout.complementarity,
      seconds: (performance.now() - this.began) / 1000,
      evaluations: this.problem.market.evaluations,
      ...(note === undefined ? {} : { note }),
    };
    this.history.push(entry);
    this.options.onStep?.(entry);
  }

  private async finish(status: Status): Promise<LoopResult> {
    const { market } = this.problem;
    const prices = status === "slo-unaffordable" ? market.prices(this.state.q) : this.best.prices;
    return {
      status,
      prices: await market.download(prices),
      residual: this.best.residual,
      steps: this.steps,
      trace: this.history.records,
      poorest: this.state.readout.poorest,
      starved: this.state.readout.afford < STARVED,
      period: this.watch.period,
    };
  }
}

/** Copies that are valid for as long as the checkpoint is. */
function kept(state: unknown, best: object): Pick<RunMemory, "state" | "best"> {
  const [ofState, ofBest] = withVectors([state, best], (v) => Float64Array.from(v));
  return { state: ofState, best: ofBest as object };
}
