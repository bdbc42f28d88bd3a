import type { BatchItem } from "drizzle-orm/batch";

/** A statement of Drizzle's, as batches take it. */
export type Statement = BatchItem<"pg">;

/** What statements give, in their order. */
export type Results<Statements extends readonly Statement[]> = {
  [Index in keyof Statements]: Statements[Index]["_"]["result"];
};

/** A statement and whose it is: see `Scope.run`. */
export type NamedStatement = { name: string; statement: Statement };

/** What a batch of Drizzle's asks of its items; its types leave it out. */
type Preparable = { _prepare(): { getQuery(): { sql: string; params: unknown[] } } };

/**
 * The same statement with its name in a comment before its SQL, which is how pg_stat_statements and the server's log
 * know whose it is. Names are ours ("todos.listTodos"), never anything from a request.
 */
export function named<Named extends Statement>(name: string, statement: Named): Named {
  const prepare = () => {
    // oxlint-disable-next-line eslint/no-underscore-dangle -- Drizzle's own name
    const prepared = (statement as unknown as Preparable)._prepare();
    const { sql: text, params } = prepared.getQuery();
    const query = { sql: nameComment(name) + text, params };
    return Object.create(prepared, { getQuery: { value: () => query } });
  };
  return Object.create(statement, { _prepare: { value: prepare } });
}

/** The comment alone, for a statement that is a text. */
export function nameComment(name: string): string {
  return `/* ${name} */ `;
}

/** A repository function's statements under its name, numbered where it sends several. */
export function nameStatements(name: string, statements: readonly Statement[]): NamedStatement[] {
  return statements.map((statement, index) => ({
    name: statements.length === 1 ? name : `${name}.${index + 1}`,
    statement,
  }));
}
