import { sql, type SQL } from "drizzle-orm";
import { todos } from "../db/schema/todos";
import type { QueryNode } from "../query/types";
import { wordForms } from "./word-forms";

/** Where words are looked for. */
export type Part = "anywhere" | "title" | "description";

/** The words of a part, as the text search has them; `search` holds those of the title with weight A, the others with B. */
export const wordsOf: Record<Part, SQL> = {
  anywhere: sql`${todos.search}`,
  title: sql`ts_filter(${todos.search}, '{a}')`,
  description: sql`ts_filter(${todos.search}, '{b}')`,
};

type Phrase = Extract<QueryNode, { kind: "phrase" }>;

/** Whether a node asks for words alone, in one place: then it is one tsquery. A phrase must not begin in the title and end in the description. */
export function isWords(node: QueryNode): boolean {
  if (node.kind === "and" || node.kind === "or") return node.nodes.every(isWords);
  return node.kind === "not" ? isWords(node.node) : node.kind === "word";
}

/**
 * The condition of words, as one tsquery. Words that the text search does not know ("the", "&") ask for nothing:
 * `whenEmpty` says what is true of a query of nothing else.
 */
export function wordsCondition(nodes: readonly QueryNode[], part: Part, whenEmpty: boolean): SQL {
  const query = tsquery({ kind: "and", nodes: [...nodes] });
  const found = sql`${wordsOf[part]} @@ ${query}`;
  // The index is on the words of everywhere and on those of the title.
  const here =
    part === "description" && !nodes.some(hasNot) ? sql`${todos.search} @@ ${query} and ${found}` : found;
  return orEmpty(query, here, whenEmpty);
}

/** The condition of a phrase, likewise. */
export function phraseCondition(phrase: Phrase, part: Part, whenEmpty: boolean): SQL {
  const query = tsquery(phrase);
  const inTitle = sql`${wordsOf.title} @@ ${query}`;
  const inDescription = sql`${wordsOf.description} @@ ${query}`;
  const found: Record<Part, SQL> = {
    anywhere: sql`${todos.search} @@ ${query} and (${inTitle} or ${inDescription})`,
    title: inTitle,
    description: sql`${todos.search} @@ ${query} and ${inDescription}`,
  };
  return orEmpty(query, found[part], whenEmpty);
}

function orEmpty(query: SQL, condition: SQL, whenEmpty: boolean): SQL {
  return whenEmpty ? sql`(numnode(${query}) = 0 or ${condition})` : sql`(${condition})`;
}

/** Words, or a phrase, as the text search asks for them. PostgreSQL computes it once, when it plans. */
export function tsquery(node: QueryNode): SQL {
  switch (node.kind) {
    case "and":
      return joined(node.nodes.map(tsquery), sql` && `);
    case "or":
      return joined(node.nodes.map(tsquery), sql` || `);
    case "not":
      return sql`(!! ${tsquery(node.node)})`;
    case "word":
      return node.prefix ? beginning(node.text) : sideBySide(node.text);
    case "phrase":
      return sideBySide(node.text);
    default:
      throw new TypeError(`${node.kind} is not a word`);
  }
}

/** Punctuation within a word separates words that stand side by side: "e-mail", "milk/bread". */
function sideBySide(text: string): SQL {
  return sql`phraseto_tsquery('app.english_unaccent', app.search_text(normalize(${text}, nfc)))`;
}

/**
 * Whatever begins with a text that may still go on. The words of the index are stems, which are often shorter than what
 * was typed on the way to one of their forms: "meeti" is on its way to "meeting", which is kept as "meet".
 */
function beginning(text: string): SQL {
  return joined([sql`app.beginning(${text})`, ...wordForms(text).map(sideBySide)], sql` || `);
}

function joined(queries: SQL[], operator: SQL): SQL {
  return queries.length === 1 ? sql`${queries[0]}` : sql`(${sql.join(queries, operator)})`;
}

function hasNot(node: QueryNode): boolean {
  if (node.kind === "and" || node.kind === "or") return node.nodes.some(hasNot);
  return node.kind === "not";
}
