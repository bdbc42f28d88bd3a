import { eq, sql } from "drizzle-orm";
import { attempt } from "../db/errors";
import { isId } from "../db/id";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import { fail, ok, type FieldErrors, type Result } from "../result";
import { LEFT_SENTENCES, type TransferRefusal } from "./bulk-types";
import { todoColumns } from "./rows";
import type { Todo } from "./types";

/**
 * Hands a todo of mine to another member of its organization: it leaves my lists for theirs, and stands in both our
 * histories. Being theirs already is success, so that a repeat after a lost reply is.
 * Refused as invalid: at `userId` when the organization has no such active member who may write, or is a personal one;
 * without a field when the todo is not mine to hand over. What lies in the trash is not_found.
 *
 * SERIALIZABLE, and the rows it depends on are locked (app.transfer_todos): raced against a suspension, a departure, a
 * deletion or another transfer, it happened before or after, never in between.
 */
export async function transferTodo(
  scope: Scope,
  { id, userId }: { id: string; userId: string },
): Promise<Result<Todo>> {
  if (!isId(id)) return fail("not_found");
  if (!isId(userId)) return refusal("not_member");
  const { db } = scope;
  return attempt(async () => {
    const [{ rows }, [todo]] = await scope.run(
      "todos.transferTodo",
      [
        db.execute<{ outcome: TransferRefusal | "transferred" | "already" }>(
          sql`select outcome from app.transfer_todos(array[${id}]::uuid[], ${userId})`,
        ),
        db.select(todoColumns).from(todos).where(eq(todos.id, id)),
      ],
      { serializable: true },
    );
    const [answer] = rows;
    if (answer === undefined || todo === undefined) return fail("not_found");
    const { outcome } = answer;
    return outcome === "transferred" || outcome === "already" ? ok(todo) : refusal(outcome);
  });
}

function refusal(reason: TransferRefusal): Result<never> {
  const message = LEFT_SENTENCES[reason];
  if (reason === "not_yours") return fail("invalid", { message });
  const fields: FieldErrors = { userId: [message] };
  return fail("invalid", { fields });
}
