import { expect, test } from "vitest";
import { actionsOf } from "../../bench/step-actions.js";

test("each timed action does its step, with the evaluations that it says", async () => {
  const { market, actions } = await actionsOf({ layers: 2, width: 2, nodes: 3 });
  expect(market.hints.size).toBe(24);
  const evaluations = async (name: string) => {
    const [, action] = actions.find(([known]) => known === name) ?? expect.fail(name);
    const before = market.evaluations;
    await action();
    return market.evaluations - before;
  };
  expect(await evaluations("evaluation of f")).toBe(1);
  expect(await evaluations("derivative product")).toBe(1);
  expect(await evaluations("nest-wise step")).toBe(1);
  expect(await evaluations("Newton step")).toBeGreaterThan(2);
  // Anderson begins anew when it is nearly there: it can be timed for ever.
  for (let k = 0; k < 60; k++) expect(await evaluations("Anderson step")).toBeGreaterThanOrEqual(1);
});
