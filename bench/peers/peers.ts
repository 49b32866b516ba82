import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Home } from "./home.js";
import type { Measured, Precision, Row } from "./measurement.js";

/** One process to be run. */
export interface Peer {
  readonly system: string;
  /** Said of the code path beside what the process itself says. */
  readonly note: string;
  readonly script: "measure.py" | "jax_batch.py";
  readonly kind: "numpy" | "jax";
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
export function peersOf({ python, hasJax, tcmalloc, taskset }: Home): {
  readonly peers: Peer[];
  readonly missing: Missing[];
} {
  const missing: Missing[] = [
    { system: "tfjs-wasm", why: "not written for this comparison; its threads are disabled in Node" },
    { system: "tfjs-node", why: "needs libtensorflow built from source: not measured" },
  ];
  if (python === null) missing.push({ system: "NumPy", why: `no Python with numpy: ${SETUP}` });
  if (!hasJax) missing.push({ system: "JAX", why: `no Python with jax: ${SETUP}` });
  else if (tcmalloc === null) missing.push({ system: "JAX with tcmalloc", why: `no tcmalloc: ${SETUP}` });
  if (hasJax && !taskset)
    missing.push({ system: "JAX on one thread", why: "no taskset to hold it to one core" });
  const threads = taskset ? [1, 2] : [2];
  const jax = (preload: boolean): Peer[] =>
    PRECISIONS.flatMap((precision) =>
      threads.map((count) => ({
        system: preload ? "JAX, tcmalloc" : "JAX",
        note: "",
        script: "measure.py" as const,
        kind: "jax" as const,
        precision,
        threads: count,
        preload,
      })),
    );
  const numpy = PRECISIONS.map(
    (precision): Peer => ({
      system: "NumPy",
      note: "",
      script: "measure.py",
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
    ],
    missing,
  };
}

/** Runs a Python peer on an economy's archive, in a process of its own. */
export async function measurePeer(
  home: Home,
  peer: Peer,
  archive: string,
  solution: string | null,
): Promise<Row> {
  const { kind, precision } = peer;
  const args = [kind, archive, precision, ...(solution === null ? [] : [solution])];
  const measured = (await runPython(home, peer, args)) as Measured;
  const { system, threads } = peer;
  return { ...measured, system, threads, precision };
}

/** The JSON that a script of bench/peers/python prints. */
export async function runPython(
  { python, tcmalloc }: Home,
  { script, preload, threads }: Pick<Peer, "script" | "preload" | "threads">,
  args: readonly string[],
): Promise<unknown> {
  const command = [python ?? "python3", join("bench", "peers", "python", script), ...args];
  const [program, ...rest] = threads === 1 ? ["taskset", "-c", "0", ...command] : command;
  const env = {
    ...process.env,
    OPENBLAS_NUM_THREADS: "1",
    OMP_NUM_THREADS: "1",
    JAX_PLATFORMS: "cpu",
    ...(preload && tcmalloc !== null
      ? { LD_PRELOAD: tcmalloc, TCMALLOC_LARGE_ALLOC_REPORT_THRESHOLD: String(2 ** 40) }
      : {}),
  };
  const { stdout } = await promisify(execFile)(program, rest, { env, maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
}
