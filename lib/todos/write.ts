import { and, eq, inArray, isNotNull, sql, type SQL } from "drizzle-orm";
import { attempt } from "../db/errors";
import { isId, newId } from "../db/id";
import { auditLogs } from "../db/schema/audit-logs";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import { fail, ok, type Result } from "../result";
import { freshRow, me, mine, newRow, notDeleted, rowEdit, todoColumns } from "./rows";
import { hasExactlyTags, setTags } from "./tag-links";
import type { NewTodo, Todo, TodoEdit, TodoStatus } from "./types";

/**
 * Writes on todos. Each is one batch: the write, then the fresh row. Each carries the state that it wants, so that
 * repeating it (a lost reply) changes nothing and answers the same. What is not there and what is not theirs is
 * "not_found". Inputs have passed the schemas of input.ts.
 */

/**
 * Adds a todo to my personal organization, with its tags: those it knows are found, others are made.
 * Repeating a create with the same id gives the todo as it now is and adds nothing.
 * Fails with invalid (due before the person's own today) and not_found (the id is taken by what is not mine).
 */
export async function createTodo(scope: Scope, input: NewTodo): Promise<Result<Todo>> {
  const { id = newId(), tags = [] } = input;
  if (!isId(id)) return fail("not_found");
  const values = newRow.parse(input);
  const dueDate = values.dueDate ?? null;
  const { db } = scope;
  const own = and(eq(todos.id, id), mine);

  return attempt(async () => {
    const [, , [[todo]]] = await Promise.all([
      scope.run("todos.createTodo", [
        // A repeated create may come after midnight.
        refuseLateUnless(db, dueDate, own),
        db
          .insert(todos)
          .values({ ...values, id, organizationId: sql`app.personal_organization_id()`, userId: me })
          .onConflictDoNothing({ target: todos.id }),
      ]),
      tags.length > 0 && setTags(scope, id, tags),
      scope.run("todos.createTodo.fresh", [db.select(todoColumns).from(todos).where(own)]),
    ]);
    return todo === undefined ? fail("not_found") : ok(todo);
  });
}

/**
 * Saves an edit; what it leaves out stays. Given tags become exactly the todo's tags.
 * Fails with conflict when the todo was changed since the version that the edit carries (`current` is how it stands
 * now), unless it stands as the edit wants it: then the reply to an earlier try was lost, and this is its answer.
 * Fails with invalid (priority or time without a due date), and with not_found also for what lies in the trash.
 */
export async function updateTodo(scope: Scope, edit: TodoEdit): Promise<Result<Todo, Todo>> {
  const { id, version, tags } = edit;
  if (!isId(id)) return fail("not_found");
  const values = rowEdit.parse(edit);
  const { db } = scope;

  return attempt(async () => {
    const [[updated], , [[found]]] = await Promise.all([
      scope.run("todos.updateTodo", [
        db
          .update(todos)
          // The version moves on also when only the tags are new.
          .set({ ...values, title: values.title ?? sql`${todos.title}` })
          .where(and(eq(todos.id, id), eq(todos.version, version), notDeleted))
          .returning({ id: todos.id }),
      ]),
      tags && setTags(scope, id, tags),
      scope.run("todos.updateTodo.fresh", [
        db
          .select({ ...freshRow, asWanted: sql<boolean>`${isAsWanted(edit, values)}` })
          .from(todos)
          .where(eq(todos.id, id)),
      ]),
    ]);
    if (found === undefined || found.todo.deletedAt !== null) return fail("not_found");
    const { todo, asWanted, canWrite } = found;
    if (updated.length === 1 || asWanted) return ok(todo);
    return canWrite ? fail("conflict", { current: todo }) : fail("not_found");
  });
}

/** Refuses a new todo that is due before the person's own today; what is `there` already may be late. */
export function refuseLateUnless(db: Scope["db"], dueDate: string | null, there: SQL | undefined) {
  return db.execute(sql`select app.guard(
    ${dueDate}::date is null or ${dueDate}::date >= app.today() or exists (select from ${todos} where ${there}),
    'CN422', 'dueDate: Choose today or a later day.')`);
}

/** Whether a todo stands as an edit wants it, tags included; `values` are the edit's columns. */
export function isAsWanted(
  { id, tags }: Pick<TodoEdit, "id" | "tags">,
  values: ReturnType<typeof rowEdit.parse>,
): SQL | undefined {
  // The schema gives no other keys than the columns it picked.
  const names = Object.keys(values) as (keyof typeof values)[];
  return and(
    sql`true`,
    ...names
      .filter((name) => values[name] !== undefined)
      .map((name) => sql`${todos[name]} is not distinct from ${values[name]}`),
    tags && hasExactlyTags(id, tags),
  );
}

/** From pending to in progress. */
export function startTodo(scope: Scope, input: { id: string }): Promise<Result<Todo>> {
  return changeStatus(scope, input.id, "in_progress", ["pending"], "Only a pending todo can be started.");
}

/** From pending or in progress to completed. */
export function completeTodo(scope: Scope, input: { id: string }): Promise<Result<Todo>> {
  const refusal = "A cancelled todo cannot be completed. Reopen it first.";
  return changeStatus(scope, input.id, "completed", ["pending", "in_progress"], refusal);
}

/** From completed or cancelled back to pending. */
export function reopenTodo(scope: Scope, input: { id: string }): Promise<Result<Todo>> {
  const refusal = "Only a completed or cancelled todo can be reopened.";
  return changeStatus(scope, input.id, "pending", ["completed", "cancelled"], refusal);
}

/** From pending or in progress to cancelled. */
export function cancelTodo(scope: Scope, input: { id: string }): Promise<Result<Todo>> {
  const refusal = "A completed todo cannot be cancelled. Reopen it first.";
  return changeStatus(scope, input.id, "cancelled", ["pending", "in_progress"], refusal);
}

/** Moves a todo to another status; being there already is success. Fails with invalid where no step leads there. */
async function changeStatus(
  scope: Scope,
  id: string,
  to: TodoStatus,
  from: TodoStatus[],
  refusal: string,
): Promise<Result<Todo>> {
  if (!isId(id)) return fail("not_found");
  return attempt(async () => {
    const [, [found]] = await scope.run("todos.changeStatus", [
      scope.db
        .update(todos)
        .set({ status: to })
        .where(and(eq(todos.id, id), notDeleted, inArray(todos.status, from))),
      scope.db.select(freshRow).from(todos).where(eq(todos.id, id)),
    ]);
    if (found === undefined || found.todo.deletedAt !== null) return fail("not_found");
    const { todo, canWrite } = found;
    if (todo.status === to) return ok(todo);
    if (!canWrite) return fail("not_found");
    // The step is a good one now, but was not when it was tried: somebody else moved it in between.
    if (from.includes(todo.status)) return fail("conflict", { current: todo });
    return fail("invalid", { message: refusal });
  });
}

/** Moves a todo to the trash. */
export function deleteTodo(scope: Scope, input: { id: string }): Promise<Result<Todo>> {
  return moveTodo(scope, input.id, "trash");
}

/** Takes a todo out of the trash, as it was. */
export function restoreTodo(scope: Scope, input: { id: string }): Promise<Result<Todo>> {
  return moveTodo(scope, input.id, "lists");
}

async function moveTodo(scope: Scope, id: string, to: "trash" | "lists"): Promise<Result<Todo>> {
  if (!isId(id)) return fail("not_found");
  const elsewhere = to === "trash" ? notDeleted : isNotNull(todos.deletedAt);
  return attempt(async () => {
    const [, [todo]] = await scope.run("todos.moveTodo", [
      scope.db
        .update(todos)
        .set({ deletedAt: to === "trash" ? sql`now()` : null })
        .where(and(eq(todos.id, id), elsewhere)),
      scope.db.select(todoColumns).from(todos).where(eq(todos.id, id)),
    ]);
    const isThere = todo !== undefined && (todo.deletedAt === null) === (to === "lists");
    return isThere ? ok(todo) : fail("not_found");
  });
}

/**
 * Deletes for ever what lies in the trash; the audit log, which keeps the title, also knows that a repeated purge was
 * done already. Fails with invalid for what is not in the trash.
 */
export async function purgeTodo(scope: Scope, { id }: { id: string }): Promise<Result<{ id: string }>> {
  if (!isId(id)) return fail("not_found");
  const { db } = scope;
  return attempt(async () => {
    const [, [left], purges] = await scope.run("todos.purgeTodo", [
      db.delete(todos).where(and(eq(todos.id, id), isNotNull(todos.deletedAt))),
      db.select({ deletedAt: todos.deletedAt }).from(todos).where(eq(todos.id, id)),
      db
        .select({ id: auditLogs.id })
        .from(auditLogs)
        .where(
          and(
            eq(auditLogs.entityId, id),
            eq(auditLogs.entityType, "todo"),
            eq(auditLogs.action, "purge"),
            eq(auditLogs.userId, me),
          ),
        )
        .limit(1),
    ]);
    if (left?.deletedAt === null) {
      return fail("invalid", { message: "Only what lies in the trash can be deleted for ever." });
    }
    return left === undefined && purges.length > 0 ? ok({ id }) : fail("not_found");
  });
}
