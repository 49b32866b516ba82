// What a fresh clone needs before it can do anything: `node scripts/setup.mjs <task> [arguments]`, with Node and npm
// and nothing else. Installs when the lock file has changed, builds when the sources have, then does the task.
// Node built-ins only, for it runs before anything is installed.

import { realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, hashFiles, isBuilt, readText } from "./build.mjs";
import { isCompiled } from "./kernels.mjs";
import { withLock } from "./lock.mjs";
import { Failure, run, say } from "./process.mjs";

const OLDEST_NODE = [20, 11];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");

/**
 * Each task: what it needs made first, and the program it then becomes.
 * @type {Record<string, { needs: "install" | "build", command: string[] | null }>}
 */
const TASKS = {
  install: { needs: "install", command: null },
  build: { needs: "build", command: null },
  demo: { needs: "build", command: [join(root, "dist", "cli", "main.js"), "demo"] },
  test: { needs: "build", command: [vitest, "run"] },
  "test:long": { needs: "build", command: [vitest, "run", "--config", "vitest.long.config.ts"] },
};

/** @param {string[]} argv the task and its arguments */
async function main([name = "", ...args]) {
  if (!isSupported(process.versions.node)) {
    throw new Failure(
      `This needs Node ${OLDEST_NODE.join(".")} or newer, and is run by Node ${process.versions.node}.`,
    );
  }
  const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
  if (task === undefined) {
    throw new Failure(`There is no task "${name}"; the tasks are ${Object.keys(TASKS).join(", ")}.`, 2);
  }
  await prepare(task.needs);
  if (task.command === null) return;
  const { code, signal } = await run(process.execPath, [...task.command, ...args], { cwd: root });
  // Ended by a signal, we end by it too: that is how a shell knows to stop a script at Ctrl-C.
  if (signal !== null) process.kill(process.pid, signal);
  process.exitCode = code;
}

/** @param {string} version as in process.versions.node */
export function isSupported(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** @param {"install" | "build"} needs */
async function prepare(needs) {
  const isReady = () => isInstalled(root) && isCompiled(root) && (needs === "install" || isBuilt(root));
  if (isReady()) return;
  await withLock(
    join(root, ".walras-setup"),
    async () => {
      // Whoever held the lock before us may have done it all.
      if (!isInstalled(root)) await install();
      if (!isCompiled(root)) await compileKernels();
      if (needs === "build" && !isBuilt(root)) await build(root);
    },
    {
      onWait: (holder) =>
        say(`waiting for ${holder} to set this folder up (if it is not there, delete .walras-setup*)`),
    },
  );
}

/**
 * Whether node_modules is what the lock file says. Its stamp lies inside node_modules, which `npm ci` removes first,
 * so an installation that was cut short has none.
 * @param {string} folder
 */
export function isInstalled(folder) {
  return readText(stampFile(folder)) === installHash(folder);
}

/** @param {string} folder */
export function stampInstalled(folder) {
  writeFileSync(stampFile(folder), installHash(folder));
}

/** @param {string} folder */
function stampFile(folder) {
  return join(folder, "node_modules", ".walras-installed");
}

/** @param {string} folder */
function installHash(folder) {
  // Some packages carry one binary a platform: a folder carried to another machine is installed anew.
  return `${hashFiles(folder, ["package-lock.json"])} ${process.platform}-${process.arch}`;
}

async function install() {
  say("installing dependencies (npm ci)");
  // --include=dev because NODE_ENV=production hides what builds and tests; --ignore-scripts because nothing here relies
  // on install scripts; --dry-run=false because `npm pack --dry-run` hands its own setting down to us.
  const args = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--dry-run=false"];
  const { code } = await runNpm(args);
  if (code !== 0) throw new Failure("Installing the dependencies failed: npm's messages are above.", code);
  stampInstalled(root);
}

async function compileKernels() {
  say("compiling the WebAssembly kernels");
  const { code } = await run(process.execPath, [join(root, "scripts", "kernels.mjs")], {
    cwd: root,
    quiet: true,
  });
  if (code !== 0) throw new Failure("Compiling the kernels failed: the compiler's messages are above.", code);
}

/** @param {string[]} args */
function runNpm(args) {
  const options = { cwd: root, quiet: true };
  // Under `npm run`, the npm that runs us; pnpm and yarn set the same variable and have no `ci`.
  const cli = process.env.npm_execpath;
  if (cli?.endsWith("npm-cli.js")) return run(process.execPath, [cli, ...args], options);
  // On Windows npm is a batch file, which only a shell starts.
  const started = run("npm", args, { ...options, shell: process.platform === "win32" });
  return started.catch((error) => {
    throw new Failure(
      `npm could not be started (${error.message}); it comes with Node and must be on the PATH.`,
    );
  });
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(error.message);
    process.exitCode = error.exitCode;
  }
}
