import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { TfBackend } from "./tf.js";

/** What of the peers this machine has, and where economies are written: outside the repository (setup.sh). */
export interface Home {
  readonly folder: string;
  readonly python: string | null;
  readonly hasJax: boolean;
  /** To preload. */
  readonly tcmalloc: string | null;
  /** tfjs-wasm, and tfjs-node with a TensorFlow under it. */
  readonly tfjs: readonly TfBackend[];
  /** `taskset` holds a process to one core. */
  readonly taskset: boolean;
}

const TF_BACKENDS: readonly TfBackend[] = ["wasm", "tensorflow"];

/** Loading the native module says whether there is a TensorFlow under it. */
function tfProbe(folder: string, backend: TfBackend): string {
  const name = backend === "wasm" ? "tfjs-backend-wasm" : "tfjs-node";
  return `require(${JSON.stringify(join(folder, "tfjs", "node_modules", "@tensorflow", name))})`;
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
    tfjs: TF_BACKENDS.filter(
      (backend) => existsSync(join(folder, "tfjs")) && runs(process.execPath, "-e", tfProbe(folder, backend)),
    ),
    taskset: runs("taskset", "--version"),
  };
}

function runs(program: string, ...args: string[]): boolean {
  return spawnSync(program, args).status === 0;
}
