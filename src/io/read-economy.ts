import { buildEconomy } from "../economy/build.js";
import type { Economy } from "../economy/economy.js";
import { decodeText, isZip } from "./decode.js";
import { parseJson } from "./json.js";
import { readArchive } from "./npz/archive.js";
import { ArchiveArrays } from "./npz/economy-arrays.js";
import { jsonMember } from "./npz/json-member.js";
import { nameOf, readBytes } from "./read-bytes.js";
import { unreadable } from "./syntax.js";
import { parseYaml } from "./yaml.js";

export type TextFormat = "json" | "yaml";

export interface ParseOptions {
  /** What to call the text in messages; default "economy". */
  readonly subject?: string;
  /** The economy's name where the text gives none; default "economy". */
  readonly name?: string;
  /** Default: by content, JSON where it starts with an object, an array or a comment of JSON. */
  readonly format?: TextFormat;
  /** Of the file's bytes; default null. */
  readonly sha256?: string | null;
}

/**
 * Reads an economy file (formats.md, `walras/1`): NPZ, by content; JSON, in which comments are allowed, or YAML, by the name's
 * extension and otherwise by content; `-` is standard input. Throws InputError with every problem found.
 */
export async function loadEconomy(source: string | URL): Promise<Economy> {
  const subject = nameOf(source);
  const bytes = await readBytes(source);
  return parseBytes(bytes, { subject, name: baseName(source, subject), sha256: await sha256(bytes) });
}

/** An economy from the bytes of its file, whose name is `subject`. Throws InputError with every problem found. */
export function parseBytes(bytes: Uint8Array, options: Omit<ParseOptions, "format"> = {}): Economy {
  const { subject = "economy" } = options;
  if (isZip(bytes) || /\.npz$/iu.test(subject)) return parseArchive(bytes, options);
  const format = formatOfName(subject);
  return parseEconomy(decodeText(bytes, subject), {
    ...options,
    ...(format === undefined ? {} : { format }),
  });
}

/** An economy from the bytes of an NPZ archive: `economy.json` beside its arrays. Throws InputError with every problem found. */
export function parseArchive(bytes: Uint8Array, options: Omit<ParseOptions, "format"> = {}): Economy {
  const { subject = "economy", name = "economy", sha256 = null } = options;
  const archive = readArchive(bytes, { subject });
  const { bytes: json, member } = jsonMember(archive, "economy.json");
  const file = parseText(decodeText(json, subject), subject, "json");
  return buildEconomy(file, { subject, name, sha256, arrays: new ArchiveArrays(archive, member) });
}

/** An economy from the text of its file. Throws InputError with every problem found. */
export function parseEconomy(text: string, options: ParseOptions = {}): Economy {
  const { subject = "economy", name = "economy", sha256 = null, format } = options;
  return buildEconomy(parseText(text, subject, format), { subject, name, sha256 });
}

/** `day` for `folder/day.json`; "economy" for standard input. */
function baseName(source: string | URL, subject: string): string {
  const base = (subject.split(/[/\\]/u).pop() ?? "").replace(/\.[a-z0-9]+$/iu, "");
  return source === "-" || base === "" ? "economy" : base;
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
