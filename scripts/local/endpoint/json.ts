import { randomUUID } from "node:crypto";

/**
 * JSON as the proxy's reader (serde_json) understands it: a number keeps its digits, however many, and a text that is
 * no Unicode or nested without end is refused.
 */
export type Json = null | boolean | string | JsonNumber | Json[] | { [key: string]: Json };

/** A number as it is written on: 12345678901234567890 is not rounded, 1e3 is 1000.0. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** @throws Error that says what is wrong with the text */
export function parseJson(bytes: Buffer): Json {
  const marked = markNumbers(utf8.decode(bytes));
  const parsed: unknown = JSON.parse(marked);
  return restore(parsed, 0);
}

/** Compact JSON. */
export function stringifyJson(json: Json): string {
  if (json === null || typeof json === "boolean" || typeof json === "string") return JSON.stringify(json);
  if (json instanceof JsonNumber) return json.text;
  if (Array.isArray(json)) return `[${json.map(stringifyJson).join(",")}]`;
  const entries = Object.entries(json).map(
    ([key, value]) => `${JSON.stringify(key)}:${stringifyJson(value)}`,
  );
  return `{${entries.join(",")}}`;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** JSON.parse rounds numbers to 53 bits, so they pass through it as strings, with a prefix that nobody can know. */
const numberMark = `${randomUUID()}:`;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const numberOrString = /["0-9-]/g;

function markNumbers(text: string): string {
  let marked = "";
  let copied = 0;
  for (let position = 0; ;) {
    numberOrString.lastIndex = position;
    const start = numberOrString.exec(text)?.index;
    if (start === undefined) return marked + text.slice(copied);
    if (text[start] === '"') {
      position = endOfString(text, start);
      continue;
    }
    number.lastIndex = start;
    const token = number.exec(text)?.[0];
    if (token === undefined) return text; // A lone minus: JSON.parse says so.
    position = start + token.length;
    marked += `${text.slice(copied, start)}"${numberMark}${token}"`;
    copied = position;
  }
}

/** The position behind the string that starts here, or the text's end when it is not closed. */
function endOfString(text: string, start: number): number {
  for (let position = start + 1; position < text.length; position += 1) {
    const character = text[position];
    if (character === '"') return position + 1;
    if (character === "\\") position += 1;
  }
  return text.length;
}

function restore(parsed: unknown, depth: number): Json {
  if (depth > 127) throw new Error("recursion limit exceeded");
  if (typeof parsed === "string") {
    if (parsed.startsWith(numberMark)) return new JsonNumber(numberText(parsed.slice(numberMark.length)));
    if (!parsed.isWellFormed()) throw new Error("lone leading surrogate in hex escape");
    return parsed;
  }
  if (Array.isArray(parsed)) return parsed.map((item) => restore(item, depth + 1));
  if (typeof parsed === "object" && parsed !== null) {
    return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, restore(value, depth + 1)]));
  }
  return parsed === true || parsed === false ? parsed : null; // No numbers are left.
}

/** Integers of 64 bits stay as they are; everything else is a double, printed as Rust prints it. */
function numberText(token: string): string {
  if (/^-?\d+$/.test(token) && token !== "-0") {
    const integer = BigInt(token);
    if (integer >= -(2n ** 63n) && integer < 2n ** 64n) return token;
  }
  const double = Number(token);
  if (!Number.isFinite(double)) throw new Error("number out of range");
  if (Object.is(double, -0)) return "-0.0";
  const size = Math.abs(double);
  if (size !== 0 && (size < 1e-5 || size >= 1e16)) return double.toExponential().replace("e+", "e");
  return Number.isInteger(double) ? `${double}.0` : String(double);
}
