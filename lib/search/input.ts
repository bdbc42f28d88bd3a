import { z } from "zod";
import { SEARCH_QUERY_MAX } from "../db/limits";
import { singleLine } from "../text";

/** What people type into the search box: words, "phrases", or, and -words that must not be there. May be empty. */
export const searchInput = z.object({ query: singleLine(SEARCH_QUERY_MAX) });

/** What the search page's address asks for. */
export type SearchQuery = {
  query: string;
  /** Why it can not be searched for; then it is not, but it stays in the box as it was typed. */
  problem: string | null;
};

/** Reads the search page's `q`. Of several the last counts. */
export function parseSearchQuery(parameters: Record<string, string | string[] | undefined>): SearchQuery {
  const query = [parameters.q ?? ""].flat().at(-1) ?? "";
  const parsed = searchInput.safeParse({ query });
  if (parsed.success) return { query: parsed.data.query, problem: null };
  return { query, problem: parsed.error.issues[0]?.message ?? "This cannot be searched for." };
}
