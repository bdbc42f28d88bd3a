import { filterName, meantFilter, type FilterName } from "./filter-names";
import { quoted, refuse } from "./problem";

/** Where something stands in the text as it was typed, in UTF-16 units. */
export type Stretch = { from: number; to: number };

export type FilterToken = Stretch & {
  kind: "filter";
  name: FilterName;
  value: string;
  /** `tag:"none"` is a tag of that name, `tag:none` is not. */
  isQuoted: boolean;
  valueAt: Stretch;
};

export type Token =
  | (Stretch & { kind: "word"; text: string; prefix: boolean })
  | (Stretch & { kind: "phrase"; text: string })
  | FilterToken
  /** `--` takes back what `-` says. */
  | (Stretch & { kind: "not"; negates: boolean })
  /** A `-` that stands by itself. */
  | (Stretch & { kind: "dash" | "or" | "open" | "close" });

// Keyboards and phones put in typographic and full-width signs by themselves.
const QUOTE = /["“”„‟«»＂「」『』〝〞〟]/;
const OPEN = /[(（]/;
const CLOSE = /[)）]/;
const WORD_END = /[\s()（）]/;
const HYPHENS = /[-－]+/y;
const NAME_AND_COLON = /([a-z]+)[:：]/iy;

/** Splits a text into what the grammar is made of. @throws InvalidQuery */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    const token = readToken(text, at);
    tokens.push(token);
    at = token.to;
  }
  return tokens;
}

/** Whether a text, where a word may stand, is read as exactly this word. */
export function readsAsWord(text: string): boolean {
  return (
    text !== "" &&
    text === text.normalize("NFC") &&
    !WORD_END.test(text) &&
    !QUOTE.test(text.charAt(0)) &&
    !/^[-－]/.test(text) &&
    !isOr(text) &&
    readName(text, 0) === null &&
    meantBy(text) === null
  );
}

/** Whether a text is read whole as the value of a filter. */
export function readsAsValue(text: string): boolean {
  return text !== "" && !WORD_END.test(text) && !QUOTE.test(text.charAt(0));
}

/** A text between quotes, as it is read back: a quote within it is written twice. */
export function printQuoted(text: string): string {
  return `"${text.replaceAll(new RegExp(QUOTE, "g"), "$&$&")}"`;
}

function readToken(text: string, at: number): Token {
  const sign = text.charAt(at);
  if (OPEN.test(sign)) return { kind: "open", from: at, to: at + 1 };
  if (CLOSE.test(sign)) return { kind: "close", from: at, to: at + 1 };
  if (QUOTE.test(sign)) return { kind: "phrase", ...readQuoted(text, at) };
  const hyphens = matchAt(HYPHENS, text, at)?.[0];
  if (hyphens !== undefined) return readHyphens(text, at, at + hyphens.length);
  return readFilter(text, at) ?? readWord(text, at);
}

function readHyphens(text: string, from: number, to: number): Token {
  const next = text.charAt(to);
  if (next === "" || /\s/.test(next) || CLOSE.test(next)) return { kind: "dash", from, to };
  return { kind: "not", negates: (to - from) % 2 === 1, from, to };
}

function readFilter(text: string, from: number): FilterToken | null {
  const found = readName(text, from);
  if (found === null) return null;
  const { name, to: start } = found;
  if (QUOTE.test(text.charAt(start))) {
    const { text: value, to } = readQuoted(text, start);
    return { kind: "filter", name, value, isQuoted: true, valueAt: { from: start, to }, from, to };
  }
  const to = wordEnd(text, start);
  const value = text.slice(start, to).normalize("NFC");
  return { kind: "filter", name, value, isQuoted: false, valueAt: { from: start, to }, from, to };
}

function readWord(text: string, from: number): Token {
  const to = wordEnd(text, from);
  const word = text.slice(from, to).normalize("NFC");
  if (isOr(word)) return { kind: "or", from, to };
  const meant = meantBy(word);
  if (meant !== null) {
    const { name, filter } = meant;
    refuse(
      `There is no filter ${quoted(`${name}:`)}. Did you mean ${quoted(filter)}? In quotes it is looked for as it stands.`,
      { from, to: from + name.length + 1 },
    );
  }
  // A star alone is no beginning of anything.
  const prefix = word.length > 1 && word.endsWith("*");
  return { kind: "word", text: prefix ? word.slice(0, -1) : word, prefix, from, to };
}

/** From an opening quote to the next one; a quote that is written twice stands for itself. */
function readQuoted(text: string, from: number): Stretch & { text: string } {
  let content = "";
  let at = from + 1;
  while (at < text.length) {
    const sign = text.charAt(at);
    const isQuote = QUOTE.test(sign);
    const isDoubled = isQuote && text.charAt(at + 1) === sign;
    if (isQuote && !isDoubled) {
      const inner = content.trim().replaceAll(/\s+/g, " ").normalize("NFC");
      if (inner === "") refuse("There is nothing between these quotes.", { from, to: at + 1 });
      return { text: inner, from, to: at + 1 };
    }
    content += sign;
    at += isDoubled ? 2 : 1;
  }
  return refuse('This quote has no end. Add a second ", or remove it.', { from, to: text.length });
}

/** One of our filters' names with its colon. */
function readName(text: string, at: number): { name: FilterName; to: number } | null {
  const [whole = "", typed = ""] = matchAt(NAME_AND_COLON, text, at) ?? [];
  const name = filterName(typed);
  return name === null ? null : { name, to: at + whole.length };
}

/** The filter that a word was probably meant to be. A name with no word directly after it is none ("Title: …"). */
function meantBy(word: string): { name: string; filter: string } | null {
  const [whole = "", name = ""] = matchAt(NAME_AND_COLON, word, 0) ?? [];
  const filter = /[\p{L}\p{N}]/u.test(word.slice(whole.length)) ? meantFilter(name) : null;
  return filter === null ? null : { name, filter };
}

function isOr(word: string): boolean {
  return word.toLowerCase() === "or";
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !WORD_END.test(text.charAt(at))) at += 1;
  return at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  return at;
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}
