import { type Document, isMap, isPair, isScalar, isSeq, type Pair, visit, type YAMLMap } from "yaml";
import type { Problem } from "../core/errors.js";
import { quote } from "../economy/found.js";
import { formatPath, type Path } from "../economy/path.js";
import { Problems } from "../economy/problems.js";
import { keyProblem } from "./syntax.js";

type Ancestry = readonly unknown[];

/** `!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!map`, `!!seq` written out are allowed: they are what JSON has. */
const PLAIN_TAG = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/u;

/** What JSON has no word for: duplicate keys, `__proto__`, tags of sets, dates, bytes or one's own. */
export function nodeProblems(document: Document, text: string): Problems {
  const problems = new Problems();
  visit(document, {
    Node: (_, node, ancestry) => {
      if (isMap(node)) addDuplicates(node, [...ancestry, node], text, problems);
      const tag = "tag" in node ? node.tag : undefined;
      if (tag === undefined || PLAIN_TAG.test(tag)) return;
      problems.addLazily(() => tagProblem(pathOf([...ancestry, node]), tag));
    },
  });
  return problems;
}

function addDuplicates(map: YAMLMap, ancestry: Ancestry, text: string, problems: Problems): void {
  const seen = new Set<string>();
  for (const pair of map.items) {
    const key = keyOf(pair);
    if (key === "__proto__" || seen.has(key)) {
      const range = isScalar(pair.key) ? pair.key.range : null;
      problems.addLazily(() => keyProblem([...pathOf(ancestry), key], text, range?.[0] ?? 0));
    }
    seen.add(key);
  }
}

function tagProblem(path: Path, tag: string): Problem {
  return { path: formatPath(path), found: `the tag ${quote(tag)}`, expected: "a plain value, without a tag" };
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

/** Keys and indexes down the ancestry of a node, the node itself last. */
function pathOf(ancestry: Ancestry): Path {
  const path: PropertyKey[] = [];
  ancestry.forEach((node, depth) => {
    if (isPair(node)) path.push(keyOf(node));
    else if (isSeq(node) && depth + 1 < ancestry.length) path.push(node.items.indexOf(ancestry[depth + 1]));
  });
  return path;
}
