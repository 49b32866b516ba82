// Compiles the C kernels of src/backends/wasm/kernels to WebAssembly, with a compiler that npm brings (@yowasp/clang):
// `node scripts/kernels.mjs [--force]` writes src/backends/wasm/binaries.ts, unless the sources are those it was made from.

import { readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashFiles, readText } from "./build.mjs";

const KERNELS = join("src", "backends", "wasm", "kernels");
const BINARIES = join("src", "backends", "wasm", "binaries.ts");

/**
 * One source, several machines. Relaxed SIMD fuses multiplications with additions where `madd` of real.h says so; left to itself clang 21 hands
 * relaxed_madd its operands in the wrong order (llvm-project#161355).
 */
const BUILDS = {
  PLAIN: ["-msimd128"],
  RELAXED: ["-msimd128", "-mrelaxed-simd", "-ffp-contract=off"],
  PLAIN_FLOAT32: ["-msimd128", "-DWALRAS_FLOAT32"],
  RELAXED_FLOAT32: ["-msimd128", "-mrelaxed-simd", "-ffp-contract=off", "-DWALRAS_FLOAT32"],
};
const COMPILE = ["-O3", "-ffreestanding", "-nostdlib", "-fno-math-errno", "-matomics", "-mbulk-memory"];
/** Memory is shared and made outside; each thread has a stack of its own. */
const LINK = [
  "--no-entry",
  "--import-memory",
  "--shared-memory",
  "--max-memory=4294967296",
  "--export=__stack_pointer",
  "--export=__heap_base",
  "-z",
  "stack-size=65536",
];

/** @param {string} root the repository; @returns whether the binaries are those of the sources */
export function isCompiled(root) {
  return (readText(join(root, BINARIES)) ?? "").includes(stampOf(root));
}

/** @param {string} root */
function stampOf(root) {
  const sources = readdirSync(join(root, KERNELS)).sort();
  return `sources ${hashFiles(root, [...sources.map((name) => join(KERNELS, name)), join("scripts", "kernels.mjs")])}`;
}

/** @param {string} root */
export async function compile(root) {
  const lines = ["// Made by scripts/kernels.mjs from kernels/*.c; do not edit.", `// ${stampOf(root)}`];
  for (const [name, flags] of Object.entries(BUILDS)) {
    const binary = await binaryOf(root, flags);
    lines.push(`export const ${name} =\n  "${Buffer.from(binary).toString("base64")}";`);
  }
  writeFileSync(join(root, BINARIES), `${lines.join("\n")}\n`);
}

/**
 * @param {string} root
 * @param {readonly string[]} flags
 * @returns {Promise<Uint8Array>}
 */
async function binaryOf(root, flags) {
  const { commands } = await import("@yowasp/clang");
  /** @type {Record<string, string>} */
  const sources = {};
  for (const name of readdirSync(join(root, KERNELS)))
    sources[name] = readFileSync(join(root, KERNELS, name), "utf8");
  const options = {
    fetchProgress() {},
    stderr: (/** @type {Uint8Array | null} */ text) => text && process.stderr.write(text),
  };
  const compiled = await commands.clang(
    ["--target=wasm32-unknown-unknown", ...COMPILE, ...flags, "-c", "all.c", "-o", "all.o"],
    sources,
    /** @type {any} */ (options),
  );
  const linked = await commands["wasm-ld"](
    [...LINK, "all.o", "-o", "kernels.wasm"],
    /** @type {any} */ (compiled),
    /** @type {any} */ (options),
  );
  return /** @type {any} */ (linked)["kernels.wasm"];
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  try {
    if (process.argv.includes("--force") || !isCompiled(root)) await compile(root);
  } catch (error) {
    // The compiler has said what is wrong.
    if (!(error instanceof Error && "files" in error)) throw error;
    process.exitCode = 1;
  }
}
