import { undoCommand } from "@/lib/audit/repository";
import type { Undone } from "@/lib/audit/types";
import type { Scope } from "@/lib/db/scope";
import type { Result } from "@/lib/result";
import type { TestDatabase } from "../helpers/database";
import type { Person } from "../helpers/people";
import { done } from "../todos/world";

/** Does something as a request of its own; it must succeed. Gives the command. */
export async function command(
  person: Person,
  write: (scope: Scope) => Promise<Result<unknown>>,
): Promise<string> {
  const scope = person.scope();
  await done(write(scope));
  return scope.commandId;
}

/** Undoes a command, which must be possible. */
export function undo(person: Person, commandId: string): Promise<Undone> {
  return done(undoCommand(person.scope(), { commandId }));
}

type Row = Record<string, unknown> & { id: string; deleted_at: string | null };
export type Snapshot = { todos: Row[]; tags: Row[]; links: string[] };

/** All that organizations hold, column by column, but for the columns that count writes. */
export async function snapshot(
  database: Pick<TestDatabase, "sql">,
  ...people: Pick<Person, "organizationId">[]
): Promise<Snapshot> {
  const ids = people.map(({ organizationId }) => organizationId);
  const [row] = await database.sql<Snapshot>(
    `select
       (select coalesce(jsonb_agg(to_jsonb(t) - '{version,updated_at}'::text[] order by id), '[]')
          from todos t where organization_id = any ($1)) as todos,
       (select coalesce(jsonb_agg(to_jsonb(t) - 'updated_at' order by id), '[]')
          from tags t where organization_id = any ($1)) as tags,
       (select coalesce(jsonb_agg(todo_id || ' ' || tag_id order by todo_id, tag_id), '[]')
          from todo_tags where organization_id = any ($1)) as links`,
    [ids],
  );
  if (row === undefined) throw new Error("No snapshot");
  return row;
}

/** The same without these todos, which must lie in the trash and carry nothing: how it looks when they were never made. */
export function without(now: Snapshot, made: readonly string[]): Snapshot {
  const others = now.todos.filter(({ id, deleted_at }) => !(made.includes(id) && deleted_at !== null));
  return { ...now, todos: others };
}
