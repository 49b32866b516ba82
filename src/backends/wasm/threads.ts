import { BackendFailedError } from "../../core/errors.js";
import { type Build, instantiate, type Kernels, moduleFor } from "./kernels.js";

/** An argument of a kernel: a number; the first or last item of the block at hand; a place of its own for each block or thread. */
export type Argument =
  | number
  | "from"
  | "to"
  | { readonly perBlock: number; readonly bytes: number }
  | { readonly perThread: number; readonly bytes: number };

/** Longest that other threads may take over their last blocks before they are given up, in ms. */
const PATIENCE = 20_000;
const MOST_ARGUMENTS = 16;
/** Places in the control words. */
const [TASK, NEXT, BLOCKS, DONE, KERNEL, FAILED, COUNT] = [0, 1, 2, 3, 4, 5, 6];
const WORDS = 8;

/**
 * What each worker runs, as text so that every bundler keeps it: waits for a task, then calls its kernel for one block after the other
 * until none is left. A worker spins for a moment before it sleeps, since tasks follow one another closely.
 */
const WORKER = `
const start = ({ module, memory, stack, control, boundaries, values, kinds, names, thread, ready }) => {
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
  kernels.__stack_pointer.value = stack;
  const calls = names.map((name) => kernels[name]);
  let task = 0;
  Atomics.add(control, ${DONE}, 1);
  Atomics.notify(control, ${DONE});
  for (;;) {
    for (let spin = 0; spin < 20000 && Atomics.load(control, ${TASK}) === task; spin++);
    while (Atomics.load(control, ${TASK}) === task) Atomics.wait(control, ${TASK}, task);
    task = Atomics.load(control, ${TASK});
    if (task < 0) return;
    try {
      const call = calls[control[${KERNEL}]];
      const count = control[${COUNT}];
      const args = new Array(count);
      for (;;) {
        const block = Atomics.add(control, ${NEXT}, 1);
        if (block >= control[${BLOCKS}]) break;
        for (let i = 0; i < count; i++) {
          const kind = kinds[i];
          args[i] = kind === 0 ? values[2 * i] : kind === 1 ? boundaries[block] : kind === 2 ? boundaries[block + 1]
            : values[2 * i] + (kind === 3 ? block : thread) * values[2 * i + 1];
        }
        call(...args);
      }
    } catch (error) {
      Atomics.store(control, ${FAILED}, 1);
    }
    Atomics.add(control, ${DONE}, 1);
    Atomics.notify(control, ${DONE});
  }
};
if (typeof require === "function") start(require("node:worker_threads").workerData);
else self.onmessage = ({ data }) => start(data);
`;

interface WorkerLike {
  terminate(): unknown;
}

export interface ThreadOptions {
  /** Threads, this one included; more than one only where memory can be shared. */
  readonly wanted: number;
  readonly build: Build;
  readonly mostBlocks: number;
  /** How long the other threads may take to end a task once this one has, in ms; default 20 000. */
  readonly patience?: number;
}

/**
 * Kernels over blocks of work, on this thread and others. Which thread takes which block changes nothing: what a block adds up lies in a
 * place of its own. Until the other threads are there, and where there can be none, this one does it all.
 */
export class Threads {
  readonly kernels: Kernels;
  private readonly names: string[];
  private workers: WorkerLike[] = [];
  private asked = 0;
  private readonly control: Int32Array;
  private readonly values: Float64Array;
  private readonly kinds: Int32Array;
  private readonly boundaries: Int32Array;
  private readonly module: WebAssembly.Module;
  private closed = false;

  readonly wanted: number;
  private readonly patience: number;

  constructor(
    private readonly memory: WebAssembly.Memory,
    { wanted, build, mostBlocks, patience = PATIENCE }: ThreadOptions,
  ) {
    this.wanted = wanted;
    this.patience = patience;
    this.module = moduleFor(build, isShared(memory));
    this.kernels = instantiate(this.module, memory, 0);
    this.names = Object.keys(this.kernels).filter((name) => !name.startsWith("__"));
    const Buffer = wanted > 1 ? SharedArrayBuffer : ArrayBuffer;
    this.control = new Int32Array(new Buffer(4 * WORDS));
    this.values = new Float64Array(new Buffer(16 * MOST_ARGUMENTS));
    this.kinds = new Int32Array(new Buffer(4 * MOST_ARGUMENTS));
    this.boundaries = new Int32Array(new Buffer(4 * (mostBlocks + 1)));
    // Where no thread can be started this one does it all.
    if (wanted > 1) this.start().catch(() => this.abandon());
  }

  /** Threads at work now. */
  get count(): number {
    return 1 + this.workers.length;
  }

  private async start(): Promise<void> {
    const [spawn, most] = [await spawner(), await parallelism()];
    if (spawn === null || this.closed) return;
    for (let thread = 1; thread < Math.min(this.wanted, most); thread++) {
      // Workers are counted in once they wait for a task: see `join`.
      this.pending.push(spawn(WORKER, this.dataFor(thread), () => this.ended()));
    }
    this.asked = this.pending.length;
  }

  private pending: WorkerLike[] = [];

  private dataFor(thread: number): object {
    const { module, memory, control, values, kinds, boundaries, names } = this;
    // As kernels.ts lays stacks out.
    const stack = (this.kernels.__stack_pointer as unknown as WebAssembly.Global).value + 65_536 * thread;
    return { module, memory, stack, control, boundaries, values, kinds, names, thread };
  }

  /** Takes the other threads in once all of them wait. */
  private join(): void {
    if (this.asked === 0 || this.workers.length > 0) return;
    if (Atomics.load(this.control, DONE) < this.asked) return;
    this.workers = this.pending;
  }

  /** A thread is no more, and it was not told to end: the next task would wait for it. */
  private ended(): void {
    if (!this.closed) Atomics.store(this.control, FAILED, 1);
  }

  /** Calls a kernel for each block [boundaries[b], boundaries[b+1]). */
  run(name: string, boundaries: Int32Array, ...args: Argument[]): void {
    const blocks = boundaries.length - 1;
    this.join();
    const { control } = this;
    const alone = this.workers.length === 0 || blocks < 2;
    if (!alone) {
      this.describe(name, args);
      this.boundaries.set(boundaries);
      control[BLOCKS] = blocks;
      control[COUNT] = args.length;
      Atomics.store(control, NEXT, 0);
      Atomics.store(control, DONE, 0);
      Atomics.add(control, TASK, 1);
      Atomics.notify(control, TASK);
    }
    const kernel = this.kernels[name];
    const values = args.map((argument) => (typeof argument === "number" ? argument : 0));
    let block = alone ? 0 : Atomics.add(control, NEXT, 1);
    while (block < blocks) {
      args.forEach((argument, i) => {
        if (typeof argument !== "number") values[i] = numberFor(argument, boundaries, block);
      });
      kernel(...values);
      block = alone ? block + 1 : Atomics.add(control, NEXT, 1);
    }
    if (!alone) this.wait();
  }

  private describe(name: string, args: readonly Argument[]): void {
    this.control[KERNEL] = this.names.indexOf(name);
    args.forEach((argument, i) => {
      this.kinds[i] = kindOf(argument);
      if (typeof argument === "string") return;
      const [value, step] =
        typeof argument === "number"
          ? [argument, 0]
          : ["perBlock" in argument ? argument.perBlock : argument.perThread, argument.bytes];
      this.values[2 * i] = value;
      this.values[2 * i + 1] = step;
    });
  }

  /** Until the others have done: they work on blocks as large as ours, so for a moment it pays to spin. */
  private wait(): void {
    const { control } = this;
    const all = this.workers.length;
    for (let spin = 0; spin < 20_000 && Atomics.load(control, DONE) < all; spin++);
    const began = performance.now();
    for (let done = Atomics.load(control, DONE); done < all; done = Atomics.load(control, DONE)) {
      if (Atomics.load(control, FAILED) !== 0) break;
      if (canWait()) Atomics.wait(control, DONE, done, Math.min(100, this.patience));
      if (performance.now() - began > this.patience) this.lost("does not answer");
    }
    if (Atomics.load(control, FAILED) !== 0) this.lost("failed");
  }

  private lost(how: string): never {
    this.dispose();
    throw new BackendFailedError(
      `A thread of the wasm backend ${how}; solve again with fewer threads or --backend reference.`,
    );
  }

  dispose(): void {
    this.closed = true;
    Atomics.store(this.control, TASK, -1);
    if (this.wanted > 1) Atomics.notify(this.control, TASK);
    this.abandon();
  }

  private abandon(): void {
    for (const worker of this.pending) void worker.terminate();
    this.pending = [];
    this.workers = [];
    this.asked = 0;
  }
}

/** 0 a number, 1 and 2 the ends of a block, 3 a place for each block, 4 one for each thread. */
function kindOf(argument: Argument): number {
  if (typeof argument === "number") return 0;
  if (typeof argument === "string") return argument === "from" ? 1 : 2;
  return "perBlock" in argument ? 3 : 4;
}

function numberFor(argument: Exclude<Argument, number>, boundaries: Int32Array, block: number): number {
  if (argument === "from") return boundaries[block];
  if (argument === "to") return boundaries[block + 1];
  return "perBlock" in argument ? argument.perBlock + block * argument.bytes : argument.perThread;
}

export function isShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== "undefined" && memory.buffer instanceof SharedArrayBuffer;
}

/** The main thread of a browser may not sleep. */
let sleeps: boolean | null = null;
function canWait(): boolean {
  if (sleeps !== null) return sleeps;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    sleeps = true;
  } catch {
    sleeps = false;
  }
  return sleeps;
}

/** Calls `ended` when the thread is no more. */
type Spawn = (source: string, data: object, ended: () => void) => WorkerLike;

/** How this platform starts a thread; null where it cannot. */
async function spawner(): Promise<Spawn | null> {
  if (isNode()) {
    // Not a literal, which bundlers for browsers would look for.
    const name = "node:worker_threads";
    const { Worker } = (await import(name)) as typeof import("node:worker_threads");
    return (source, workerData, ended) => {
      const worker = new Worker(source, { eval: true, workerData });
      worker.unref();
      worker.on("error", () => undefined);
      worker.on("exit", ended);
      return worker;
    };
  }
  const scope = globalThis as unknown as {
    Worker?: new (url: string) => WorkerLike & { onerror: unknown; postMessage(data: object): void };
  };
  const { Worker } = scope;
  if (Worker === undefined) return null;
  return (source, data, ended) => {
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    worker.onerror = ended;
    worker.postMessage(data);
    return worker;
  };
}

/** Whether threads can share memory here. */
export function canShare(): boolean {
  if (typeof SharedArrayBuffer === "undefined") return false;
  return (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false;
}

/** Threads that this machine runs at once. */
async function parallelism(): Promise<number> {
  if (isNode()) {
    const name = "node:os";
    return ((await import(name)) as typeof import("node:os")).availableParallelism();
  }
  return (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator?.hardwareConcurrency ?? 1;
}

function isNode(): boolean {
  return typeof process !== "undefined" && process.versions?.node !== undefined;
}
