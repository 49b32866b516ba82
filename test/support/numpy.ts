import { spawnSync } from "node:child_process";

/** A Python that has numpy: WALRAS_PYTHON, that of the path, Debian's own. Null where there is none. */
export function findNumpy(): string | null {
  const candidates = [process.env.WALRAS_PYTHON, "python3", "python", "/usr/bin/python3"];
  const works = (python: string) => spawnSync(python, ["-c", "import numpy"]).status === 0;
  return candidates.find((python) => python !== undefined && works(python)) ?? null;
}

/** Runs a program that prints JSON; `arguments` are in sys.argv. Throws with what it said where it fails. */
export function runPython(python: string, program: string, ...args: string[]): unknown {
  const { status, stdout, stderr } = spawnSync(python, ["-c", program, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout === "" ? null : JSON.parse(stdout);
}
