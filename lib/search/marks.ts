import type { MarkedPart } from "./types";

export const START = "\u0002";
export const STOP = "\u0003";

/**
 * Splits a text in which a search marked the words that matched. The marks are control characters, which no
 * text of ours holds, and whatever else the text says stays text: it is never read as HTML.
 */
export function splitMarks(text: string): MarkedPart[] {
  const parts: MarkedPart[] = [];
  for (const stretch of text.split(START)) {
    const [first = "", ...rest] = stretch.split(STOP);
    // Only the text before the first mark has no end of one.
    if (rest.length === 0) parts.push({ text: first, marked: false });
    else parts.push({ text: first, marked: true }, { text: rest.join(""), marked: false });
  }
  return parts.filter((part) => part.text !== "");
}
