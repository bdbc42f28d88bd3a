import { eq, sql } from "drizzle-orm";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import { rowColumns } from "../todos/rows";
import { searchInput } from "./input";
import { splitMarks } from "./marks";
import type { SearchHit } from "./types";

const HITS_MAX = 50;

/**
 * The person's own todos, but for those in the trash, that match a query as people type it into search engines: words,
 * "phrases", or, -words. English word forms, accents and case make no difference, nothing that is typed is a mistake, and
 * what stands in the title counts for more. The 50 best, best first; none for a query that says nothing, or that
 * searchInput refuses.
 */
export async function searchTodos(scope: Scope, input: { query: string }): Promise<{ hits: SearchHit[] }> {
  const parsed = searchInput.safeParse(input);
  if (!parsed.success || parsed.data.query === "") return { hits: [] };
  const [rows] = await scope.run("search.searchTodos", [
    scope.db
      .select({
        ...rowColumns,
        titleMarked: sql<string>`hit.title_marked`,
        descriptionMarked: sql<string>`hit.description_marked`,
      })
      .from(sql`app.search_todos(${parsed.data.query}, ${HITS_MAX}) hit`)
      .innerJoin(todos, eq(todos.id, sql`hit.id`))
      .orderBy(sql`hit.rank desc`, sql`${todos.createdAt} desc`, sql`${todos.id} desc`),
  ]);
  return {
    hits: rows.map(({ titleMarked, descriptionMarked, ...row }) => ({
      ...row,
      titleParts: splitMarks(titleMarked),
      descriptionParts: splitMarks(descriptionMarked),
    })),
  };
}
