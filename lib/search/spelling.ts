import { sql, type SQL } from "drizzle-orm";
import { COUNT_MAX } from "../db/limits";
import type { QueryNode } from "../query/types";
import { queryCondition } from "../todos/query-conditions";
import { isWords, tsquery, type Word } from "../todos/text-conditions";
import { countOf } from "./ranked";

/** Among the words of how many of the newest titles a spelling is looked for. */
const TITLES = 1_500;
/** Of more words than these no spelling is looked for. */
const WORDS_MAX = 4;

/**
 * The CTEs of a spelling for a search that found nothing: of every word that was looked for the nearest one in the
 * person's newest titles (`spelled`, null where none is near), and how many todos they find together (`respelled`). The
 * words come from the person's own rows only. None for a query that looks for no words, or for too many.
 */
export function spelling(query: QueryNode): { words: Word[]; ctes: SQL } | null {
  const words = wordsOf(query);
  if (words.length === 0 || words.length > WORDS_MAX) return null;
  const wordOf = (word: Word) => {
    const place = words.indexOf(word);
    return place === -1
      ? sql`${word.text}`
      : sql`coalesce((select words[${sql.raw(String(place + 1))}] from spelled), ${word.text})`;
  };
  const count = isWords(query)
    ? sql`app.count_words(${tsquery(query, wordOf)}, ${COUNT_MAX})`
    : countOf(queryCondition(query, { wordOf }));
  const ctes = sql`
    spelled as materialized (
      select app.nearest_words(${sql.param(words.map(({ text }) => text))}::text[], ${TITLES}) as words
        from counted where hits = 0
    ), respelled as materialized (
      select words, case when exists (select from unnest(words) word where word is not null) then (${count}) end::int as hits
        from spelled
    )`;
  return { words, ctes };
}

/** The words that a query looks for, but for those that must not be there. */
function wordsOf(node: QueryNode): Word[] {
  if (node.kind === "and" || node.kind === "or") return node.nodes.flatMap(wordsOf);
  return node.kind === "word" ? [node] : [];
}

/** The query with its words as they were spelled; a word that was still being typed is whole then. */
export function respell(
  node: QueryNode,
  words: readonly Word[],
  spelled: readonly (string | null)[],
): QueryNode {
  switch (node.kind) {
    case "and":
    case "or":
      return { ...node, nodes: node.nodes.map((one) => respell(one, words, spelled)) };
    case "word": {
      const text = spelled[words.indexOf(node)];
      return text === undefined || text === null ? node : { kind: "word", text, prefix: false };
    }
    default:
      return node;
  }
}
