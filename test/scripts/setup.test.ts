import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hashFiles } from "../../scripts/build.mjs";
import { run } from "../../scripts/process.mjs";
import { isInstalled, isSupported, stampInstalled } from "../../scripts/setup.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "walras-setup-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["18.20.4", false],
  ["20.9.0", false],
  ["20.11.0", true],
  ["20.20.2", true],
  ["22.0.0", true],
])("Node %s is supported: %s", (version, supported) => {
  expect(isSupported(version)).toBe(supported);
});

test("an unknown task is refused in one sentence, with exit code 2", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/setup.mjs", "dmeo"], { encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toBe(
    'walras: There is no task "dmeo"; the tasks are install, build, demo, test, test:long.\n',
  );
});

describe("the stamp of an installation", () => {
  test("is missing at first, holds for one lock file, and goes with node_modules", () => {
    writeFileSync(join(folder, "package-lock.json"), "{}");
    mkdirSync(join(folder, "node_modules"));
    expect(isInstalled(folder)).toBe(false);
    stampInstalled(folder);
    expect(isInstalled(folder)).toBe(true);
    writeFileSync(join(folder, "package-lock.json"), "{ }");
    expect(isInstalled(folder)).toBe(false);
  });
});

describe("the hash of sources", () => {
  beforeEach(() => {
    mkdirSync(join(folder, "src", "core"), { recursive: true });
    writeFileSync(join(folder, "src", "core", "a.ts"), "1");
  });
  const hash = () => hashFiles(folder, ["src", "tsconfig.json"]);

  test("stays while nothing changes", () => {
    expect(hash()).toBe(hash());
  });

  test.each([
    ["contents", () => writeFileSync(join(folder, "src", "core", "a.ts"), "2")],
    ["a new file", () => writeFileSync(join(folder, "src", "b.ts"), "")],
    ["a file that was not there before", () => writeFileSync(join(folder, "tsconfig.json"), "{}")],
    ["a file that is gone", () => rmSync(join(folder, "src", "core", "a.ts"))],
  ])("changes with %s", (_, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });
});

describe("running a program", () => {
  const runNode = (program: string) =>
    run(process.execPath, ["--eval", program], { cwd: folder, quiet: true });

  test("passes its exit code on", async () => {
    expect(await runNode("process.exit(3)")).toEqual({ code: 3, signal: null });
  });

  test("passes the signal that ended it on", async () => {
    expect(await runNode("process.kill(process.pid, 'SIGTERM')")).toEqual({ code: 143, signal: "SIGTERM" });
  });

  test("rejects when there is no such program", async () => {
    await expect(run("walras-no-such-program", [], { cwd: folder })).rejects.toThrow("ENOENT");
  });
});
