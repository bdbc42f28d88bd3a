import { and, eq, sql, type SQL } from "drizzle-orm";
import { attempt } from "../db/errors";
import { isId } from "../db/id";
import { auditLogs } from "../db/schema/audit-logs";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import { fail, ok, type Result } from "../result";
import { freshRow, notDeleted } from "../todos/rows";
import type { Todo } from "../todos/types";
import { LOGGED_AS } from "./earlier-values";
import type { RevertibleField } from "./types";

const TYPES: Record<RevertibleField, "text" | "smallint" | "date" | "time"> = {
  title: "text",
  description: "text",
  priority: "smallint",
  dueDate: "date",
  dueTime: "time",
  scheduledFor: "date",
};

/**
 * Gives one field of a todo the value that it had before an entry of its history changed it. All rules of an edit hold.
 * Fails with conflict when the todo was changed since the version that the person saw (`current` is how it stands now),
 * unless it stands as wanted: then the reply to an earlier try was lost. Fails with not_found for what lies in the trash,
 * and for an entry that is not this todo's or did not change the field.
 */
export async function revertField(
  scope: Scope,
  input: { id: string; field: RevertibleField; entryId: string; version: number },
): Promise<Result<Todo, Todo>> {
  const { id, field, entryId, version } = input;
  if (!isId(id) || !isId(entryId)) return fail("not_found");
  const { db } = scope;
  const name = LOGGED_AS[field];
  const before: SQL = sql`(${auditLogs.changes} -> ${name}::text ->> 0)::${sql.raw(TYPES[field])}`;
  const ofTheTodo = and(
    eq(auditLogs.id, entryId),
    eq(auditLogs.entityId, todos.id),
    eq(auditLogs.entityType, "todo"),
    // What made the todo says nothing of a time before.
    sql`${auditLogs.changes} ? ${name}::text and not ${auditLogs.changes} ? 'id'`,
  );

  return attempt(async () => {
    const [updated, [found]] = await scope.run("audit.revertField", [
      db
        .update(todos)
        .set({ [field]: before })
        .from(auditLogs)
        .where(and(eq(todos.id, id), eq(todos.version, version), notDeleted, ofTheTodo))
        .returning({ id: todos.id }),
      db
        .select({ ...freshRow, asWanted: sql<boolean>`${todos[field]} is not distinct from ${before}` })
        .from(todos)
        .innerJoin(auditLogs, ofTheTodo)
        .where(eq(todos.id, id)),
    ]);
    if (found === undefined || found.todo.deletedAt !== null || !found.canWrite) return fail("not_found");
    if (updated.length === 1 || found.asWanted) return ok(found.todo);
    return fail("conflict", { current: found.todo });
  });
}
