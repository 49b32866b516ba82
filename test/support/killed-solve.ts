import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { uniformSource } from "../../src/core/rng.js";
import { parseResult, type ResultFile } from "../../src/solve/result.js";

/**
 * Solves an economy with a checkpoint at every step, killed (SIGKILL) at a random moment again and again and resumed until it
 * ends. Every file seen on the way must be whole; the end must be the uninterrupted solve's, bit for bit.
 *
 * @returns how often it was killed
 */
export async function killAndResume(
  main: string,
  economy: string,
  { kills, longest, seed }: { kills: number; longest: number; seed: number },
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "walras-kill-"));
  const [whole, out, state] = ["whole.json", "out.json", "state"].map((name) => join(folder, name));
  const read = (path: string): ResultFile => parseResult(JSON.parse(readFileSync(path, "utf8")), path);
  const uniform = uniformSource(seed);
  const args = ["--checkpoint", state, "--checkpoint-interval", "0", "--resume", "--out", out];
  let killed = 0;
  try {
    expect(await run(main, [economy, "--out", whole], null)).toBe(0);
    const expected = untimed(read(whole));
    while (killed < kills) {
      const code = await run(main, [economy, ...args], longest * uniform());
      if (existsSync(out)) expect(untimed(read(out))).toEqual(expected);
      if (code === null) killed++;
      else {
        expect(code).toBe(0);
        rmSync(state);
        rmSync(out);
      }
    }
    expect(await run(main, [economy, ...args], null)).toBe(0);
    expect(untimed(read(out))).toEqual(expected);
    return killed;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The exit code; null when it was killed after so many ms. */
async function run(main: string, args: readonly string[], killAfter: number | null): Promise<number | null> {
  const child = spawn(process.execPath, [main, "solve", ...args, "--progress", "off"], { stdio: "ignore" });
  const timer = killAfter === null ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  return code;
}

/** Without what depends on the clock. */
function untimed({ seconds, trace, ...rest }: ResultFile) {
  return { ...rest, trace: trace.map(({ seconds: _, ...record }) => record) };
}
