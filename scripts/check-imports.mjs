// Holds the import directions of CONTRIBUTING.md: `node scripts/check-imports.mjs [repository]` prints one sentence a
// violation and exits 1 if there is any. A room is a folder of src/, or a folder beside src/.

import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const BELOW_MARKET = ["core", "time", "production", "economy", "preferences"];
const BELOW_SOLVE = [
  ...BELOW_MARKET,
  "market",
  "backends/registry.ts",
  "solvers",
  "contraction",
  "certificates",
];
const BELOW_INDEX = [...BELOW_SOLVE, "backends", "solve", "convergence", "tokens", "io", "report"];

/**
 * The rooms a room may import, its own files apart; an entry with a file name allows that file alone.
 * @type {Record<string, readonly string[]>}
 */
const ALLOWED = {
  core: [],
  time: ["core"],
  production: ["core", "time"],
  economy: ["core", "time", "production"],
  preferences: ["core", "time", "production", "economy"],
  market: BELOW_MARKET,
  backends: [...BELOW_MARKET, "market"],
  // A solver sees vectors, a residual and a few hints, never an economy.
  solvers: ["core", "market/market.ts", "market/batch.ts"],
  contraction: [...BELOW_MARKET, "market"],
  // A certificate must not trust what produced the prices it judges.
  certificates: BELOW_MARKET,
  solve: BELOW_SOLVE,
  convergence: [...BELOW_SOLVE, "solve"],
  tokens: [...BELOW_SOLVE, "solve"],
  io: [...BELOW_SOLVE, "solve"],
  report: [...BELOW_SOLVE, "solve", "convergence"],
  index: BELOW_INDEX,
  cli: ["index", "io", "report", "convergence"],
  web: ["index"],
  notebooks: ["index"],
  // Measuring and testing reach inside; nothing reaches them.
  bench: ["index", ...BELOW_INDEX, "cli"],
  test: ["index", ...BELOW_INDEX, "cli", "web", "bench", "scripts"],
};

const FOLDERS = ["src", "test", "bench", "web", "notebooks"];
const IGNORED = ["node_modules", "fixtures", "dist"];
const SOURCE = /\.(ts|mts|tsx|js|mjs)$/;

/** @typedef {{ from: string, to: string, line: number }} Import paths relative to the repository, with slashes */

/**
 * @param {string} root the repository
 * @returns {string[]} one sentence a violation; none where all is well
 */
export function checkImports(root) {
  const files = FOLDERS.flatMap((folder) => listSources(root, folder));
  const imports = files.flatMap((file) => importsOf(root, file));
  return [...files.flatMap(unknownRoom), ...imports.flatMap(roomViolation), ...cycles(imports)];
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function listSources(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return IGNORED.includes(entry.name) ? [] : listSources(root, path);
      return SOURCE.test(entry.name) ? [path] : [];
    });
}

/**
 * Every import of a file of this repository, types included: `import`, `export … from`, `import()` of a literal.
 * @param {string} root
 * @param {string} file
 * @returns {Import[]}
 */
function importsOf(root, file) {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  /** @type {Import[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    const specifier = specifierOf(node);
    const to = specifier && resolveSpecifier(root, file, specifier.text);
    if (specifier && to) {
      found.push({
        from: file,
        to,
        line: source.getLineAndCharacterOfPosition(specifier.getStart()).line + 1,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * @param {ts.Node} node
 * @returns {ts.StringLiteralLike | undefined} what it imports, if it imports
 */
function specifierOf(node) {
  /** @type {ts.Node | undefined} */
  let specifier;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) specifier = node.moduleSpecifier;
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    specifier = node.argument.literal;
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    specifier = node.arguments[0];
  }
  return specifier && ts.isStringLiteralLike(specifier) ? specifier : undefined;
}

/**
 * @param {string} root
 * @param {string} file
 * @param {string} specifier
 * @returns {string | null} the file of code meant, or null for a package or data
 */
function resolveSpecifier(root, file, specifier) {
  if (specifier === "walras") return "src/index.ts";
  if (!specifier.startsWith(".")) return null;
  const path = posix.join(posix.dirname(file), specifier);
  // The code says .js, as Node will see it; the file is .ts.
  const typescript = path.replace(/\.(m?)js$/, ".$1ts");
  if (existsSync(join(root, typescript))) return typescript;
  return SOURCE.test(path) ? path : null;
}

/**
 * @param {string} path
 * @returns {string} `market` for src/market/layout.ts, `index` for src/index.ts, `test` for test/market/layout.test.ts
 */
function roomOf(path) {
  const [folder = "", name = ""] = path.split("/");
  return folder === "src" ? name.replace(/\.\w+$/, "") : folder;
}

/**
 * @param {string} file
 * @returns {string[]} no sentence or one
 */
function unknownRoom(file) {
  if (Object.hasOwn(ALLOWED, roomOf(file))) return [];
  return [`${file}:1 lies in "${roomOf(file)}", which is no room that scripts/check-imports.mjs knows.`];
}

/**
 * @param {Import} anImport
 * @returns {string[]} no sentence or one
 */
function roomViolation({ from, to, line }) {
  const room = roomOf(from);
  const allowed = ALLOWED[room] ?? [];
  const isAllowed = [room, ...allowed].includes(roomOf(to)) || allowed.includes(to.replace(/^src\//, ""));
  if (isAllowed) return [];
  const rooms = allowed.length === 0 ? "nothing" : `only ${allowed.join(", ")}`;
  return [`${from}:${line} imports ${to}, but ${room} may import ${rooms} (and its own files).`];
}

/**
 * @param {readonly Import[]} imports
 * @returns {string[]} one sentence a cycle, each cycle told from the file where it was first met
 */
function cycles(imports) {
  /** @type {Map<string, Import[]>} */
  const edges = new Map();
  for (const edge of imports) edges.set(edge.from, [...(edges.get(edge.from) ?? []), edge]);
  /** @type {string[]} */
  const sentences = [];
  const finished = new Set();
  /** @type {Import[]} the imports that lead from the first file to this one */
  const path = [];
  /** @param {string} file */
  const walk = (file) => {
    for (const edge of edges.get(file) ?? []) {
      const start = path.findIndex((step) => step.from === edge.to);
      path.push(edge);
      if (edge.to === file) sentences.push(`${file}:${edge.line} imports itself.`);
      else if (start >= 0) sentences.push(describeCycle(path.slice(start)));
      else if (!finished.has(edge.to)) walk(edge.to);
      path.pop();
    }
    finished.add(file);
  };
  for (const file of edges.keys()) if (!finished.has(file)) walk(file);
  return sentences;
}

/** @param {readonly Import[]} cycle */
function describeCycle(cycle) {
  const steps = cycle.map(({ from, line }) => `${from}:${line}`);
  return `${steps[0]} begins a cycle of imports: ${[...steps, cycle[0]?.from].join(" → ")}.`;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)));
  const violations = checkImports(root);
  for (const sentence of violations) console.error(sentence);
  const where = relative(process.cwd(), root).split(sep).join("/") || ".";
  if (violations.length === 0) console.log(`Imports in ${where} point one way.`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
