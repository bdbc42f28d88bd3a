import { and, eq, inArray, sql } from "drizzle-orm";
import { attempt } from "../db/errors";
import { isId } from "../db/id";
import { UNDO_ROWS_MAX } from "../db/limits";
import { auditLogs, commandOrEntry } from "../db/schema/audit-logs";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import { fail, ok, type Result } from "../result";
import { me, todoColumns } from "../todos/rows";
import type { LeftRow, Undone } from "./types";

/** What app.undo_command gives (drizzle/0007_undo.sql). */
type Answer =
  | { commandId: string; undone: number; tags: boolean; leftCount: number; left: LeftRow[] }
  | { refused: keyof typeof REFUSALS };

const REFUSALS = {
  nothing: "This cannot be undone.",
  too_much: "This changed too much at once to be undone.",
};

/**
 * Takes back everything that one request of mine did, in one transaction and as a command of its own: undoing that does
 * it again. A row that stands otherwise than the command left it is left as it is, and named; a todo with its tags is
 * taken back whole or not at all. What was made goes to the trash (a tag, which has none, is deleted), so that it can
 * come back as it was. Repeating an undo changes nothing and answers the same command.
 * Fails with not_found for a command that is not mine, did nothing, or lies where I may not write any more; with invalid
 * for what cannot be taken back (deleting for ever, signing in, settings).
 */
export async function undoCommand(
  scope: Scope,
  { commandId }: { commandId: string },
): Promise<Result<Undone, never>> {
  if (!isId(commandId)) return fail("not_found");
  const { db } = scope;
  return attempt(async () => {
    const [{ rows }, touched] = await scope.run("audit.undoCommand", [
      db.execute<{ answer: Answer }>(sql`select app.undo_command(${commandId}) as answer`),
      db
        .select(todoColumns)
        .from(todos)
        .where(
          inArray(
            todos.id,
            db
              .selectDistinct({ id: auditLogs.entityId })
              .from(auditLogs)
              .where(
                and(
                  eq(auditLogs.userId, me),
                  eq(commandOrEntry(auditLogs), commandId),
                  eq(auditLogs.entityType, "todo"),
                ),
              )
              .limit(UNDO_ROWS_MAX),
          ),
        ),
    ]);
    const answer = rows[0]?.answer;
    if (answer === undefined) throw new Error("Undoing gave no row");
    if ("refused" in answer) return fail("invalid", { message: REFUSALS[answer.refused] });
    return ok({ ...answer, todos: touched });
  });
}
