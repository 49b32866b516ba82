import { cpus, loadavg, totalmem } from "node:os";
import { VERSION } from "../src/core/version.js";

/** Where and when figures were measured, and how to measure them again. */
export interface Provenance {
  readonly date: string;
  readonly command: string;
  readonly machine: string;
  /** Processes that wanted a core in the last minute, this one among them: above the number of cores, times are too long. */
  readonly load: number;
  readonly node: string;
  readonly walras: string;
}

export function provenance(command: string): Provenance {
  const [first] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return {
    date: new Date().toISOString().slice(0, 10),
    command,
    machine: `${cpus().length} × ${first?.model.trim() || "unknown CPU"}, ${gigabytes} GiB, ${process.platform}-${process.arch}`,
    load: Number(loadavg()[0].toFixed(1)),
    node: process.version,
    walras: VERSION,
  };
}

/** A line of Markdown. */
export function provenanceLine({ date, command, machine, load, node, walras }: Provenance): string {
  return `Measured on ${date} with \`${command}\` on ${machine} (load ${load}), Node ${node}, walras ${walras}.`;
}
