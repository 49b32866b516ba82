// A copy of the repository that may be broken at will. Node built-ins only.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What tests read. */
const PARTS = [
  "src",
  "test",
  "bench",
  "docs",
  "examples",
  "scripts",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
  "NOTATION.md",
];

/**
 * Copies the working tree to a new folder of the system's temporary ones. Each package of node_modules is linked rather than the
 * folder, so that what tools keep in there stays in the copy too.
 *
 * @param {string} root the repository
 * @returns {{ root: string, remove: () => void }}
 */
export function workingCopy(root) {
  const copy = mkdtempSync(join(tmpdir(), "walras-mutate-"));
  for (const part of PARTS) {
    if (existsSync(join(root, part))) cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  const packages = join(root, "node_modules");
  mkdirSync(join(copy, "node_modules"));
  for (const name of readdirSync(packages)) {
    if (!name.startsWith("."))
      symlinkSync(join(packages, name), join(copy, "node_modules", name), "junction");
  }
  return { root: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}
