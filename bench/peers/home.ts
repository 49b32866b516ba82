import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What of the peers this machine has, and where economies are written: outside the repository (setup.sh). */
export interface Home {
  readonly folder: string;
  readonly python: string | null;
  readonly hasJax: boolean;
  /** To preload. */
  readonly tcmalloc: string | null;
  /** `taskset` holds a process to one core. */
  readonly taskset: boolean;
}

export function findHome(): Home {
  const folder = process.env.WALRAS_PEERS ?? join(homedir(), ".cache", "walras-peers");
  const candidates = [join(folder, "venv", "bin", "python"), process.env.WALRAS_PYTHON, "python3"];
  const python =
    candidates.find((one): one is string => one !== undefined && runs(one, "-c", "import numpy")) ?? null;
  const library = join(folder, "tcmalloc", "libtcmalloc_minimal.so.4");
  return {
    folder,
    python,
    hasJax: python !== null && runs(python, "-c", "import jax"),
    tcmalloc: existsSync(library) ? library : null,
    taskset: runs("taskset", "--version"),
  };
}

function runs(program: string, ...args: string[]): boolean {
  return spawnSync(program, args).status === 0;
}
