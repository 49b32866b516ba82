import Benchmark from "benchmark";
import type { Action } from "./actions.js";

/** What samples of one action say, in seconds. */
export interface Sampled {
  readonly mean: number;
  /** Of the fastest sample: what other work on the machine cannot lengthen. */
  readonly least: number;
  /** Relative margin of error of the mean, in percent (95 %), and how many samples there are. */
  readonly margin: number;
  readonly samples: number;
}

/** benchmark.js takes the mean of as many runs as fit into its time; every one is awaited. */
export function sample(action: Action, maxTime: number, minSamples: number): Promise<Sampled> {
  return new Promise((resolve, reject) => {
    const defer = (deferred: { resolve(): void }) => {
      Promise.resolve(action()).then(() => deferred.resolve(), reject);
    };
    new Benchmark("action", defer, { defer: true, maxTime, minSamples })
      .on("complete", ({ target: { stats, error } }: { target: Benchmark }) => {
        if (error !== undefined || stats === undefined) return reject(error);
        const { mean, rme: margin, sample: seconds } = stats;
        resolve({ mean, least: Math.min(...seconds), margin, samples: seconds.length });
      })
      .run({ async: true });
  });
}
