import { execFile } from "node:child_process";
import { freemem } from "node:os";
import { promisify } from "node:util";
import { pricesOf } from "../peers/standard.js";
import { type Found, type Missing, NOTHING } from "./found.js";
import type { Answer, Task } from "./measure.js";
import { tooLarge } from "./sizes.js";

/** Has each task done by a process of its own: what one needs or breaks is no other's. */
export class Asker {
  /** What a backend refused, and at how many prices: larger economies need not be built to be refused. */
  private readonly refused = new Map<string, { readonly prices: number; readonly why: string }>();

  constructor(
    private readonly answer: (task: Task) => Promise<Answer> = inProcess,
    private readonly free: () => number = freemem,
  ) {}

  async ask(task: Task): Promise<Found> {
    const prices = pricesOf(task.size);
    const { backend } = task.way;
    const solves = task.what === "a solve";
    const why = this.refusedBefore(backend, prices) ?? tooLarge(prices, backend, solves, this.free());
    if (why !== null) return { ...NOTHING, missing: [missing(task, why)] };
    try {
      const answer = await this.answer(task);
      if (!("refused" in answer)) return answer;
      this.refused.set(backend, { prices, why: answer.refused });
      return { ...NOTHING, missing: [missing(task, answer.refused)] };
    } catch (error) {
      return { ...NOTHING, missing: [missing(task, lastWords(error))] };
    }
  }

  private refusedBefore(backend: string, prices: number): string | null {
    const known = this.refused.get(backend);
    if (known === undefined || prices < known.prices) return null;
    return prices === known.prices ? known.why : `more than at ${known.prices} prices: ${known.why}`;
  }
}

function missing({ what, size, way }: Task, why: string): Missing {
  return { what, prices: pricesOf(size), ...way, why };
}

/** What a process said last, or what ended it. */
export function lastWords(error: unknown): string {
  const {
    message,
    stderr = "",
    signal,
  } = error as Error & { readonly stderr?: string; readonly signal?: string };
  const said = stderr.split("\n").filter((line) => /^\w*Error\b/u.test(line));
  if (said.length > 0) return said[0].trim();
  return signal == null ? message.split("\n")[0] : `its process was ended by ${signal}`;
}

/** What the process prints is an answer. */
const MOST_PRINTED = 2 ** 26;

async function inProcess(task: Task): Promise<Answer> {
  const args = ["--max-old-space-size=8000", process.argv[1], "task", JSON.stringify(task)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: MOST_PRINTED });
  return JSON.parse(stdout) as Answer;
}
