import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { WasmMarket } from "../../src/backends/wasm/market.js";
import type { Economy } from "../../src/economy/economy.js";
import { secondsOf } from "../peers/timing.js";
import { compileReplay, inFolder, prototypes } from "./compiler.js";
import { recordEvaluation, writeJob } from "./job.js";

/** One evaluation of f on one thread, in seconds: by the fastest of some runs. */
export interface NativeFound {
  readonly prices: number;
  /** The wasm backend's, and of that the kernels alone; the same kernel calls natively. */
  readonly evaluation: number;
  readonly kernels: number;
  readonly native: number;
  /** f has the same bits; or max |f − f|. */
  readonly same: boolean;
  readonly apart: number;
}

/** Beyond this the native program computes something else. */
const AGREEMENT = 1e-12;

/** The same kernels on the same memory, compiled to WebAssembly and natively. Throws where they disagree. */
export async function measureNative(economy: Economy, compiler: string, seconds = 1.5): Promise<NativeFound> {
  const market = new WasmMarket(economy, { threads: 1 });
  const entries = market.shape[0] * market.shape[1];
  const q = market.adopt(Float64Array.from({ length: entries }, (_, i) => 0.1 * Math.sin(i)));
  const f = market.room();
  const evaluation = await secondsOf(() => market.residual(q, f), seconds);
  const calls = recordEvaluation(market, q, f);
  const { kernels } = market.threads;
  const alone = await secondsOf(() => {
    for (const { name, args } of calls) kernels[name](...args);
  }, seconds);
  const { apart, same, least } = await inFolder(async (folder) => {
    const job = join(folder, "job");
    writeJob(job, market, f, calls, prototypes());
    const program = compileReplay(compiler, folder);
    const { stdout } = await promisify(execFile)(program, [job, String(seconds)]);
    return JSON.parse(stdout) as { apart: number | null; same: boolean; least: number };
  });
  market.dispose();
  if (apart === null || apart > AGREEMENT) throw new Error(`native kernels make an f that is ${apart} apart`);
  return {
    prices: market.hints.size,
    evaluation: evaluation.least,
    kernels: alone.least,
    native: least,
    same,
    apart,
  };
}
