import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { acquire, isStale, withLock } from "../../scripts/lock.mjs";

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "walras-lock-"));
  lock = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A lock that another process left or holds, last heard of `secondsAgo`. */
function lockHeldBy(owner: { pid: number; host: string } | null, secondsAgo = 0): void {
  mkdirSync(lock);
  const then = new Date(Date.now() - secondsAgo * 1000);
  if (owner !== null) {
    writeFileSync(join(lock, "owner.json"), JSON.stringify(owner));
    utimesSync(join(lock, "owner.json"), then, then);
  }
  utimesSync(lock, then, then);
}

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

describe("withLock", () => {
  test("returns what the work returns and leaves nothing behind", async () => {
    const held = await withLock(lock, () => existsSync(lock));
    expect(held).toBe(true);
    expect(existsSync(lock)).toBe(false);
  });

  test("releases when the work throws", async () => {
    await expect(withLock(lock, () => Promise.reject(new Error("no network")))).rejects.toThrow("no network");
    expect(existsSync(lock)).toBe(false);
  });

  test("waits for a living holder, says so once, and goes on when it is released", async () => {
    lockHeldBy({ pid: process.ppid, host: hostname() });
    setTimeout(() => rmSync(lock, { recursive: true }), 50);
    const waits: string[] = [];
    await withLock(lock, () => {}, { onWait: (holder) => waits.push(holder), pollMs: 10 });
    expect(waits).toEqual([`process ${process.ppid} on ${hostname()}`]);
  });

  test("lets processes in one at a time, also when they find a stale lock together", async () => {
    lockHeldBy({ pid: deadPid(), host: hostname() });
    const log = join(folder, "log");
    const program = `
      import { appendFileSync } from "node:fs";
      import { setTimeout as sleep } from "node:timers/promises";
      import { withLock } from ${JSON.stringify(resolve("scripts/lock.mjs"))};
      await withLock(${JSON.stringify(lock)}, async () => {
        appendFileSync(${JSON.stringify(log)}, "in ");
        await sleep(30);
        appendFileSync(${JSON.stringify(log)}, "out ");
      }, { pollMs: 5 });`;
    const runNode = promisify(execFile);
    await Promise.all(
      [1, 2, 3].map(() => runNode(process.execPath, ["--input-type=module", "--eval", program])),
    );
    expect(readFileSync(log, "utf8")).toBe("in out in out in out ");
  });
});

describe("a lock is stale", () => {
  test.each([
    ["when its process is gone", () => lockHeldBy({ pid: deadPid(), host: hostname() }), true],
    ["not while its process lives", () => lockHeldBy({ pid: process.pid, host: hostname() }), false],
    [
      "when it has been silent for minutes",
      () => lockHeldBy({ pid: process.pid, host: hostname() }, 300),
      true,
    ],
    ["not when only the host differs", () => lockHeldBy({ pid: deadPid(), host: "elsewhere" }), false],
    ["when its maker died before signing it", () => lockHeldBy(null, 60), true],
    ["not while its maker may be signing it", () => lockHeldBy(null), false],
    ["not when it is not there", () => {}, false],
  ])("%s", (_, make, stale) => {
    make();
    expect(isStale(lock)).toBe(stale);
  });

  test("and is then taken over", () => {
    lockHeldBy({ pid: deadPid(), host: hostname() });
    expect(acquire(lock)).toBe(true);
    expect(acquire(lock)).toBe(false);
  });
});
