import { Account, type Words } from "./account.js";
import { type Asked, type SolveOn, startFrom } from "./ladder.js";
import type { Level } from "./level.js";

/** Clearing that float32 alone may claim: it errs by 2 to 5 units in the sixth place of f, in the maximum norm. */
export const SINGLE = 1e-5;
/** What it aims at, so that prices are good to about that. */
const AIM = 2e-6;
/** Ends after which there is nothing to go on with. */
const FINAL: ReadonlySet<string> = new Set(["cancelled", "slo-unaffordable", "backend-failed", "max-steps"]);

const IN_FLOAT32: Words = { first: "in float32", every: null };

/**
 * Solves in float32 as far as that reaches, then in float64 from there: so that every answer is as good as was asked for, whatever it was
 * computed in. Where float32 does not come so far, float64 begins where it did. Checkpoints are made of the solve in float64.
 */
export function polished(single: SolveOn, double: SolveOn): SolveOn {
  return async (economy, asked) => {
    if (asked.resume !== undefined) return double(economy, asked);
    const account = new Account();
    const { save: _, onStep, ...rest } = asked;
    const record = (words: Words): Asked["onStep"] =>
      onStep && ((step) => onStep(account.shifted(step, words)));
    const first = await single(economy, {
      ...rest,
      onStep: record(IN_FLOAT32),
      target: (residual) => Math.max(AIM, asked.target(residual)),
      tolerance: Math.max(SINGLE, asked.tolerance),
    });
    const { status, prices } = first.loop;
    if (asked.tolerance >= SINGLE || FINAL.has(status)) return first;
    account.add(first, IN_FLOAT32);
    const words = inFloat64(status === "solved");
    const second = await double(economy, {
      ...asked,
      onStep: record(words),
      start: status === "solved" ? startFrom(economy, prices) : asked.start,
      maxSteps: Math.max(1, asked.maxSteps - account.steps),
    });
    account.add(second, words);
    return together(account, second);
  };
}

function inFloat64(fromThere: boolean): Words {
  return {
    first: `in float64, from ${fromThere ? "the solution in" : "the start: astray in"} float32`,
    every: null,
  };
}

/** The second solve's end, the steps and evaluations of both. */
function together(account: Account, level: Level): Level {
  const { steps, evaluations, trace } = account.climbed(level);
  return { ...level, loop: { ...level.loop, steps, trace }, evaluations };
}
