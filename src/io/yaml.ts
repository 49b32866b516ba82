import { Composer, type CST, type Document, Lexer, Parser } from "yaml";
import { InputError } from "../core/errors.js";
import { DEEPEST, lineAndColumn, tooDeep, unreadable } from "./syntax.js";
import { nodeProblems } from "./yaml-nodes.js";

/** How often an anchor may be used, nested uses multiplied: enough for templates, not for a bomb. */
const MOST_ALIASES = 10_000;

/** Errors of syntax beyond the first few follow from them. */
const MOST_ERRORS = 3;

/** Open collections, plus the document and the scalar being read. */
const DEEPEST_STACK = DEEPEST + 2;

/**
 * Reads one YAML 1.2 document of the core schema: what JSON can say, with anchors. No custom tags, no duplicate keys.
 * Throws InputError with line and column; never overflows the stack.
 */
export function parseYaml(text: string, subject: string): unknown {
  const document = compose(text, subject);
  const errors = [...document.errors, ...document.warnings].slice(0, MOST_ERRORS).map(({ pos, message }) => ({
    path: lineAndColumn(text, pos[0]),
    found: `YAML that cannot be read: ${message.split("\n")[0]}`,
    expected: "one YAML 1.2 document of the core schema",
  }));
  if (errors.length > 0) throw new InputError(subject, errors);
  nodeProblems(document, text).throwIfAny(subject);
  if (document.contents === null) {
    throw unreadable(subject, "", "a file with nothing but comments", "an economy in JSON or YAML");
  }
  return toValue(document, subject);
}

function compose(text: string, subject: string): Document {
  const composer = new Composer({ version: "1.2", schema: "core", stringKeys: true, uniqueKeys: false });
  const documents = [...composer.compose(boundedTokens(text, subject), true, text.length)];
  if (documents.length === 1) return documents[0]!;
  const where = lineAndColumn(text, documents[1]!.range[0]);
  throw unreadable(subject, where, "a second YAML document", "one document in the file");
}

/** The tokens of the concrete syntax, cut off by InputError before any of them nests too deep to be composed. */
function boundedTokens(text: string, subject: string): CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > DEEPEST_STACK) throw tooDeep(subject, text, parser.offset);
  }
  tokens.push(...parser.end());
  return tokens;
}

function toValue(document: Document, subject: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw unreadable(
      subject,
      "",
      `aliases that cannot be used: ${error.message}`,
      "anchors used a few times",
    );
  }
}
