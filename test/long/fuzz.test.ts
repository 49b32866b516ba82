import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { fuzzInput } from "../support/fuzz.js";
import { requireOrSkip } from "../support/require.js";

const INPUTS = 100_000;
const THREADS = 2;
/** An input that takes longer hangs. */
const SECONDS = 30;

const dist = join(import.meta.dirname, "..", "..", "dist");

/** Inputs from `first` on, every THREADS-th; how often each outcome was seen. Throws with the seed where one is neither refused nor solved. */
async function fuzz(first: number, seen: Map<string, number>): Promise<void> {
  const worker = new Worker(join(import.meta.dirname, "..", "support", "fuzz-worker.mjs"), {
    workerData: { dist },
  });
  try {
    for (let seed = first; seed < INPUTS; seed += THREADS) {
      const { name, bytes } = fuzzInput(seed);
      worker.postMessage({ name, bytes: Uint8Array.from(bytes) });
      const outcome = await answer(worker);
      if (typeof outcome !== "string") throw new Error(`seed ${seed} (${name}): ${outcome.error}`);
      const kind = `${name.slice(-4)} ${outcome === "refused" ? "refused" : "solved"}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
  } finally {
    await worker.terminate();
  }
}

/** What the thread says next: an outcome, or what kept it from one. */
function answer(worker: Worker): Promise<string | { error: string }> {
  return new Promise((resolve) => {
    const done = (outcome: string | { error: string }) => {
      clearTimeout(timer);
      worker.off("message", done).off("exit", ended).off("error", failed);
      resolve(outcome);
    };
    const ended = (code: number) => done({ error: `the thread ended with ${code}` });
    const failed = (error: Error) => done({ error: String(error.stack) });
    const timer = setTimeout(() => done({ error: `no answer within ${SECONDS} s` }), 1000 * SECONDS);
    worker.on("message", done).on("exit", ended).on("error", failed);
  });
}

if (requireOrSkip("dist/ (npm run build)", existsSync(dist))) {
  test(`${INPUTS} damaged files in JSON, YAML and NPZ are refused or solved, and none takes ${SECONDS} s`, async () => {
    const seen = new Map<string, number>();
    await Promise.all(Array.from({ length: THREADS }, (_, thread) => fuzz(thread, seen)));
    const counts = Array.from(seen.values());
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(INPUTS);
    console.log(Object.fromEntries(seen));
    for (const kind of ["json", "yaml", ".npz"]) {
      for (const outcome of ["refused", "solved"])
        expect(seen.get(`${kind} ${outcome}`)).toBeGreaterThan(1000);
    }
  });
}
