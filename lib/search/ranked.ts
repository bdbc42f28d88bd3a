import { sql, type SQL } from "drizzle-orm";
import { COUNT_MAX } from "../db/limits";
import { todos } from "../db/schema/todos";
import type { QueryNode } from "../query/types";
import { queryCondition } from "../todos/query-conditions";
import { mine, notDeleted } from "../todos/rows";
import { isText, joined, phraseInOnePart, tsquery, type Part } from "../todos/text-conditions";

export const HITS_MAX = 50;
/** How many of the newest todos are looked through before an index is asked. */
const NEAR = 3_000;
/** A beginning of fewer letters is that of so many words that it is long to gather what has one of them. */
const SHORT = 3;

/**
 * The CTEs of a search, of which `page` holds the best hits and their places, and `counted` how many are known, up to
 * COUNT_MAX, and whether there may be more. What stands in the title comes before what does not, then the newest.
 */
export function ranked(query: QueryNode): SQL {
  return isText(query) ? rankedByWords(query) : rankedByConditions(query);
}

/** Words and phrases alone are looked for by a function, which plans only what it does. */
function rankedByWords(query: QueryNode): SQL {
  const [words, whole] = [query, withoutBeginning(query)].map((one) =>
    tsquery(one, undefined, phraseInOnePart),
  );
  return sql`
    words as materialized (
      select * from app.search_words(${words}, ${whole}, ${HITS_MAX})
    ), page as materialized (
      select hit.id, hit.place from words cross join unnest(words.ids) with ordinality hit (id, place)
    ), counted as materialized (
      select least(hits, ${COUNT_MAX})::int as hits, more from words
    )`;
}

/** The words that a query asks for beside a short one that may still go on; all of them when there is none. */
function withoutBeginning(query: QueryNode): QueryNode {
  if (query.kind !== "and") return query;
  const nodes = query.nodes.filter(
    (node) => !(node.kind === "word" && node.prefix && node.text.length < SHORT),
  );
  return nodes.some((node) => node.kind === "word") ? { ...query, nodes } : query;
}

/**
 * What is common is found among the newest todos, and what is rare by an index: so the newest are looked through first,
 * and an index is asked only for what they did not bring, when it can not bring much either. Which is done is decided by
 * what was found while the statement runs, not by what the planner believes.
 */
function rankedByConditions(query: QueryNode): SQL {
  const own = sql`${mine} and ${notDeleted}`;
  const inTitle = queryCondition(query, { part: "title" });
  const [matching, matchingInTitle] =
    query.kind === "or"
      ? [anyOf(query.nodes, own, "anywhere"), anyOf(query.nodes, own, "title")]
      : [sql`${says(query)} and ${queryCondition(query)}`, inTitle];
  const [matchingRow, rowInTitle] = [
    sql`${says(query)} and ${queryCondition(query, { rowByRow: true })}`,
    queryCondition(query, { part: "title", rowByRow: true }),
  ];
  return sql`
    newest as materialized (
      select id, created_at, case when ${matchingRow} then (${rowInTitle}) is true end as in_title
        from (select * from todos where ${own} order by created_at desc, id desc limit ${NEAR}) todos
    ), near as materialized (
      select id, created_at, in_title from newest where in_title is not null
    ), nearby as materialized (
      select count(in_title) as hits, count(*) filter (where in_title) as titled, count(*) < ${NEAR} as complete from newest
    ), titled as materialized (
      select id, created_at, true as in_title from app.visible_todos ${todos}
       where (select not complete and titled < ${HITS_MAX} and hits >= ${HITS_MAX} from nearby)
         and ${own} and ${matchingInTitle} and (${matchingRow}) is true
    ), whole as materialized (
      select id, created_at, (${inTitle}) is true as in_title from app.visible_todos ${todos}
       where (select not complete and hits < ${HITS_MAX} from nearby) and ${own} and ${matching}
    ), page as materialized (
      select id, row_number() over (order by in_title desc, created_at desc, id desc) as place from (
        select * from near
         where (select complete or hits >= ${HITS_MAX} from nearby)
           and (not in_title or (select complete or titled >= ${HITS_MAX} from nearby))
        union all select * from titled
        union all select * from whole
      ) found
       order by place limit ${HITS_MAX}
    ), counted as materialized (
      -- What is known without looking further: all of them, or those among the newest.
      select least(case when complete or hits >= ${HITS_MAX} then hits else (select count(*) from whole) end, ${COUNT_MAX})::int
               as hits,
             not complete and hits >= ${HITS_MAX} as more
        from nearby
    )`;
}

/**
 * What matches one of some queries, each gathered by an index of its own: no index knows of a word or else a tag. Where
 * one of them matches much, the newest have brought a page before this is asked.
 */
function anyOf(queries: readonly QueryNode[], own: SQL, part: Part): SQL {
  const branches = queries.map(
    (query) => sql`
      select id from app.visible_todos ${todos} where ${own} and ${queryCondition(query, { part, whenEmpty: false })}`,
  );
  return sql`${todos.id} = any (array(${sql.join(branches, sql` union all `)}))`;
}

/** A query of nothing but words that the text search does not know ("the", "&") is no wish to see everything. */
function says(query: QueryNode): SQL {
  const words = textsOf(query);
  if (words === null) return sql`true`;
  return sql`numnode(${joined(
    words.map((word) => tsquery(word)),
    sql` || `,
  )}) > 0`;
}

/** The words and phrases of a query; null when it asks for anything else. */
function textsOf(node: QueryNode): QueryNode[] | null {
  if (node.kind === "word" || node.kind === "phrase") return [node];
  if (node.kind === "in") return [];
  if (node.kind === "not") return textsOf(node.node);
  if (node.kind !== "and" && node.kind !== "or") return null;
  const texts = node.nodes.map(textsOf);
  return texts.includes(null) ? null : texts.flatMap((found) => found ?? []);
}

/** How many of my todos match a condition, up to COUNT_MAX, by whichever index knows. */
export function countOf(matching: SQL): SQL {
  return sql`select count(*) from (
    select from app.visible_todos ${todos} where ${mine} and ${notDeleted} and ${matching} limit ${COUNT_MAX}) found`;
}
