import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseResult } from "../../src/solve/result.js";
import { killAndResume } from "../support/killed-solve.js";
import { requireOrSkip } from "../support/require.js";
import { example, exchange, folder, root } from "./harness.js";

const main = join(root, "dist", "cli", "main.js");

/** The command as a user starts it, built. */
function start(args: readonly string[], input?: string): ChildProcess {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin!.end(input);
  return child;
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

async function finish(child: ChildProcess): Promise<End> {
  let [out, err] = ["", ""];
  child.stdout!.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr!.on("data", (chunk: Buffer) => {
    err += chunk;
  });
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, out, err };
}

const SLOW = ["--solver", "tatonnement", "--step", "1e-6", "--max-steps", "100000000", "--progress", "jsonl"];

describe("the built command", () => {
  // `npm test` has built it; a test run that has not says so.
  if (!requireOrSkip("dist/ (npm run build)", existsSync(main))) return;

  test("an economy on standard input, the result on standard output", async () => {
    const { code, out, err } = await finish(start(["solve", "-", "--json"], JSON.stringify(exchange)));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(parseResult(JSON.parse(out))).toMatchObject({ status: "solved", economy: "exchange" });
  });

  test("with threads it ends like any other", async () => {
    const args = ["solve", example("two-step-pipeline.json"), "--threads", "2", "--json"];
    const { code, out, err } = await finish(start(args));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(parseResult(JSON.parse(out)).backend).toBe("wasm");
  });

  test("bad input: exit 2, a sentence, no stack", async () => {
    const { code, out, err } = await finish(start(["solve", "-"], "{"));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^walras: standard input cannot be used:\n/);
    expect(err).not.toMatch(/\n +at .*\.js/);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s: the best result is written, exit 3", async (signal) => {
    const out = join(folder(), "r.json");
    const child = start(["solve", example("two-step-pipeline.json"), ...SLOW, "--out", out]);
    await once(child.stderr!, "data");
    child.kill(signal);
    expect((await finish(child)).code).toBe(3);
    expect(parseResult(JSON.parse(readFileSync(out, "utf8"))).status).toBe("cancelled");
  });

  test("killed at random moments and resumed, it ends with the same answer", {
    timeout: 60_000,
  }, async () => {
    const economy = example("two-step-pipeline.json");
    expect(await killAndResume(main, economy, { kills: 5, longest: 900, seed: 3 })).toBe(5);
  });

  test("a second SIGINT ends it at once", async () => {
    const out = join(folder(), "r.json");
    const child = start(["solve", example("two-step-pipeline.json"), ...SLOW, "--out", out]);
    await once(child.stderr!, "data");
    child.kill("SIGINT");
    child.kill("SIGINT");
    const { code, signal } = await finish(child);
    // The signals of one instant may arrive as one.
    expect([3, "SIGINT"]).toContain(code ?? signal);
    expect(existsSync(out)).toBe(code === 3);
  });

  test("… also while the verifier works, which no timer interrupts", { timeout: 60_000 }, async () => {
    const out = join(folder(), "r.json");
    const child = start([
      "solve",
      example("two-step-pipeline.json"),
      "--nodes",
      "60000",
      ...SLOW,
      "--out",
      out,
    ]);
    await once(child.stderr!, "data");
    child.kill("SIGINT");
    await setTimeout(500);
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    expect((await finish(child)).signal).toBe("SIGINT");
    expect(existsSync(out)).toBe(false);
  });

  test("Ctrl-C without --out: said once, and the result is kept in a file that is named", async () => {
    const slow = SLOW.slice(0, -2);
    const child = start(["solve", example("two-step-pipeline.json"), ...slow]);
    setTimeout(1500).then(() => child.kill("SIGINT"));
    const { code, out, err } = await finish(child);
    expect(code).toBe(3);
    expect(out).toContain("two-step-pipeline: cancelled");
    expect(err.match(/cancelling…/gu)).toHaveLength(1);
    const path = /is kept in (\S+)/u.exec(err)?.[1] ?? "";
    onTestFinished(() => rmSync(dirname(path), { recursive: true }));
    expect(parseResult(JSON.parse(readFileSync(path, "utf8"))).status).toBe("cancelled");
  });

  test("a reader that closes early is no error", async () => {
    const child = start([
      "solve",
      example("two-step-pipeline.json"),
      "--nodes",
      "400",
      "--json",
      "--tol",
      "1e-3",
    ]);
    child.stdout!.once("data", () => child.stdout!.destroy());
    const { code, err } = await finish(child);
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });
});
