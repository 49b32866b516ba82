import type { Writable } from "node:stream";

/** The world as a command sees it: the process's own, or a test's. */
export interface Io {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Calls `handler` at the first Ctrl-C or request to end, after which a second one ends the process at once, whatever
   * it is at. Returns what undoes that.
   */
  onInterrupt(handler: () => void): () => void;
}

export type Terminal = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Colours only where a person looks at them and has not asked for none (https://no-color.org). */
export function hasColor(terminal: Terminal, env: Io["env"]): boolean {
  return terminal.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
}

/** Columns of a person's terminal; elsewhere, what a file is read at. */
export function widthOf(terminal: Terminal): number {
  return Math.max(60, Math.min(140, terminal.columns ?? 100));
}

export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  return { stdout: process.stdout, stderr: process.stderr, env: process.env, onInterrupt };
}

/** `walras … | head` closes our standard output early: nothing is wrong, and nobody reads the rest. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/**
 * Without a listener the system itself ends the process, which no work of ours can delay. The listener stays for the rest of
 * the turn: a second signal that came while nobody could listen is delivered with the first.
 */
function onInterrupt(handler: () => void): () => void {
  let interrupted = false;
  const ignore = () => process.off("SIGINT", listener).off("SIGTERM", listener);
  const listener = (signal: NodeJS.Signals) => {
    if (interrupted) {
      ignore();
      process.kill(process.pid, signal);
      return;
    }
    interrupted = true;
    setImmediate(ignore);
    handler();
  };
  process.on("SIGINT", listener).on("SIGTERM", listener);
  return ignore;
}
