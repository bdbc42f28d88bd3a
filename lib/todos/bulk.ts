import { and, inArray, isNotNull, sql, type SQL } from "drizzle-orm";
import { attempt } from "../db/errors";
import { isId } from "../db/id";
import {
  BULK_FOUND_MAX,
  BULK_IDS_MAX,
  BULK_LEFT_MAX,
  BULK_ROWS_MAX,
  DATE_MAX,
  DATE_MIN,
  PRIORITY_HIGH,
  TAGS_PER_TODO_MAX,
} from "../db/limits";
import { auditLogs, commandOrEntry } from "../db/schema/audit-logs";
import { todos } from "../db/schema/todos";
import type { Scope, Statement } from "../db/scope";
import { fail, fieldErrors, ok, type Result } from "../result";
import { bulkChangeInput } from "./bulk-change-input";
import {
  LEFT_SENTENCES,
  type BulkChange,
  type BulkOutcome,
  type BulkTarget,
  type LeftReason,
} from "./bulk-types";
import { matching } from "./conditions";
import { me, mine, notDeleted, rowColumns } from "./rows";
import type { TodoStatus } from "./types";

/** A statement's own answer: one row. */
type Answer = {
  changed: number;
  unchanged: number;
  leftCount: number;
  left: { id: string; reason: LeftReason }[];
};

/**
 * Does one thing to many todos: to those named (at most BULK_IDS_MAX), to all that a filter finds, or to all of my trash
 * (at most BULK_FOUND_MAX). One request and one command, set-based. What the same step on one todo would refuse is left
 * as it is and named with its reason; the others are changed all the same. What is not there, not theirs to change or,
 * but for deleting and restoring, in the trash is "not_found".
 *
 * No versions are compared: whoever asks for "completed" means it, whatever else was changed meanwhile. A due date is
 * only moved while the todo is open: when a done one was due is history.
 * Fails with invalid at a field of the change, at `ids`, or at `filter` when it finds more than BULK_FOUND_MAX; then
 * nothing was changed.
 */
export async function bulkTodos(
  scope: Scope,
  input: { target: BulkTarget; change: BulkChange; shown?: readonly string[] | undefined },
): Promise<Result<BulkOutcome>> {
  const { target } = input;
  const parsed = bulkChangeInput.safeParse(input.change);
  if (!parsed.success) return fail("invalid", { fields: fieldErrors(parsed.error) });
  const change = parsed.data;
  if (change.action === "transfer" && !isId(change.userId)) {
    return fail("invalid", { fields: { userId: [LEFT_SENTENCES.not_member] } });
  }
  const given = "ids" in target ? [...new Set(target.ids)] : [];
  if (given.length > BULK_IDS_MAX) {
    const message = `Choose at most ${BULK_IDS_MAX.toLocaleString("en")} todos at once.`;
    return fail("invalid", { fields: { ids: [message] } });
  }
  const ids = given.filter(isId);
  const shown = (input.shown ?? ids).filter(isId).slice(0, BULK_ROWS_MAX);
  const { db } = scope;
  const about = aboutOf(db, target, ids, change);

  return attempt(async () => {
    const isTransfer = change.action === "transfer";
    const [answers, rows] = await Promise.all([
      scope.run("todos.bulkTodos", [...about.bounds, ...statementsOf(about, change)], {
        serializable: isTransfer,
      }),
      scope.run("todos.bulkTodos.fresh", [
        db
          .select(rowColumns)
          .from(todos)
          .where(and(inArray(todos.id, shown), isTransfer ? mine : undefined)),
      ]),
    ]);
    const { changed, unchanged, leftCount, left } = readAnswer(answers.at(-1));
    const malformed = given.filter((id) => !isId(id)).map((id) => ({ id, reason: "not_found" as const }));
    return ok({
      commandId: change.action === "shift" ? change.key : scope.commandId,
      changed,
      unchanged,
      leftCount: leftCount + malformed.length,
      left: [...left, ...malformed].slice(0, BULK_LEFT_MAX),
      rows: rows[0],
    });
  });
}

type About = {
  db: Scope["db"];
  /** Named by the target; none when it is a filter. */
  ids: readonly string[];
  /** Chooses the rows of todos that it is about. */
  found: SQL;
  /** Sent before anything is done: refuses when they are too many. */
  bounds: Statement[];
};

function aboutOf(db: Scope["db"], target: BulkTarget, ids: readonly string[], change: BulkChange): About {
  const { action } = change;
  const alive = action === "delete" || action === "restore" ? undefined : notDeleted;
  if ("ids" in target) {
    return { db, ids, found: sql`${and(sql`${todos.id} = any (${uuids(ids)})`, alive)}`, bounds: [] };
  }
  // A subquery without an order, so that no index is walked along that has nothing to do with the filter.
  const wanted = "trash" in target ? and(mine, isNotNull(todos.deletedAt)) : matching(target.filter);
  const most = "tags" in change ? Math.floor(BULK_FOUND_MAX / change.tags.length) : BULK_FOUND_MAX;
  const some = sql`(select ${todos.id} from ${todos} where ${wanted} limit ${most + 1})`;
  const refusal = `filter: These are more than ${most.toLocaleString("en")} todos. Narrow the list first.`;
  const isBounded = db.execute(
    sql`select app.guard((select count(*) from ${some} found) <= ${most}, 'CN422', ${refusal})`,
  );
  return { db, ids, found: sql`${and(sql`${todos.id} in ${some}`, alive)}`, bounds: [isBounded] };
}

function statementsOf(about: About, change: BulkChange): Statement[] {
  switch (change.action) {
    case "start":
      return [
        changeRows(about, ...status("in_progress", sql`status in ('completed', 'cancelled')`, "closed")),
      ];
    case "complete":
      return [changeRows(about, ...status("completed", sql`status = 'cancelled'`, "cancelled"))];
    case "reopen":
      return [changeRows(about, ...status("pending", sql`status = 'in_progress'`, "open"))];
    case "cancel":
      return [changeRows(about, ...status("cancelled", sql`status = 'completed'`, "completed"))];
    case "delete":
      return [changeRows(about, sql`when deleted_at is not null then 'already'`, sql`deleted_at = now()`)];
    case "restore":
      return [changeRows(about, sql`when deleted_at is null then 'already'`, sql`deleted_at = null`)];
    case "priority":
      return [changeRows(about, ...priority(change.priority))];
    case "due":
      return [changeRows(about, ...due(change.dueDate))];
    case "shift":
      return shift(about, change);
    case "tag":
    case "untag":
      return tags(about, change.action, change.tags);
    case "transfer":
      return [transfer(about, change.userId)];
    default:
      return change satisfies never;
  }
}

/** A reason to leave a picked row, as the branches of a CASE, and what the others are set to. */
type Rule = [reasons: SQL, assignments: SQL];

function status(to: TodoStatus, refused: SQL, reason: LeftReason): Rule {
  const wanted = literal(to);
  return [
    sql`when status = ${wanted} then 'already' when ${refused} then ${literal(reason)}`,
    sql`status = ${wanted}`,
  ];
}

function priority(to: number): Rule {
  return [
    sql`when priority = ${to} then 'already'
        when ${to}::integer >= ${PRIORITY_HIGH} and due_date is null then 'needs_due_date'`,
    sql`priority = ${to}`,
  ];
}

function due(to: string | null): Rule {
  return [
    sql`when not ${isOpen} then 'closed' when due_date is not distinct from ${to}::date then 'already'
        when ${to}::date is null and priority >= ${PRIORITY_HIGH} then 'needs_due_date'`,
    sql`due_date = ${to}::date, due_time = case when ${to}::date is not null then todos.due_time end`,
  ];
}

function shift(about: About, { days, key }: { days: number; key: string }): Statement[] {
  const movedBefore = about.db
    .select({ id: auditLogs.entityId })
    .from(auditLogs)
    .where(and(sql`${auditLogs.userId} = ${me}`, sql`${commandOrEntry(auditLogs)} = ${key}`));
  return [
    // One key at a time, so that the second of two sees what the first has moved.
    about.db.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0)), set_config('app.command_id', ${key}, true)`,
    ),
    changeRows(
      about,
      sql`when id in (${movedBefore}) then 'already' when not ${isOpen} then 'closed'
          when due_date is null then 'no_due_date'
          when due_date + ${days}::integer not between ${DATE_MIN}::date and ${DATE_MAX}::date then 'out_of_range'`,
      sql`due_date = todos.due_date + ${days}::integer`,
    ),
  ];
}

function tags(about: About, action: "tag" | "untag", given: readonly string[]): Statement[] {
  const { db } = about;
  const names = sql`${JSON.stringify(given.map((name, position) => ({ name, position })))}::jsonb`;
  const wanted = sql`(select distinct lower(name) as name from jsonb_to_recordset(${names}) as given (name text))`;
  // Of all the tags of their organizations, these alone are joined with the todos.
  const named = sql`tagged as materialized (
    select id as tag_id, organization_id from tags
     where organization_id in (select organization_id from picked) and lower(name) in (select name from ${wanted} wanted))`;
  // From here on their rows stay as they are, so that what the next statements see of their tags is all there is.
  const lock = db.execute(sql`with ${picked(about)} select count(*) from picked`);
  if (action === "untag") {
    return [
      lock,
      db.execute(sql`with ${lockedBefore(about)}, ${named}, unlinked as (
        delete from todo_tags link using picked, tagged
         where link.todo_id = picked.id and link.tag_id = tagged.tag_id
        returning link.todo_id
      ), judged as materialized (
        select id, case when id not in (select todo_id from unlinked) then 'already' end as reason from picked
      ), ${touched} ${answer(about)}`),
    ];
  }
  return [
    lock,
    // In the order of names, so that two people who make the same tags do not wait for each other in a circle.
    db.execute(sql`with ${lockedBefore(about)}
      insert into tags (id, organization_id, name)
      select app.uuid_v7(), organization_id, name from (
        select distinct on (lower(given.name), here.organization_id) here.organization_id, given.name
          from (select distinct organization_id from picked) here,
               jsonb_to_recordset(${names}) as given (name text, position integer)
         where not exists (select from tags known
           where known.organization_id = here.organization_id and lower(known.name) = lower(given.name))
         order by lower(given.name), here.organization_id, given.position) new
      on conflict (organization_id, lower(name)) do nothing`),
    // One that was just deleted, merged or renamed by somebody else must not be left out without a word: from here on
    // they all stay as they are, or (40001) all of this is undone and done again.
    db.execute(sql`with ${lockedBefore(about)}, here as (select distinct organization_id from picked)
      select app.guard(
        (select count(*) from (
          select from tags tag
           where tag.organization_id in (select organization_id from here)
             and lower(tag.name) in (select name from ${wanted} wanted)
           order by tag.id for share) held)
        = (select count(*) from here) * (select count(*) from ${wanted} wanted), '40001', 'A tag was taken away.')`),
    db.execute(sql`with ${lockedBefore(about)}, ${named}, missing as materialized (
        select picked.id, organization_id, tagged.tag_id
          from picked join tagged using (organization_id)
         where not exists (select from todo_tags link where link.todo_id = picked.id and link.tag_id = tagged.tag_id)
      ), judged as materialized (
        select id, case when missing.count is null then 'already'
                        when missing.count + (select count(*) from todo_tags link where link.todo_id = id)
                             > ${TAGS_PER_TODO_MAX} then 'too_many_tags' end as reason
          from picked left join (select id, count(*) from missing group by id) missing using (id)
      ), linked as (
        insert into todo_tags (organization_id, todo_id, tag_id)
        select organization_id, id, tag_id from missing
         where id not in (select id from judged where reason is not null) -- hashed, where a join could be a nested loop
      ), ${touched} ${answer(about)}`),
  ];
}

function transfer(about: About, userId: string): Statement {
  return about.db.execute(sql`with judged as materialized (
      select id, case outcome when 'transferred' then null else outcome end as reason
        from app.transfer_todos(array(select ${todos.id} from ${todos} where ${about.found}), ${userId})
    ), changed as (select id from judged where reason is null) ${answer(about)}`);
}

const isOpen = sql`status in ('pending', 'in_progress')`;

/** The rows, locked in one order for everybody and read as they are then; those that are not theirs to change are hidden. */
function picked({ found }: About): SQL {
  return sql`picked as materialized (
    select id, organization_id, status, priority, due_date, deleted_at from ${todos} where ${found}
     order by id for no key update)`;
}

/** The same rows in a statement after one that has locked them. */
function lockedBefore({ found }: About): SQL {
  return sql`picked as materialized (
    select id, organization_id from ${todos}
     where ${found} and organization_id = any ((select app.writable_organization_ids())::uuid[]))`;
}

/** The version moves on also when only the tags are new. */
const touched = sql`changed as (
  update todos set priority = todos.priority from judged where todos.id = judged.id and judged.reason is null
  returning todos.id)`;

function changeRows(about: About, reasons: SQL, assignments: SQL): Statement {
  return about.db.execute(sql`with ${picked(about)}, judged as materialized (
      select id, case ${reasons} end as reason from picked
    ), changed as (
      update todos set ${assignments} from judged where todos.id = judged.id and judged.reason is null
      returning todos.id
    ) ${answer(about)}`);
}

/** What became of the rows of `judged` and `changed`. */
function answer({ ids }: About): SQL {
  return sql`, rest as (
      select id, reason from judged where reason <> 'already'
      union all
      select id, 'not_found' from unnest(${uuids(ids)}) as named (id) where id not in (select id from judged)
    ) select
      (select count(*)::integer from changed) as changed,
      (select count(*)::integer from judged where reason = 'already') as unchanged,
      (select count(*)::integer from rest) as "leftCount",
      (select coalesce(json_agg(first), '[]') from (select id, reason from rest limit ${BULK_LEFT_MAX}) first) as "left"`;
}

function readAnswer(result: unknown): Answer {
  // The last statement is always one of answer()'s.
  const [row] = (result as { rows: Answer[] }).rows;
  if (row === undefined) throw new Error("A command on many todos gave no row");
  return row;
}

/** Ids as one parameter. They have the form of ids, so nothing in them needs quoting. */
function uuids(ids: readonly string[]): SQL {
  return sql`${`{${ids.join(",")}}`}::uuid[]`;
}

function literal(word: TodoStatus | LeftReason): SQL {
  return sql.raw(`'${word}'`);
}
