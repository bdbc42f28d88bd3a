import { sql, type SQL } from "drizzle-orm";
import { todos } from "../db/schema/todos";
import type { QueryNode } from "../query/types";
import { partOf } from "../todos/query-conditions";
import { joined, tsquery, type Part } from "../todos/text-conditions";
import { START, STOP } from "./marks";

const MARKS = `StartSel=${START}, StopSel=${STOP}`;
const WHOLE = `HighlightAll=true, ${MARKS}`;
const EXCERPT = `MaxFragments=2, MaxWords=24, MinWords=8, ShortWord=0, FragmentDelimiter=" … ", ${MARKS}`;

/** The title with the words marked that a query looks for there, whichever of them they are. */
export function markedTitle(query: QueryNode): SQL<string> {
  return sql`app.search_punctuation(
    ts_headline('app.english_unaccent', app.search_text(${todos.title}), ${lookedFor(query, "title")}, ${WHOLE}))`;
}

/** The places of the description that hold such words, or how it begins. */
export function markedDescription(query: QueryNode): SQL<string> {
  return sql`app.excerpt(${todos.description}, ${todos.search}, ${lookedFor(query, "description")}, ${EXCERPT})`;
}

function lookedFor(query: QueryNode, part: "title" | "description"): SQL {
  const leaves = leavesOf(query, "anywhere").filter((leaf) => leaf.part === "anywhere" || leaf.part === part);
  return leaves.length === 0
    ? sql`''::tsquery`
    : joined(
        leaves.map(({ node }) => tsquery(node)),
        sql` || `,
      );
}

type Leaf = { node: QueryNode; part: Part };

/** The words and phrases that a query looks for, and where, but for those that must not be there. */
function leavesOf(node: QueryNode, part: Part): Leaf[] {
  if (node.kind === "and" || node.kind === "or") {
    const here = node.kind === "and" ? (partOf(node.nodes) ?? part) : part;
    return node.nodes.flatMap((one) => leavesOf(one, here));
  }
  return node.kind === "word" || node.kind === "phrase" ? [{ node, part }] : [];
}
