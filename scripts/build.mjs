// src/ → dist/, only when something that dist/ is made from has changed. Node built-ins only.

import { createHash } from "node:crypto";
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, run, say } from "./process.mjs";

/** Written into dist/ by the build that made it: the hash of its sources. */
const STAMP = ".sources";

/** What dist/ is made from. */
const SOURCES = ["src", "tsconfig.json", "tsconfig.build.json", "package-lock.json", "scripts/build.mjs"];

/** @param {string} root the repository */
export function isBuilt(root) {
  return readText(join(root, "dist", STAMP)) === hashFiles(root, SOURCES);
}

/**
 * Compiles into dist.next and then swaps, so a failing build leaves the last good dist/ and a running command never
 * sees half of a new one.
 * @param {string} root
 */
export async function build(root) {
  const next = join(root, "dist.next");
  const old = join(root, "dist.old");
  const dist = join(root, "dist");
  say("building dist/");
  // Taken before compiling: a source saved meanwhile then counts as changed, and is built next time.
  const hash = hashFiles(root, SOURCES);
  rmSync(next, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { code } = await run(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", next], {
    cwd: root,
    quiet: true,
  });
  if (code !== 0) throw new Failure("The build failed: TypeScript's messages are above.", code);
  const main = join(next, "cli", "main.js");
  if (existsSync(main)) chmodSync(main, 0o755);
  writeFileSync(join(next, STAMP), hash);
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(next, dist);
  rmSync(old, { recursive: true, force: true });
}

/**
 * One hash over files and folders: their paths and their bytes.
 * @param {string} root
 * @param {readonly string[]} paths relative to `root`; one that does not exist counts as empty
 */
export function hashFiles(root, paths) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap((path) => listFiles(root, path))) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/**
 * @param {string} root
 * @param {string} path a file or a folder
 * @returns {string[]} the files there, sorted, relative to `root`
 */
function listFiles(root, path) {
  if (!existsSync(join(root, path))) return [];
  try {
    const entries = readdirSync(join(root, path), { withFileTypes: true });
    return entries
      .map((entry) => `${path}/${entry.name}`)
      .sort()
      .flatMap((child) => listFiles(root, child));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return [path];
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {string | null} null where there is no such file
 */
export function readText(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}
