import { and, desc, eq } from "drizzle-orm";
import { isId } from "../db/id";
import { auditLogs } from "../db/schema/audit-logs";
import type { Scope } from "../db/scope";
import { entries } from "./entries";
import type { ActivityEntry } from "./types";

/** All that is asked of the log, and taken back by it; pages and actions import from here. */
export { listActivity } from "./activity";
export { revertField } from "./revert";
export { undoCommand } from "./undo";

const HISTORY_MAX = 100;

/** What happened to a todo, by whomever, newest first, the latest 100; nothing for a todo that is not theirs. */
export async function getHistory(scope: Scope, todoId: string): Promise<ActivityEntry[]> {
  if (!isId(todoId)) return [];
  const [rows] = await scope.run("audit.getHistory", [
    entries(scope)
      .where(and(eq(auditLogs.entityId, todoId), eq(auditLogs.entityType, "todo")))
      .orderBy(desc(auditLogs.id))
      .limit(HISTORY_MAX),
  ]);
  return rows;
}
