import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonPieces } from "../../src/io/json-pieces.js";
import { provenance } from "../provenance.js";
import { claimsOf } from "./claims.js";
import { FAMILIES } from "./families.js";
import { familiesFigure } from "./family-figure.js";
import { ratesFigure, stepsFigure } from "./figures.js";
import { type Measured, measureMember } from "./record.js";
import { convergenceReport } from "./report.js";

/**
 * `npm run bench:convergence`: measures every family and writes bench/results/convergence-*. With names of families it
 * measures these alone and writes nothing.
 */
async function main(names: readonly string[]): Promise<void> {
  const known = FAMILIES.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no family ${unknown.join(", ")}; there are ${known.join(", ")}`);
  const records: Measured[] = [];
  for (const family of FAMILIES.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const began = performance.now();
    for (const member of family.members) {
      for (const nodes of family.grids) records.push(await measureMember(family, member, nodes));
    }
    console.log(`${family.name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
  const claims = claimsOf(records);
  for (const { claim, checked, broken } of claims) {
    console.log(
      `${broken.length === 0 ? "held  " : "BROKEN"} ${checked} times: ${claim} ${broken.join("; ")}`.trimEnd(),
    );
  }
  if (names.length === 0) await writeResults(records);
  process.exitCode = claims.every(({ broken }) => broken.length === 0) ? 0 : 1;
}

async function writeResults(records: readonly Measured[]): Promise<void> {
  const folder = join("bench", "results");
  await mkdir(folder, { recursive: true });
  const from = provenance("npm run bench:convergence");
  const files: Record<string, string> = {
    "measured.json": `${[...jsonPieces({ ...from, claims: claimsOf(records), records: records.map(rounded) })].join("")}\n`,
    "report.md": convergenceReport(records, FAMILIES, from),
    "rates.svg": ratesFigure(records),
    "families.svg": familiesFigure(records),
    "steps.svg": stepsFigure(records),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, `convergence-${name}`), text);
  }
  console.log(
    `Written: ${Object.keys(files)
      .map((name) => join(folder, `convergence-${name}`))
      .join(", ")}`,
  );
}

/** Numbers to seven significant digits: the file is for people and plots. */
function rounded(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? value : Number(value.toPrecision(7));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rounded(entry)]));
}

await main(process.argv.slice(2));
