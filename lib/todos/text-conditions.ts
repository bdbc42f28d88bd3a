import { sql, type SQL } from "drizzle-orm";
import { todos } from "../db/schema/todos";
import type { QueryNode } from "../query/types";
import { wordForms } from "./word-forms";

/** Where words are looked for. */
export type Part = "anywhere" | "title" | "description";

/** How words become a condition. */
export type TextContext = {
  part: Part;
  /** What is true of words that the text search does not know ("the", "&"), which ask for nothing. */
  whenEmpty: boolean;
  /** The words that stand in a node's place; by default its own. */
  wordOf?: ((node: Word) => SQL) | undefined;
};

export type Word = Extract<QueryNode, { kind: "word" }>;
type Phrase = Extract<QueryNode, { kind: "phrase" }>;

/** The words of a part, as the text search has them: `search` holds those of the title with weight A, the others with B. */
const wordsOf: Record<Part, SQL> = {
  anywhere: sql`${todos.search}`,
  title: sql`ts_filter(${todos.search}, '{a}')`,
  description: sql`ts_filter(${todos.search}, '{b}')`,
};

/** Whether a node asks for single words alone: then it is one tsquery, whatever its "or" and "not". */
export function isWords(node: QueryNode): boolean {
  if (node.kind === "and" || node.kind === "or") return node.nodes.every(isWords);
  return node.kind === "not" ? isWords(node.node) : node.kind === "word";
}

/** Whether a node asks for words and phrases alone. */
export function isText(node: QueryNode): boolean {
  if (node.kind === "and" || node.kind === "or") return node.nodes.every(isText);
  return node.kind === "not" ? isText(node.node) : node.kind === "word" || node.kind === "phrase";
}

/** The condition of words that stand beside each other. */
export function wordsCondition(nodes: readonly QueryNode[], context: TextContext): SQL {
  const query = joined(
    nodes.map((node) => tsquery(node, context.wordOf)),
    sql` && `,
  );
  const found = matches(wordsOf[context.part], query);
  // The words of descriptions have no index of their own.
  const indexed = context.part === "description" && !nodes.some(hasNot);
  return orEmpty(query, indexed ? sql`${matches(wordsOf.anywhere, query)} and ${found}` : found, context);
}

/** The condition of a phrase. It stands in one of the parts: it does not begin in the title and end in the description. */
export function phraseCondition(phrase: Phrase, context: TextContext): SQL {
  const query = tsquery(phrase);
  const [anywhere, inTitle, inDescription] = [wordsOf.anywhere, wordsOf.title, wordsOf.description].map(
    (words) => matches(words, query),
  );
  const found: Record<Part, SQL> = {
    anywhere: sql`${anywhere} and (${inTitle} or ${inDescription})`,
    title: sql`${inTitle}`,
    description: sql`${anywhere} and ${inDescription}`,
  };
  return orEmpty(query, found[context.part], context);
}

/**
 * In a subquery, so that the planner does not know the words: with them it would choose by how common they are among
 * everybody, and what is common to all can be rare for one.
 */
function matches(words: SQL, query: SQL): SQL {
  return sql`${words} @@ (select ${query})`;
}

/** What is known when the statement is planned, as numnode of somebody's words is, is left out of the plan. */
function orEmpty(query: SQL, condition: SQL, { whenEmpty, wordOf }: TextContext): SQL {
  return whenEmpty && wordOf === undefined
    ? sql`(numnode(${query}) = 0 or ${condition})`
    : sql`(${condition})`;
}

/**
 * Words and phrases as the text search asks for them.
 * @param phraseOf what is asked for in a phrase's place; by default its words side by side, wherever
 */
export function tsquery(node: QueryNode, wordOf?: (node: Word) => SQL, phraseOf = phraseAnywhere): SQL {
  switch (node.kind) {
    case "and":
    case "or":
      return joined(
        node.nodes.map((one) => tsquery(one, wordOf, phraseOf)),
        node.kind === "and" ? sql` && ` : sql` || `,
      );
    case "not":
      return sql`(!! ${tsquery(node.node, wordOf, phraseOf)})`;
    case "word":
      if (wordOf !== undefined) return sideBySide(searchText(wordOf(node)));
      return node.prefix ? beginning(node.text) : sideBySide(typed(node.text));
    case "phrase":
      return phraseOf(node);
    default:
      throw new TypeError(`${node.kind} asks for no words`);
  }
}

function phraseAnywhere(phrase: Phrase): SQL {
  return sideBySide(typed(phrase.text));
}

/** A phrase in the title or in the description. */
export function phraseInOnePart(phrase: Phrase): SQL {
  const words = phraseAnywhere(phrase);
  return sql`(app.in_part(${words}, 'a') || app.in_part(${words}, 'b'))`;
}

function sideBySide(words: SQL): SQL {
  return sql`phraseto_tsquery('app.english_unaccent', ${words})`;
}

/**
 * Whatever begins with a text that may still go on. The words of the index are stems, which are often shorter than what
 * was typed on the way to one of their forms: "meeti" is on its way to "meeting", which is kept as "meet".
 */
function beginning(text: string): SQL {
  const forms = wordForms(text).map((form) => sideBySide(typed(form)));
  return joined([sql`app.beginning(${typed(text)})`, ...forms], sql` || `);
}

/** What was typed, as the text search reads it. Letters alone are nothing else to it, and that need not be asked each time. */
function typed(text: string): SQL {
  return /^[\p{L}\p{N}]+$/u.test(text) ? normalized(sql`${text}`) : searchText(sql`${text}`);
}

/** Punctuation within a word separates words that stand side by side: "e-mail", "milk/bread". */
function searchText(text: SQL): SQL {
  return sql`app.search_text(${normalized(text)})`;
}

function normalized(text: SQL): SQL {
  return sql`normalize(${text}, nfc)`;
}

export function joined(queries: SQL[], operator: SQL): SQL {
  const [only] = queries;
  return queries.length === 1 && only !== undefined ? only : sql`(${sql.join(queries, operator)})`;
}

function hasNot(node: QueryNode): boolean {
  if (node.kind === "and" || node.kind === "or") return node.nodes.some(hasNot);
  return node.kind === "not";
}
