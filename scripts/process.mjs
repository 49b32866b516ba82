// Running another program as if it were this one. Node built-ins only.

import { spawn } from "node:child_process";

/** Something to say in one sentence and to exit with, no stack: the person running the script can act on it. */
export class Failure extends Error {
  /**
   * @param {string} message empty where there is nothing to add
   * @param {number} exitCode
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * On standard error, because standard output belongs to the command that is being set up.
 * @param {string} message
 */
export function say(message) {
  process.stderr.write(`walras: ${message}\n`);
}

/**
 * Runs a program to its end with our own terminal and passes our signals on to it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, quiet?: boolean, shell?: boolean }} options
 *   `quiet`: its standard output goes to standard error, and it reads no input
 * @returns {Promise<{ code: number, signal: NodeJS.Signals | null }>}
 *   its exit code, or 128 + n and the signal n that ended it
 */
export function run(command, args, { cwd, quiet = false, shell = false }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, shell, stdio: quiet ? ["ignore", 2, 2] : "inherit" });
    const forget = forwardSignals(child);
    child.on("error", (error) => {
      forget();
      reject(error);
    });
    child.on("close", (code, signal) => {
      forget();
      resolve({ code: code ?? 128 + SIGNAL_NUMBERS[signal ?? "SIGTERM"], signal });
    });
  });
}

/** @type {Record<string, number>} */
const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {() => void} stops forwarding
 */
function forwardSignals(child) {
  // A terminal sends Ctrl-C to every process of the group: the child has it already, and a second one means "at once".
  const onInterrupt = () => process.stdin.isTTY || child.kill("SIGINT");
  const onTerminate = () => child.kill("SIGTERM");
  const onHangUp = () => child.kill("SIGHUP");
  process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate).on("SIGHUP", onHangUp);
  return () => process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate).off("SIGHUP", onHangUp);
}
