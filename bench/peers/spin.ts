import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { median } from "./timing.js";

/** Whether the second core was there: on shared machines it can vanish for minutes. */
export interface Spin {
  /** Seconds of a fixed loop on one thread, and of two at once. */
  readonly one: number;
  readonly two: number;
  /** Work done by two threads in the time of one: 2 with two free cores, 1 with one. */
  readonly speedup: number;
}

const LOOP = `
  const { parentPort, workerData } = require("node:worker_threads");
  const spin = (n) => { let x = 1; for (let i = 0; i < n; i++) x = (x * 1.0000001) % 2; return x; };
  spin(1e6);
  parentPort.on("message", () => { spin(workerData); parentPort.postMessage(0); });
  parentPort.postMessage(0);
`;

export async function spinTest(rounds = 5, length = 2e7): Promise<Spin> {
  const workers = [0, 1].map(() => new Worker(LOOP, { eval: true, workerData: length }));
  await Promise.all(workers.map(answer));
  const timed = async (used: readonly Worker[]) => {
    const began = performance.now();
    const answers = used.map(answer);
    for (const worker of used) worker.postMessage(0);
    await Promise.all(answers);
    return (performance.now() - began) / 1000;
  };
  const [ones, twos]: number[][] = [[], []];
  for (let k = 0; k < rounds; k++) {
    ones.push(await timed(workers.slice(0, 1)));
    twos.push(await timed(workers));
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  const [one, two] = [median(ones), median(twos)];
  return { one, two, speedup: (2 * one) / two };
}

async function answer(worker: Worker): Promise<void> {
  // Rejects where the worker fails.
  await once(worker, "message");
}
