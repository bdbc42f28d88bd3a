import { parseQuery } from "../query/parse";
import type { Query, QueryProblem } from "../query/types";

/** What the search page's address asks for. */
export type SearchQuery = {
  /** Exactly as it was typed. */
  text: string;
  /** Null when it asks for nothing, and when it is no query. */
  query: Query;
  /** Why it is no query, and where in the text. */
  problem: QueryProblem | null;
};

/** Reads the search page's `q`. Of several the last counts. Its last word is taken as the beginning of one. */
export function parseSearchQuery(parameters: Record<string, string | string[] | undefined>): SearchQuery {
  const text = [parameters.q ?? ""].flat().at(-1) ?? "";
  const parsed = parseQuery(text, { typing: true });
  return parsed.ok
    ? { text, query: parsed.query, problem: null }
    : { text, query: null, problem: parsed.problem };
}
