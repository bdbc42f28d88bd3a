import { and, eq, not, sql } from "drizzle-orm";
import { attempt } from "../db/errors";
import { isId } from "../db/id";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import { fail, ok, type Result } from "../result";
import { me, mine, newRow, notDeleted, todoColumns } from "./rows";
import { setTags, writtenHere } from "./tag-links";
import type { NewTodo, Todo } from "./types";
import { isAsWanted, refuseLateUnless, updateTodo } from "./write";

/** A todo as it shall be, whether it is there already or not. What is left out is empty in a new one, and stays in an old one. */
export type TodoUpsert = NewTodo & {
  id: string;
  /** Given, this is an edit of that version: updateTodo's rules hold, and nothing is added. */
  version?: number | undefined;
};

/**
 * Adds a todo under its id, or brings mine of that id to these values: for whoever knows how a todo shall be, and not
 * whether it was added before (an import, a queue of writes made offline). Without a version the last one to write wins.
 * Repeating it changes nothing.
 * Fails with invalid (a new one due before the person's own today, priority or time without a due date), with conflict
 * (only with a version; `current` is how it stands), and with not_found for an id that is taken by what is not mine, or
 * by what lies in the trash.
 */
export async function upsertTodo(scope: Scope, input: TodoUpsert): Promise<Result<Todo, Todo>> {
  const { id, tags, version } = input;
  if (version !== undefined) return updateTodo(scope, { ...input, version });
  if (!isId(id)) return fail("not_found");
  const values = newRow.parse(input);
  const dueDate = values.dueDate ?? null;
  const { db } = scope;
  const own = and(eq(todos.id, id), mine);
  const asWanted = sql<boolean>`(${isAsWanted(input, values)})`;

  return attempt(async () => {
    const [, , [[found]]] = await Promise.all([
      scope.run("todos.upsertTodo", [
        refuseLateUnless(db, dueDate, own),
        // The insert first: after an update that found nothing, it could meet somebody else's and leave theirs. What is
        // there already is not tried as a new row, whose rules hold for what is left out, too.
        db.execute(sql`
          insert into todos (id, organization_id, user_id, title, description, priority, due_date, due_time, scheduled_for)
          select ${id}::uuid, app.personal_organization_id(), ${me}, ${values.title}, ${values.description ?? ""},
                 ${values.priority ?? 0}::smallint, ${dueDate}::date, ${values.dueTime ?? null}::time,
                 ${values.scheduledFor ?? null}::date
           where not exists (select from ${todos} where ${own})
          on conflict (id) do nothing`),
        // Held first, so that the second of two that come at once sees what the first did to its tags, too.
        db.select({ id: todos.id }).from(todos).where(and(own, notDeleted)).for("no key update"),
        db
          .update(todos)
          .set(values)
          .where(and(own, notDeleted, sql`${writtenHere} is not true`, not(asWanted))),
      ]),
      tags && setTags(scope, id, tags),
      scope.run("todos.upsertTodo.fresh", [
        db.select({ todo: todoColumns, asWanted }).from(todos).where(and(own, notDeleted)),
      ]),
    ]);
    // Mine, but in an organization where I may only look on by now.
    return found?.asWanted === true ? ok(found.todo) : fail("not_found");
  });
}
