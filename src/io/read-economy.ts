import { NotBuiltError } from "../core/errors.js";
import { buildEconomy } from "../economy/build.js";
import type { Economy } from "../economy/economy.js";
import { decodeText, isZip } from "./decode.js";
import { parseJson } from "./json.js";
import { nameOf, readBytes } from "./read-bytes.js";
import { unreadable } from "./syntax.js";
import { parseYaml } from "./yaml.js";

export type TextFormat = "json" | "yaml";

export interface ParseOptions {
  /** What to call the text in messages; default "economy". */
  readonly subject?: string;
  /** Default: by content, JSON where it starts with an object, an array or a comment of JSON. */
  readonly format?: TextFormat;
  /** Of the file's bytes; default null. */
  readonly sha256?: string | null;
}

/**
 * Reads an economy file (formats.md, `walras/1`): JSON, in which comments are allowed, or YAML, by the name's extension and
 * otherwise by content; `-` is standard input. Throws InputError with every problem found; NotBuiltError for NPZ.
 */
export async function loadEconomy(source: string | URL): Promise<Economy> {
  const subject = nameOf(source);
  const bytes = await readBytes(source);
  if (isZip(bytes) || /\.npz$/iu.test(subject)) {
    throw new NotBuiltError(
      `${subject}: NPZ economies are not built yet; write the economy as JSON or YAML.`,
    );
  }
  const format = formatOfName(subject);
  const text = decodeText(bytes, subject);
  return parseEconomy(text, {
    subject,
    sha256: await sha256(bytes),
    ...(format === undefined ? {} : { format }),
  });
}

/** An economy from the text of its file. Throws InputError with every problem found. */
export function parseEconomy(text: string, options: ParseOptions = {}): Economy {
  const subject = options.subject ?? "economy";
  return buildEconomy(parseText(text, subject, options.format), { subject, sha256: options.sha256 ?? null });
}

/** JSON or YAML to plain values. */
export function parseText(text: string, subject: string, format?: TextFormat): unknown {
  const body = text.replace(/^\uFEFF/u, "");
  if (body.trim() === "") throw unreadable(subject, "", emptiness(body), "an economy in JSON or YAML");
  return (format ?? formatOfContent(body)) === "json" ? parseJson(body, subject) : parseYaml(body, subject);
}

function emptiness(text: string): string {
  return text === "" ? "an empty file" : "a file with nothing but blanks";
}

function formatOfName(name: string): TextFormat | undefined {
  if (/\.jsonc?$/iu.test(name)) return "json";
  return /\.ya?ml$/iu.test(name) ? "yaml" : undefined;
}

function formatOfContent(text: string): TextFormat {
  return /^\s*(\{|\[|\/\/|\/\*)/u.test(text) ? "json" : "yaml";
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
