import { expect, test } from "vitest";
import { countByStatus, type HostileOutcome, hostileOutcome } from "../support/hostile-outcome.js";

const PARTS = 20;
const EACH = 5000;
/** Issue 4's limit for one economy. */
const SECONDS = 10;

// In parts, so that each stays within the hour and a failure says about where. The short test has the first 2 000 seeds.
test.each(Array.from({ length: PARTS }, (_, part) => part * EACH))(
  `${EACH} hostile economies from seed %i end within ${SECONDS} s in a named outcome, and every solved one certifies`,
  async (first) => {
    const outcomes: HostileOutcome[] = [];
    for (let seed = first; seed < first + EACH; seed++) outcomes.push(await hostileOutcome(seed));
    const counts = countByStatus(outcomes);
    console.log(Object.fromEntries(counts));
    const wrong = outcomes.filter(({ wrongs }) => wrongs.length > 0);
    expect(wrong.map(({ seed, status, wrongs }) => `${seed} ${status}: ${wrongs.join("; ")}`)).toEqual([]);
    expect(outcomes.filter(({ seconds }) => seconds > SECONDS)).toEqual([]);
    expect(counts.get("refused") ?? 0).toBeLessThan(0.1 * EACH);
    expect(counts.get("solved") ?? 0).toBeGreaterThan(0.5 * EACH);
  },
);
