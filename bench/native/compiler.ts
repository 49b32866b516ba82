import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Read where the command runs, at the root of the repository: what is bundled has no folder of its own. */
const KERNELS = join("src", "backends", "wasm", "kernels");
const REPLAY = resolve("bench", "native", "replay.c");
export const FLAGS = ["-std=gnu17", "-O3", "-march=native", "-fno-math-errno"];

/** A kernel's name and the types of its result and arguments. */
export interface Prototype {
  readonly name: string;
  readonly result: string;
  readonly types: readonly string[];
}

/** Those of the sources: `real EXPORT(slope_rows)(const Plan *plan, u32 d, …)`. */
export function prototypes(folder = KERNELS): Prototype[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".c"));
  return files.sort().flatMap((file) => prototypesIn(readFileSync(join(folder, file), "utf8")));
}

export function prototypesIn(source: string): Prototype[] {
  return [...source.matchAll(/^(\w+) EXPORT\((\w+)\)\(([^)]*)\)/gm)].map(([, result, name, list]) => ({
    name,
    result,
    types: list.split(",").map((argument) => argument.trim().replace(/\w+$/, "").trim()),
  }));
}

/** The table that replay.c includes: each kernel called with numbers. */
export function tableOf(kernels: readonly Prototype[]): string {
  const value = (type: string, i: number) =>
    type.endsWith("*") ? `(${type})AT((u32)x[${i}])` : `(${type})x[${i}]`;
  const calls = kernels.map(({ name, result, types }) => {
    const call = `${name}(${types.map(value).join(", ")})`;
    const body = result === "void" ? `${call}; return 0;` : `return ${call};`;
    return `static double call_${name}(const double *x) { ${body} }`;
  });
  const rows = kernels.map(({ name, types }) => `{"${name}", ${types.length}, call_${name}},`);
  return [...calls, "static const Kernel kernels[] = {", ...rows, "};", ""].join("\n");
}

/** A folder of one's own, removed when what is done in it has ended. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "walras-native-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** WALRAS_CC, clang, gcc or cc: the first that compiles for this machine; null where none does. */
export function findCompiler(): string | null {
  const compiles = (compiler: string | undefined): compiler is string =>
    compiler !== undefined &&
    spawnSync(compiler, [...FLAGS, "-x", "c", "-fsyntax-only", "-"], {
      input: "int main(void) { return 0; }\n",
    }).status === 0;
  return [process.env.WALRAS_CC, "clang", "gcc", "cc"].find(compiles) ?? null;
}

/** The first line of what it says of itself. */
export function versionOf(compiler: string): string {
  return spawnSync(compiler, ["--version"], { encoding: "utf8" }).stdout.split("\n")[0].trim();
}

/** replay.c with the kernels in it. Throws with what the compiler says. */
export function compileReplay(compiler: string, folder: string): string {
  writeFileSync(join(folder, "kernels.inc"), tableOf(prototypes()));
  const program = join(folder, "replay");
  const args = [...FLAGS, `-I${folder}`, REPLAY, "-lm", "-o", program];
  const { status, stderr } = spawnSync(compiler, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${compiler} cannot compile ${REPLAY}:\n${stderr}`);
  return program;
}
