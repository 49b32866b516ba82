// A lock between processes: whoever makes the directory holds it. Node built-ins only.

import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A holder shows that it lives by touching its file this often. */
const HEARTBEAT_MS = 5_000;

/** A holder silent for this long is gone, whatever its process id says: ids are reused, and hosts share folders. */
const SILENCE_MS = 120_000;

/** Between making the directory and writing its owner lie microseconds; this long without an owner is a death. */
const OWNERLESS_MS = 10_000;

/**
 * Runs `work` while holding the lock `directory`, waiting for another holder first and taking over from a dead one.
 *
 * @template T
 * @param {string} directory made and removed here; its parent must exist
 * @param {() => T | Promise<T>} work
 * @param {{ onWait?: (holder: string) => void, pollMs?: number }} [options] `onWait` is called once, if there is a wait
 * @returns {Promise<T>} what `work` returned
 */
export async function withLock(directory, work, { onWait = () => {}, pollMs = 200 } = {}) {
  for (let waiting = false; !acquire(directory); waiting = true) {
    if (!waiting) onWait(describeHolder(directory));
    await sleep(pollMs);
  }
  const heartbeat = setInterval(() => touch(ownerFile(directory)), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    release(directory);
  }
}

/**
 * Tries once, without waiting.
 * @param {string} directory
 * @returns {boolean} whether the lock is now ours
 */
export function acquire(directory) {
  if (makeDirectory(directory)) {
    writeOwner(directory);
    return true;
  }
  return isStale(directory) && takeOver(directory);
}

/**
 * Whether the lock's holder is dead: its process is gone, or it has been silent for too long.
 * @param {string} directory
 */
export function isStale(directory) {
  const owner = readOwner(directory);
  if (owner === null) return age(directory) > OWNERLESS_MS;
  if (age(ownerFile(directory)) > SILENCE_MS) return true;
  return owner.host === hostname() && !isAlive(owner.pid);
}

/**
 * Removing a stale lock and making it anew would let a second taker remove the first one's fresh lock. So a taker
 * puts a mark beside it, looks again under that mark, and changes the owner in place.
 * @param {string} directory
 */
function takeOver(directory) {
  const mark = `${directory}.takeover`;
  if (!makeDirectory(mark)) return false;
  try {
    if (!isStale(directory)) return false;
    writeOwner(directory);
    return true;
  } finally {
    rmdirSync(mark);
  }
}

/** @param {string} directory */
function release(directory) {
  // Suspended for long enough, we may have lost it to somebody else.
  const owner = readOwner(directory);
  if (owner?.pid === process.pid && owner.host === hostname())
    rmSync(directory, { recursive: true, force: true });
}

/**
 * @param {string} path its parent must exist
 * @returns {boolean} false where it existed already
 */
function makeDirectory(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} directory */
function ownerFile(directory) {
  return join(directory, "owner.json");
}

/** @param {string} directory */
function writeOwner(directory) {
  // Written aside and renamed, so that nobody reads half a file.
  const aside = join(directory, `owner.${process.pid}`);
  writeFileSync(aside, JSON.stringify({ pid: process.pid, host: hostname() }));
  renameSync(aside, ownerFile(directory));
}

/**
 * @param {string} directory
 * @returns {{ pid: number, host: string } | null}
 */
function readOwner(directory) {
  try {
    return JSON.parse(readFileSync(ownerFile(directory), "utf8"));
  } catch {
    return null;
  }
}

/** @param {string} directory */
function describeHolder(directory) {
  const owner = readOwner(directory);
  return owner === null ? "another process" : `process ${owner.pid} on ${owner.host}`;
}

/**
 * @param {string} path
 * @returns {number} milliseconds since it was last written; 0 where it is not there, for then it is being released
 */
function age(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** @param {string} path */
function touch(path) {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // A lock taken from us after a long suspension: the work under it is repeatable, so there is nothing to undo.
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM"; // somebody else's, but alive
  }
}

/** @param {unknown} error */
function errorCode(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
