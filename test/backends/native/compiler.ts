import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const KERNELS = resolve(HERE, "../../../src/backends/wasm/kernels");
/** Every check there is, alignment included: vectors of kernels are declared `aligned(8)`, so nothing needs an exception. */
const SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];
/** Rounded as WebAssembly rounds: no multiplication fused with an addition. */
const EXACT = ["-std=gnu17", "-O1", "-g", "-ffp-contract=off"];
const ENVIRONMENT = {
  ...process.env,
  ASAN_OPTIONS: "detect_leaks=0:halt_on_error=1",
  UBSAN_OPTIONS: "print_stacktrace=1:halt_on_error=1",
};

/** A kernel's name and the types of its result and arguments. */
export interface Prototype {
  readonly name: string;
  readonly result: string;
  readonly types: readonly string[];
}

/** Those of the sources: `real EXPORT(slope_rows)(const Plan *plan, u32 d, …)`. */
export function prototypes(): Prototype[] {
  return readdirSync(KERNELS)
    .filter((file) => file.endsWith(".c"))
    .sort()
    .flatMap((file) => {
      const source = readFileSync(join(KERNELS, file), "utf8");
      return [...source.matchAll(/^(\w+) EXPORT\((\w+)\)\(([^)]*)\)/gm)].map(([, result, name, list]) => ({
        name,
        result,
        types: list.split(",").map((argument) => argument.trim().replace(/\w+$/, "").trim()),
      }));
    });
}

/** The table that driver.c includes: each kernel called with numbers. */
function tableOf(kernels: readonly Prototype[]): string {
  const value = (type: string, i: number) =>
    type.endsWith("*") ? `(${type})AT((u32)x[${i}])` : `(${type})x[${i}]`;
  const calls = kernels.map(({ name, result, types }) => {
    const call = `${name}(${types.map(value).join(", ")})`;
    const body = result === "void" ? `${call}; return 0;` : `return ${call};`;
    return `static double call_${name}(const double *x) { ${body} }`;
  });
  const rows = kernels.map(
    ({ name, result, types }) => `{"${name}", ${types.length}, ${result === "void" ? 0 : 1}, call_${name}},`,
  );
  return [...calls, "static const Kernel kernels[] = {", ...rows, "};", ""].join("\n");
}

/** Programs compiled with sanitizers, in a folder of their own. */
export class NativeBuilds {
  readonly folder = mkdtempSync(join(tmpdir(), "walras-native-"));

  constructor(private readonly compiler: string) {}

  /** Of a source of this folder; what the compiler says where it fails is thrown. @param flags beside those above, or against them */
  compile(source: string, flags: readonly string[] = []): string {
    writeFileSync(join(this.folder, "kernels.inc"), tableOf(prototypes()));
    const program = join(this.folder, source.replace(/\.c$/, flags.length === 0 ? "" : "-otherwise"));
    const include = `-I${this.folder}`;
    const { status, stderr } = spawnSync(
      this.compiler,
      [...EXACT, ...SANITIZERS, ...flags, include, join(HERE, source), "-lm", "-o", program],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`${this.compiler} cannot compile ${source}:\n${stderr}`);
    return program;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a program; null, or what it or a sanitizer said where it failed. */
export function complaint(program: string, args: readonly string[] = []): string | null {
  const { status, signal, stderr } = spawnSync(program, [...args], { encoding: "utf8", env: ENVIRONMENT });
  return status === 0 ? null : `${stderr}\n(${signal ?? `exit status ${status}`})`;
}

/** What a program prints, where it succeeds. */
export function outputOf(program: string, args: readonly string[] = []): string {
  const { status, stdout, stderr } = spawnSync(program, [...args], { encoding: "utf8", env: ENVIRONMENT });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** A compiler whose programs run under both sanitizers here: WALRAS_CC, clang, gcc or cc. Null where there is none. */
export function findCompiler(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "walras-compiler-"));
  const [source, program] = [join(folder, "probe.c"), join(folder, "probe")];
  writeFileSync(source, "#include <sanitizer/asan_interface.h>\nint main(void) { return 0; }\n");
  const works = (compiler: string) =>
    spawnSync(compiler, [...EXACT, ...SANITIZERS, source, "-o", program]).status === 0 &&
    complaint(program) === null;
  const found = [process.env.WALRAS_CC, "clang", "gcc", "cc"].find(
    (compiler) => compiler !== undefined && works(compiler),
  );
  rmSync(folder, { recursive: true, force: true });
  return found ?? null;
}
