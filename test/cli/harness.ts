import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Io, Terminal } from "../../src/cli/io.js";
import { main } from "../../src/cli/run.js";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const example = (name: string) => join(root, "examples", name);

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface World {
  readonly isTTY?: boolean;
  readonly env?: Record<string, string>;
  /** Called with what Ctrl-C would call. */
  readonly onInterrupt?: (interrupt: () => void) => void;
}

/** Runs the command line in this process, its streams captured. */
export async function walras(args: readonly string[], world: World = {}): Promise<Outcome> {
  const [stdout, stderr] = [capture(world.isTTY), capture(world.isTTY)];
  const io: Io = {
    stdout,
    stderr,
    env: world.env ?? {},
    onInterrupt: (handler) => {
      world.onInterrupt?.(handler);
      return () => {};
    },
  };
  const code = await main(args, io);
  return { code, out: stdout.text, err: stderr.text };
}

class Capture extends Writable {
  text = "";
  constructor(readonly isTTY: boolean) {
    super();
  }
  readonly columns = 100;
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function capture(isTTY = false): Capture & Terminal {
  return new Capture(isTTY);
}

/** A new folder that goes when the test ends. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "walras-test-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Writes `content` (as JSON unless it is a text) to a file of its own; returns the path. */
export function file(name: string, content: unknown): string {
  const path = join(folder(), name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** Two consumers with Cobb-Douglas tastes: shares 1/4 and 3/4, 2/3 and 1/3; so prices are 4 : 3. */
export const exchange = {
  format: "walras/1",
  name: "exchange",
  commodities: { bread: {}, wine: {} },
  orchestrators: {
    ann: {
      endowment: { bread: 4 },
      preferences: { root: "u", nodes: { u: { inputs: { bread: 0.25, wine: 0.75 } } } },
    },
    bob: {
      endowment: { wine: 6 },
      preferences: { root: "u", nodes: { u: { inputs: { bread: 2, wine: 1 } } } },
    },
  },
} as const;
