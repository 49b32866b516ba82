import { beforeAll, describe, expect, test } from "vitest";
import { claimsOf } from "../../bench/convergence/claims.js";
import { FAMILIES } from "../../bench/convergence/families.js";
import { familiesFigure } from "../../bench/convergence/family-figure.js";
import { ratesFigure, stepsFigure } from "../../bench/convergence/figures.js";
import { type Measured, measureMember } from "../../bench/convergence/record.js";
import { convergenceReport } from "../../bench/convergence/report.js";
import { markdownTable } from "../../bench/markdown.js";
import { provenance, provenanceLine } from "../../bench/provenance.js";
import { defineEconomy } from "../../src/index.js";

/** The last member of every family on its coarsest grid, of some also the first, and one on a finer grid. */
const records: Measured[] = [];
const BOTH_ENDS = ["elasticity", "floors", "orchestrators", "exact"];
beforeAll(async () => {
  for (const family of FAMILIES) {
    const last = family.members[family.members.length - 1];
    const ends = BOTH_ENDS.includes(family.name) ? [family.members[0], last] : [last];
    for (const member of ends)
      records.push(await measureMember(family, member, family.grids[0], ["auto", "tatonnement"]));
  }
  const [elasticity] = FAMILIES;
  records.push(
    await measureMember(elasticity, elasticity.members[4], 8, ["auto", "tatonnement", "heavy-ball"]),
  );
});

describe("the committed families", () => {
  test("have names of their own, and economies that are valid on every grid", () => {
    expect(new Set(FAMILIES.map(({ name }) => name)).size).toBe(FAMILIES.length);
    for (const { members, grids } of FAMILIES) {
      expect(new Set(members.map(({ label }) => label)).size).toBe(members.length);
      for (const member of members) {
        for (const nodes of grids) expect(defineEconomy(member.economy(nodes)).grid.nodes).toBe(nodes);
      }
    }
  });

  test("are the same economies every time", () => {
    for (const { members } of FAMILIES) {
      const [member] = members;
      const [a, b] = [defineEconomy(member.economy(4)), defineEconomy(member.economy(4))];
      const numbers = ({ orchestrators, agents }: typeof a) => [
        orchestrators.map(({ intensity, preferences }) => [intensity, preferences.nodes]),
        agents.map(({ set }) => set.bounds()),
      ];
      expect(numbers(a)).toEqual(numbers(b));
    }
  });

  test("are all solved, to the last digits", () => {
    for (const { equilibrium, family, member } of records) {
      expect(equilibrium.status, `${family}, ${member}`).toBe("solved");
      expect(equilibrium.error, `${family}, ${member}`).toBeLessThan(2e-13);
    }
  });

  test("bear every claim of theory out, and each claim is tried", () => {
    for (const { claim, checked, broken } of claimsOf(records)) {
      expect(checked, claim).toBeGreaterThan(5);
      expect(broken, claim).toEqual([]);
    }
  });

  test("have the theorems that their titles say", () => {
    const theorem = (family: string, member: string) =>
      records.find((record) => record.family === family && record.member === member)?.theory;
    expect(theorem("elasticity", "σ = 8")).toMatchObject({ theorem: "T1", rate: 8 });
    expect(theorem("elasticity", "σ = 0.1")).toMatchObject({
      theorem: null,
      interval: { least: 0.1, largest: 1.1 },
    });
    // All in common means proportional incomes: several demand as one.
    expect(theorem("orchestrators", "1 in common")).toMatchObject({ theorem: "T1", rate: 1 });
    expect(theorem("orchestrators", "0 in common")?.theorem).toBeNull();
    expect(theorem("depth-falling", "16 layers")).toMatchObject({
      theorem: null,
      interval: expect.anything(),
    });
    expect(theorem("floors", "0.95 of supply")?.interval?.least).toBeLessThan(1);
    expect(theorem("sets", "seed 2")).toMatchObject({ theorem: null, interval: null });
  });

  test("in between, several orchestrators have their own bound", async () => {
    const family = FAMILIES.find(({ name }) => name === "orchestrators") ?? expect.fail();
    const half = family.members.find(({ x }) => x === 0.5) ?? expect.fail();
    const { theory, maps } = await measureMember(family, half, 1, []);
    expect(theory).toMatchObject({ theorem: "several-orchestrators", rate: 0.25 });
    for (const { bound, worst } of maps) if (bound !== null) expect(worst).toBeLessThanOrEqual(bound);
  });

  test("Scarf's economy departs at every λ, but in the one order in which nobody owns what they want", async () => {
    const scarf = FAMILIES.find(({ name }) => name === "scarf") ?? expect.fail();
    for (const member of scarf.members) {
      const { maps, equilibrium } = await measureMember(scarf, member, 1, []);
      expect(equilibrium.error).toBeLessThan(1e-12);
      expect(maps.length).toBeGreaterThanOrEqual(3);
      if (member.label === "owning goods 2, 0, 1") {
        for (const { far, observed } of maps)
          expect([far, (observed as number) < 1]).toEqual(["converged", true]);
      } else {
        for (const { local, observed, reached } of maps) {
          expect(local).toBeGreaterThan(1);
          expect(observed).toBeGreaterThan(1);
          expect(reached).toBeNull();
        }
      }
    }
  });
});

describe("claims", () => {
  const change = (claim: RegExp, edit: (record: Measured) => Measured) => {
    const edited = records.map((record, i) => (i === 6 ? edit(record) : record));
    return claimsOf(edited).find((found) => claim.test(found.claim))?.broken ?? expect.fail();
  };
  const eachMap = (edit: (map: Measured["maps"][number]) => object) => (record: Measured) => ({
    ...record,
    maps: record.maps.map((map) => ({ ...map, ...edit(map) })),
  });

  test.each([
    [/no step shrinks/u, eachMap(() => ({ bound: 0.1, worst: 0.11 }))],
    [/no norm/u, eachMap(() => ({ bound: 0.1, sampled: 0.11 }))],
    [/no more steps/u, eachMap(() => ({ guaranteed: 7.5, reached: 9 }))],
    [/no more than a sampled/u, eachMap(({ local }) => ({ sampled: (local as number) - 1e-6 }))],
    [/within 2e-3/u, eachMap(({ local }) => ({ settled: true, observed: (local as number) + 3e-3 }))],
    [/holds the local/u, eachMap(({ local }) => ({ interval: (local as number) - 1e-6 }))],
    [/exact cases/u, eachMap(({ local }) => ({ exact: (local as number) + 1e-9 }))],
    [
      /holds the spectrum/u,
      (record: Measured): Measured => ({
        ...record,
        theory: { ...record.theory, interval: { least: 1, largest: 2, step: 1, rate: 1, heavy_ball: 1 } },
        spectrum: { least: 0.5, largest: 1.5, turning: 0 },
      }),
    ],
  ])("%s is broken by a measurement that contradicts it, and says where", (claim, edit) => {
    const broken = change(claim, edit);
    expect(broken.length).toBeGreaterThan(0);
    for (const where of broken) expect(where).toContain(`${records[6].family}, ${records[6].member}`);
  });

  test("NaN is no evidence of anything", () => {
    expect(
      change(
        /no step shrinks/u,
        eachMap(() => ({ bound: 0.5, worst: Number.NaN })),
      ),
    ).not.toEqual([]);
  });
});

test("the report and the figures are whole", () => {
  const report = convergenceReport(records, FAMILIES, provenance("a test"));
  for (const { name } of FAMILIES) expect(report).toContain(`\n## ${name}\n`);
  expect(report).not.toMatch(/NaN|undefined|Infinity/u);
  const widths = report.split("\n").flatMap((line, i, all) => {
    const isSecond = /^\| (---|:)/u.test(all[i + 1] ?? "");
    return isSecond ? [[line.split(" | ").length, all[i + 2]?.split(" | ").length]] : [];
  });
  for (const [head, row] of widths) expect(row).toBe(head);
  for (const draw of [ratesFigure, familiesFigure, stepsFigure]) {
    expect(draw(records)).not.toMatch(/NaN|undefined|Infinity/u);
    expect(draw(records)).toMatch(/^<svg [\s\S]*<\/svg>\n$/u);
  }
});

test("Markdown tables and provenance", () => {
  expect(markdownTable(["a", ">b"], [["1|2", "3"]])).toBe("| a | b |\n| --- | ---: |\n| 1\\|2 | 3 |");
  expect(provenanceLine(provenance("npm run x"))).toMatch(
    /^Measured on \d{4}-\d\d-\d\d with `npm run x` on .+, Node v\d+/u,
  );
});
