import type { TestDatabase } from "../helpers/database";
import { A_JOB, labelTag, type AuditState, type Changes, type State } from "./state";

/** What the database holds of some organizations and people, in the model's own form. */
export type Snapshot = Pick<State, "todos" | "tags" | "people" | "audit"> & {
  /** The id of a tag by its label. */
  tagIds: Map<string, string>;
  /** Kept counts that are not what counting gives, and the other way round. */
  miscounts: string[];
};

/** Counts of these people's todos as they are counted, and as they are kept. */
const COUNTED = `
  select 'todos' as what, user_id, organization_id, (deleted_at is not null)::text as a, status::text as b, priority::text as c,
         count(*) as count, null::bigint as open
    from todos where user_id = any ($2) group by 1, 2, 3, 4, 5, 6
  union all
  select 'due', user_id, organization_id, due_date::text, null, null, count(*), null from todos
   where user_id = any ($2) and deleted_at is null and status in ('pending', 'in_progress') and due_date is not null
   group by 1, 2, 3, 4
  union all
  select 'tags', t.user_id, t.organization_id, l.tag_id::text, null, null, count(*),
         count(*) filter (where t.status in ('pending', 'in_progress'))
    from todo_tags l join todos t on t.id = l.todo_id where t.user_id = any ($2) and t.deleted_at is null group by 1, 2, 3, 4
  union all
  select 'done', t.user_id, t.organization_id,
         (t.completed_at at time zone coalesce(u.preferences ->> 'timeZone', 'UTC'))::date::text, null, null, count(*), null
    from todos t join users u on u.id = t.user_id
   where t.user_id = any ($2) and t.deleted_at is null and t.completed_at is not null group by 1, 2, 3, 4`;
const KEPT = `
  select 'todos' as what, user_id, organization_id, deleted::text as a, status::text as b, priority::text as c, count, null::bigint as open
    from todo_counts where user_id = any ($2)
  union all
  select 'due', user_id, organization_id, due_date::text, null, null, count, null from todo_due_counts where user_id = any ($2)
  union all
  select 'tags', user_id, organization_id, tag_id::text, null, null, count, open_count from todo_tag_counts where user_id = any ($2)
  union all
  select 'done', user_id, organization_id, day::text, null, null, count, null from todo_done_counts where user_id = any ($2)`;

type Row = { kind: "todo" | "tag" | "person" | "audit" | "miscount"; row: Record<string, unknown> };

/**
 * Reads everything as the owner, in one statement. What was there before the sequence (rows without a command) is left
 * out of the audit log.
 * @param chosenIds ids of tags that the sequence's own calls carried; all other tags get labels
 */
export async function readSnapshot(
  { sql }: Pick<TestDatabase, "sql">,
  scope: { organizationIds: string[]; userIds: string[]; chosenIds: ReadonlySet<string> },
): Promise<Snapshot> {
  const rows = await sql<Row>(
    `select 'audit' as kind, to_jsonb(a) as row from audit_logs a
      where organization_id = any ($1) or (organization_id is null and user_id = any ($2) and entity_type in ('user', 'command'))
     union all
     select 'todo', to_jsonb(t) - 'search' || jsonb_build_object('tags', array(select tag_id from todo_tags l where l.todo_id = t.id))
       from todos t where organization_id = any ($1) or user_id = any ($2)
     union all
     select 'tag', to_jsonb(g) from tags g where organization_id = any ($1)
     union all
     (select 'miscount', to_jsonb(counted) || '{"in": "counted"}' from ((${COUNTED}) except (${KEPT})) counted)
     union all
     (select 'miscount', to_jsonb(kept) || '{"in": "kept"}' from ((${KEPT}) except (${COUNTED})) kept)
     union all
     select 'person', jsonb_build_object('id', id, 'name', name, 'preferences', preferences) from users where id = any ($2)`,
    [scope.organizationIds, scope.userIds],
  );
  const of = (kind: Row["kind"]) => rows.filter((one) => one.kind === kind).map(({ row }) => row);
  const log = of("audit").toSorted((a, b) => (text(a.id) < text(b.id) ? -1 : 1));
  const labels = labelsOf(log, scope.chosenIds);
  const label = (id: unknown) => labels.get(text(id)) ?? text(id);
  const audit = log
    .filter(({ command_id }) => command_id !== null)
    .map((row): AuditState => ({
      commandId: row.user_id === null ? A_JOB : text(row.command_id),
      userId: row.user_id as string | null,
      organizationId: row.organization_id as string | null,
      entityType: row.entity_type as AuditState["entityType"],
      entityId: label(row.entity_id),
      action: text(row.action),
      changes: readChanges(row.changes as Changes, label),
    }));
  return {
    audit,
    todos: byKey(
      of("todo").map((row) => readTodo(row, label)),
      "id",
    ),
    tags: byKey(
      of("tag").map((row) => readTag(row, label)),
      "label",
    ),
    people: byKey(
      of("person").map((row) => row as State["people"][string]),
      "id",
    ),
    miscounts: of("miscount").map((row) => JSON.stringify(row)),
    tagIds: new Map([...labels].map(([id, one]) => [one, id])),
  };
}

/** The labels of all tags that ever were, as the audit log tells of their making. */
function labelsOf(log: Record<string, unknown>[], chosenIds: ReadonlySet<string>): Map<string, string> {
  const labels = new Map<string, string>();
  const counts = { tagCounts: {} };
  for (const row of log) {
    if (row.entity_type !== "tag" || row.action !== "create") continue;
    const id = text(row.entity_id);
    // One that came back is called as it was.
    if (labels.has(id)) continue;
    const name = text((row.changes as Changes).name?.[1]);
    labels.set(id, chosenIds.has(id) ? id : labelTag(counts, text(row.organization_id), name));
  }
  return labels;
}

function readTodo(row: Record<string, unknown>, label: (id: unknown) => string): State["todos"][string] {
  const dueTime = row.due_time as string | null;
  // The columns' own types, which the table declares.
  return {
    id: row.id,
    organizationId: row.organization_id,
    userId: row.user_id,
    title: row.title,
    description: row.description,
    status: row.status,
    priority: row.priority,
    dueDate: row.due_date,
    dueTime: dueTime?.slice(0, 5) ?? null,
    scheduledFor: row.scheduled_for,
    completedBy: row.completed_at,
    deletedBy: row.deleted_at,
    version: row.version,
    postponed: row.postponed,
    tags: (row.tags as string[]).map(label),
  } as State["todos"][string];
}

function readTag(row: Record<string, unknown>, label: (id: unknown) => string): State["tags"][string] {
  const { organization_id: organizationId, name, colour, icon } = row;
  return { label: label(row.id), organizationId, name, colour, icon } as State["tags"][string];
}

/** With labels for the ids of tags. */
function readChanges(changes: Changes, label: (id: unknown) => string): Changes {
  const read = (name: string, value: unknown): unknown => {
    if (value === null) return null;
    if (name === "left") return reasonsOf(value);
    if (name === "tags") return { ...value, id: label(Reflect.get(Object(value), "id")) };
    return name === "id" ? label(value) : value;
  };
  return Object.fromEntries(
    Object.entries(changes).map(([name, [was, is]]) => [name, [read(name, was), read(name, is)]]),
  );
}

/** Of what an undo says that it left, the reasons. */
function reasonsOf(left: unknown): string[] {
  const { rows } = left as { rows: { reason: string }[] };
  return rows.map(({ reason }) => reason).toSorted();
}

function byKey<Kept extends object>(rows: Kept[], key: keyof Kept): Record<string, Kept> {
  return Object.fromEntries(rows.map((row) => [String(row[key]), row]));
}

function text(value: unknown): string {
  return String(value);
}
