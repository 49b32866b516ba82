import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { CHUNK, streamModule } from "./stream-module.js";

/** How a stream is made. */
export type Means = "WebAssembly SIMD" | "typed arrays";
export type Kind = "copy" | "triad";
const MEANS: readonly Means[] = ["WebAssembly SIMD", "typed arrays"];

/** Bytes moved a number, write-allocate counted: a written line is fetched first. */
const BYTES: Readonly<Record<Kind, number>> = { copy: 8 + 16, triad: 8 + 8 + 16 };

/** Memory bandwidth in bytes a second, on so many threads, by whichever means was faster. */
export interface Bandwidth {
  readonly threads: number;
  readonly means: Means;
  readonly copy: number;
  readonly triad: number;
}

/** c = a or c = a + 3 b, numbers `from` to `to` of arrays that lie one after the other. */
const STREAM = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { module, memory, length } = workerData;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const [a, b, c] = [0, 1, 2].map((k) => new Float64Array(memory.buffer, 8 * k * length, length));
  const copy = (from, to) => { for (let i = from; i < to; i++) c[i] = a[i]; };
  const triad = (from, to) => { for (let i = from; i < to; i++) c[i] = a[i] + 3 * b[i]; };
  const arrays = { copy, triad };
  parentPort.on("message", ({ means, kind, from, to }) => {
    const at = (k, i) => 8 * (k * length + i);
    if (means === "fill") { a.fill(2, from, to); b.fill(5, from, to); c.fill(0, from, to); }
    else if (means === "typed arrays") arrays[kind](from, to);
    else exports[kind](at(0, from), at(1, from), at(2, from), at(2, to));
    parentPort.postMessage(0);
  });
  parentPort.postMessage(0);
`;

/** Numbers of each of three arrays: 256 MiB, more than caches hold. */
const LENGTH = 2 ** 25;
const PAGE = 65_536;

/** Copy and triad with one thread and with two. */
export async function measureBandwidth(length = LENGTH, rounds = 7): Promise<Bandwidth[]> {
  const streams = new Streams(length, 2);
  await streams.ready();
  const found: Bandwidth[] = [];
  for (const threads of [1, 2]) {
    const each: Bandwidth[] = [];
    for (const means of MEANS) {
      const [copy, triad] = [
        await streams.fastest(means, "copy", threads, rounds),
        await streams.fastest(means, "triad", threads, rounds),
      ];
      each.push({ threads, means, copy: rate("copy", length, copy), triad: rate("triad", length, triad) });
    }
    found.push(faster(each));
  }
  await streams.close();
  return found;
}

/** Bytes a second of a stream over arrays of so many numbers. */
export function rate(kind: Kind, length: number, seconds: number): number {
  return (BYTES[kind] * length) / seconds;
}

/** The most that either stream reached. */
export function bandwidthOf({ copy, triad }: Pick<Bandwidth, "copy" | "triad">): number {
  return Math.max(copy, triad);
}

export function faster(each: readonly Bandwidth[]): Bandwidth {
  return each.reduce((best, one) => (bandwidthOf(one) > bandwidthOf(best) ? one : best));
}

/** Fraction of the bandwidth at which so many bytes are moved in so many nanoseconds. */
export function fractionOf(bytes: number, nanoseconds: number, bandwidth: number): number {
  return bytes / (nanoseconds * 1e-9) / bandwidth;
}

/** Three arrays in shared memory, and workers that stream through equal parts of them. */
export class Streams {
  readonly memory: WebAssembly.Memory;
  private readonly workers: readonly Worker[];

  constructor(
    readonly length: number,
    threads: number,
  ) {
    const pages = Math.ceil((24 * length) / PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const module = new WebAssembly.Module(streamModule(pages));
    const workerData = { module, memory: this.memory, length };
    this.workers = Array.from({ length: threads }, () => new Worker(STREAM, { eval: true, workerData }));
  }

  /** Workers have started, and every page has been written once. */
  async ready(): Promise<void> {
    await Promise.all(this.workers.map((worker) => once(worker, "message")));
    await this.run("fill", "copy", this.workers.length);
  }

  /** Seconds of the fastest of some rounds. */
  async fastest(means: Means, kind: Kind, threads: number, rounds: number): Promise<number> {
    let least = Infinity;
    for (let k = 0; k < rounds; k++) {
      const began = performance.now();
      await this.run(means, kind, threads);
      least = Math.min(least, (performance.now() - began) / 1000);
    }
    return least;
  }

  async run(means: Means | "fill", kind: Kind, threads: number): Promise<void> {
    const part = (k: number) =>
      k === threads ? this.length : Math.floor((k * this.length) / threads / CHUNK) * CHUNK;
    const used = this.workers.slice(0, threads);
    const answers = used.map((worker) => once(worker, "message"));
    used.forEach((worker, k) => {
      worker.postMessage({ means, kind, from: part(k), to: part(k + 1) });
    });
    await Promise.all(answers);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}
