import { sql, type SQL } from "drizzle-orm";
import type { QueryNode } from "../query/types";
import { queryCondition } from "../todos/query-conditions";
import { mine, notDeleted } from "../todos/rows";
import type { Word } from "../todos/text-conditions";
import { countOf } from "./ranked";

/** Among the words of how many of the newest titles a spelling is looked for. */
const TITLES = 1_500;
/** Of more words than these no spelling is looked for. */
const WORDS_MAX = 4;
/** How alike two words must be, by their trigrams; pg_trgm's own default. */
const SIMILARITY_MIN = 0.3;
const LENGTH_DIFFERENCE_MAX = 3;
const PUNCTUATION = `<>/\\@.&_:~=?#%+-,;!()[]{}"'“”„‘’«»…·–—|*`;

/**
 * The CTEs of a spelling for a search that found nothing: of every word that was looked for the nearest one in the
 * person's newest titles (`spelled`, null where none is near), and how many todos they find together (`respelled`). The
 * words come from the person's own rows only. None for a query that looks for no words, or for too many.
 */
export function spelling(query: QueryNode): { words: Word[]; ctes: SQL } | null {
  const words = wordsOf(query);
  if (words.length === 0 || words.length > WORDS_MAX) return null;
  const nearest = words.map((word) => nearestTo(word.text));
  const spelled = queryCondition(query, {
    wordOf: (word) => {
      const place = words.indexOf(word);
      return place === -1
        ? sql`${word.text}`
        : sql`coalesce((select words[${sql.raw(String(place + 1))}] from spelled), ${word.text})`;
    },
  });
  const ctes = sql`
    newest_titles as materialized (
      select lower(string_agg(title, ' ')) as words from (
        select title from todos
         where (select hits = 0 from counted) and ${mine} and ${notDeleted}
         order by created_at desc, id desc limit ${TITLES}
      ) recent
    ), known as materialized (
      select word, case when octet_length(word) = char_length(word) then word else unaccent(word) end as plain, times from (
        select btrim(word, ${PUNCTUATION}) as word, sum(times) as times from (
          select word, count(*) as times from string_to_table((select words from newest_titles), ' ') word group by word
        ) written group by 1
      ) words
    ), spelled as materialized (
      select array[${sql.join(nearest, sql`, `)}]::text[] as words from counted where hits = 0
    ), respelled as materialized (
      select words, case when exists (select from unnest(words) word where word is not null) then (${countOf(spelled)}) end::int as hits
        from spelled
    )`;
  return { words, ctes };
}

/** The words that a query looks for, but for those that must not be there. */
function wordsOf(node: QueryNode): Word[] {
  if (node.kind === "and" || node.kind === "or") return node.nodes.flatMap(wordsOf);
  return node.kind === "word" ? [node] : [];
}

/** The known word nearest to what was typed; null when none is near, or when it is known itself. */
function nearestTo(text: string): SQL {
  const length = Array.from(text).length;
  return sql`(
    select nullif(word, lower(${text})) from (
      select word, times, similarity(plain, unaccent(lower(${text}))) as alike, plain = any (${sql.param(swaps(text))}::text[]) as swapped
        from known
       where char_length(plain) between ${length - LENGTH_DIFFERENCE_MAX}::int and ${length + LENGTH_DIFFERENCE_MAX}::int
      offset 0
    ) near
    where alike >= ${SIMILARITY_MIN} or swapped
    order by alike = 1 desc, swapped desc, alike desc, times desc, word limit 1)`;
}

/** A word with two neighbouring letters changed round: the commonest slip, and one that trigrams of short words do not see. */
function swaps(text: string): string[] {
  const letters = Array.from(text.toLowerCase());
  return letters.slice(1).map((_, index) => {
    const swapped = [...letters];
    [swapped[index], swapped[index + 1]] = [letters[index + 1] ?? "", letters[index] ?? ""];
    return swapped.join("");
  });
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
