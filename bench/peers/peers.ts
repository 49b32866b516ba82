import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Home } from "./home.js";
import type { Measured, Precision, Row } from "./measurement.js";
import type { TfBackend } from "./tf.js";
import type { TfTask } from "./tfjs.js";

/** One process to be run. */
export interface Peer {
  readonly system: string;
  readonly kind: "numpy" | "jax" | "tfjs";
  readonly precision: Precision;
  readonly threads: number;
  readonly preload: boolean;
}

/** A peer that is not measured, and why. */
export interface Missing {
  readonly system: string;
  readonly why: string;
}

const PRECISIONS: readonly Precision[] = ["float64", "float32"];
const SETUP = "run bench/peers/setup.sh";

/** What can be measured here, and what cannot. */
export function peersOf({ python, hasJax, tcmalloc, tfjs, taskset }: Home): {
  readonly peers: Peer[];
  readonly missing: Missing[];
} {
  const missing: Missing[] = [];
  if (python === null) missing.push({ system: "NumPy", why: `no Python with numpy: ${SETUP}` });
  if (!hasJax) missing.push({ system: "JAX", why: `no Python with jax: ${SETUP}` });
  else if (tcmalloc === null) missing.push({ system: "JAX with tcmalloc", why: `no tcmalloc: ${SETUP}` });
  if (hasJax && !taskset)
    missing.push({ system: "JAX on one thread", why: "no taskset to hold it to one core" });
  if (!tfjs.includes("wasm")) missing.push({ system: "tfjs-wasm", why: `not installed: ${SETUP} tfjs` });
  if (!tfjs.includes("tensorflow"))
    missing.push({ system: "tfjs-node", why: `no TensorFlow: ${SETUP} tfjs` });
  const threads = taskset ? [1, 2] : [2];
  const jax = (preload: boolean): Peer[] =>
    PRECISIONS.flatMap((precision) =>
      threads.map((count) => ({
        system: preload ? "JAX, tcmalloc" : "JAX",
        kind: "jax" as const,
        precision,
        threads: count,
        preload,
      })),
    );
  const numpy = PRECISIONS.map(
    (precision): Peer => ({
      system: "NumPy",
      kind: "numpy",
      precision,
      threads: 1,
      preload: false,
    }),
  );
  return {
    peers: [
      ...(python === null ? [] : numpy),
      ...(hasJax ? jax(false) : []),
      ...(hasJax && tcmalloc !== null ? jax(true) : []),
      ...tfjs.flatMap((backend) => tensorflow(backend, threads)),
    ],
    missing,
  };
}

/** float32 is all that TensorFlow.js has; its wasm backend uses one thread in Node. */
function tensorflow(backend: TfBackend, threads: readonly number[]): Peer[] {
  const counts = backend === "wasm" ? [1] : threads;
  const system = backend === "wasm" ? "tfjs-wasm" : "tfjs-node";
  return counts.map((count) => ({
    system,
    kind: "tfjs",
    precision: "float32",
    threads: count,
    preload: false,
  }));
}

/** Runs a peer on an economy's archive, in a process of its own. */
export async function measurePeer(
  home: Home,
  peer: Peer,
  archive: string,
  solution: string | null,
): Promise<Row> {
  const { kind, precision, system, threads } = peer;
  const rest = solution === null ? [] : [solution];
  const measured =
    kind === "tfjs"
      ? await runTf(home, peer, archive, solution)
      : await runPython(home, peer, "measure.py", [kind, archive, precision, ...rest]);
  return { ...(measured as Measured), system, threads, precision };
}

async function runTf(home: Home, peer: Peer, archive: string, solution: string | null): Promise<unknown> {
  const backend = peer.system === "tfjs-wasm" ? "wasm" : "tensorflow";
  const task: TfTask = { home: home.folder, backend, archive, solution };
  return runProcess(peer, [process.execPath, process.argv[1], "tfjs", JSON.stringify(task)], {
    TF_CPP_MIN_LOG_LEVEL: "2",
  });
}

/** The JSON that a script of bench/peers/python prints. */
export function runPython(
  { python, tcmalloc }: Home,
  peer: Peer,
  script: "measure.py" | "jax_batch.py",
  args: readonly string[],
): Promise<unknown> {
  const preloaded: Record<string, string> =
    peer.preload && tcmalloc !== null
      ? { LD_PRELOAD: tcmalloc, TCMALLOC_LARGE_ALLOC_REPORT_THRESHOLD: String(2 ** 40) }
      : {};
  return runProcess(peer, [python ?? "python3", join("bench", "peers", "python", script), ...args], {
    OPENBLAS_NUM_THREADS: "1",
    OMP_NUM_THREADS: "1",
    JAX_PLATFORMS: "cpu",
    ...preloaded,
  });
}

/** Use one thread whatever there is. */
const SINGLE: readonly string[] = ["NumPy", "tfjs-wasm"];

/** The JSON on the last line that a program prints; one that would use more threads is held to one core. */
async function runProcess(
  { threads, system }: Peer,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<unknown> {
  const held = threads === 1 && !SINGLE.includes(system) ? ["taskset", "-c", "0", ...command] : command;
  const [program, ...args] = held;
  const env = { ...process.env, ...variables };
  const { stdout } = await promisify(execFile)(program, args, { env, maxBuffer: 1 << 24 });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}
