import { ENTRY } from "../../economy/names.js";
import type { Model } from "./leaderboard.js";

/** Names that an economy file allows, each once: a model's group, then a number, tells namesakes apart. */
export function uniqueNames(models: readonly Model[]): string[] {
  const counts = new Map<string, number>();
  for (const { label } of models) counts.set(cleaned(label), (counts.get(cleaned(label)) ?? 0) + 1);
  const taken = new Set<string>([ENTRY]);
  return models.map(({ label, group }) => {
    const name = cleaned(label);
    const base = counts.get(name)! > 1 ? `${name} (${cleaned(group)})` : name;
    let unique = base;
    for (let k = 2; taken.has(unique); k++) unique = `${base} #${k}`;
    taken.add(unique);
    return unique;
  });
}

/** Without the characters that names may not have. */
export function cleaned(label: string): string {
  return label.replace(/[/[\]\p{Cc}]/gu, "-");
}
