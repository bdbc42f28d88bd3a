import type { SQL, SQLWrapper } from "drizzle-orm";
import type { Database } from "../../lib/db/client";
import { nameStatements, type Statement } from "../../lib/db/named";
import { callStatement, type Call, type Scope } from "../../lib/db/scope";

/** A statement that was asked for and not run. */
export type RecordedStatement = { name: string; sql: SQL };

/**
 * What a repository function asks of its scope. It is given no rows, so what it makes of them means nothing and is let be.
 * @param scope for building statements
 */
export async function recordStatements(
  scope: Scope,
  work: (scope: Scope) => Promise<unknown>,
): Promise<RecordedStatement[]> {
  const recorded: RecordedStatement[] = [];
  const run = (name: string, statements: readonly Statement[]) => {
    for (const { name: itsName, statement } of nameStatements(name, statements)) {
      recorded.push({ name: itsName, sql: sqlOf(statement) });
    }
    return Promise.resolve(statements.map(noRows));
  };
  const call = (name: string, asked: Call) => {
    recorded.push({ name, sql: callStatement(asked) });
    return Promise.resolve(null);
  };
  // What they answer with is of nobody's type: see above.
  const { db, commandId, sealed } = scope;
  const recorder: Scope = {
    db,
    commandId,
    sealed,
    run: run as unknown as Scope["run"],
    call: call as unknown as Scope["call"],
    actor: () => scope.actor(),
  };
  await work(recorder).catch(() => undefined);
  return recorded;
}

/** What a function of lib/auth or lib/jobs asks of the owner's database, likewise. */
export async function recordBatches(
  db: Database,
  name: string,
  work: (db: Database) => Promise<unknown>,
): Promise<RecordedStatement[]> {
  const recorded: Statement[] = [];
  const batch = (statements: readonly Statement[]) => {
    recorded.push(...statements);
    return Promise.resolve(statements.map(noRows));
  };
  const recorder: Database = Object.create(db, { batch: { value: batch } });
  await work(recorder).catch(() => undefined);
  return nameStatements(name, recorded).map((one) => ({ name: one.name, sql: sqlOf(one.statement) }));
}

/** As builders and `execute` give it. */
function noRows() {
  return Object.assign([], { rows: [], rowCount: 0 });
}

/** Every statement of Drizzle's can say its SQL; the type of a batch's items does not tell. */
function sqlOf(statement: Statement): SQL {
  return (statement as unknown as SQLWrapper).getSQL();
}
