import { eq, sql } from "drizzle-orm";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import { printQuery } from "../query/print";
import type { QueryNode } from "../query/types";
import { rowColumns } from "../todos/rows";
import { markedDescription, markedTitle } from "./highlight";
import { splitMarks } from "./marks";
import { ranked } from "./ranked";
import { respell, spelling } from "./spelling";
import type { SearchResult } from "./types";

/**
 * The person's own todos, but for those in the trash, that match a query: the 50 best, and how many are known. English
 * word forms, accents and case make no difference. What holds all the words in its title comes before what does not, then
 * the newest. When there is none, the nearest spelling that finds something, from the words of the person's own titles.
 */
export async function searchTodos(scope: Scope, { query }: { query: QueryNode }): Promise<SearchResult> {
  const respelling = spelling(query);
  const ctes = respelling === null ? ranked(query) : sql`${ranked(query)}, ${respelling.ctes}`;
  const best = sql`(
    with ${ctes}
    select page.*, counted.hits, counted.more, ${respelling === null ? sql`null::jsonb` : sql`(select to_jsonb(respelled) from respelled)`} as respelled
      from counted left join page on true) best`;
  const [rows] = await scope.run("search.searchTodos", [
    scope.db
      .select({
        todo: rowColumns,
        titleMarked: markedTitle(query),
        descriptionMarked: markedDescription(query),
        count: sql<number>`best.hits`,
        more: sql<boolean>`best.more`,
        respelled: sql<Respelled>`best.respelled`,
      })
      .from(best)
      .leftJoin(todos, eq(todos.id, sql`best.id`))
      .orderBy(sql`best.place`),
  ]);
  return {
    hits: rows.flatMap(({ todo, titleMarked, descriptionMarked }) =>
      todo === null
        ? []
        : [{ ...todo, titleParts: splitMarks(titleMarked), descriptionParts: splitMarks(descriptionMarked) }],
    ),
    count: rows[0]?.count ?? 0,
    more: rows[0]?.more ?? false,
    suggestion: suggestionOf(query, respelling?.words ?? [], rows[0]?.respelled ?? null),
  };
}

type Respelled = { words: (string | null)[]; hits: number | null } | null;

function suggestionOf(
  query: QueryNode,
  words: Parameters<typeof respell>[1],
  respelled: Respelled,
): SearchResult["suggestion"] {
  if (respelled === null || respelled.hits === null || respelled.hits === 0) return null;
  return { query: printQuery(respell(query, words, respelled.words)), count: respelled.hits };
}
