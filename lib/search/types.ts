import type { TodoRow } from "../todos/types";

/** A stretch of a text, and whether it is one of the words that were looked for. */
export type MarkedPart = { text: string; marked: boolean };

export type SearchHit = TodoRow & {
  /** The whole title. */
  titleParts: MarkedPart[];
  /** The places in the description that matched best, else how it begins; none when there is no description. */
  descriptionParts: MarkedPart[];
};
