import type { TodoRow } from "../todos/types";

/** A stretch of a text, and whether it is one of the words that were looked for. */
export type MarkedPart = { text: string; marked: boolean };

export type SearchHit = TodoRow & {
  /** The whole title. */
  titleParts: MarkedPart[];
  /** The places in the description that matched best, else how it begins; none when there is no description. */
  descriptionParts: MarkedPart[];
};

export type SearchResult = {
  hits: SearchHit[];
  /** How many are known; stops at COUNT_MAX. */
  count: number;
  /** Whether there may be more than `count`: not all were counted. */
  more: boolean;
  /** The query in the nearest spelling that finds something, and how much; only when nothing was found. */
  suggestion: { query: string; count: number } | null;
};
