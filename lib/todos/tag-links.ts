import { sql, type SQL } from "drizzle-orm";
import { newId } from "../db/id";
import type { Scope } from "../db/scope";

/**
 * Makes these names exactly the tags of a todo that a statement before, in the same transaction, wrote. When that write
 * found nothing to do (a stale version, a repeated create), this does nothing either.
 * Which names are the same but for their case is PostgreSQL's to say, here and in the unique index.
 */
export function setTags(scope: Scope, todoId: string, names: string[]) {
  const { db } = scope;
  const wanted = json(names.map((name, position) => ({ id: newId(), name, position })));
  return scope.run("todos.setTags", [
    // In the order of names, so that two people who make the same tags do not wait for each other in a circle.
    db.execute(sql`
      insert into tags (id, organization_id, name)
      select distinct on (lower(wanted.name)) wanted.id, todos.organization_id, wanted.name
        from todos, jsonb_to_recordset(${wanted}) as wanted (id uuid, name text, position integer)
       where todos.id = ${todoId} and ${writtenHere}
         and not exists (select from tags known
           where known.organization_id = todos.organization_id and lower(known.name) = lower(wanted.name))
       order by lower(wanted.name), wanted.position
      on conflict (organization_id, lower(name)) do nothing`),
    db.execute(sql`
      delete from todo_tags link using todos, tags tag
       where todos.id = ${todoId} and ${writtenHere} and link.todo_id = todos.id and tag.id = link.tag_id
         and lower(tag.name) <> all (${lowered(names)})`),
    // A tag that was just deleted, merged or renamed by somebody else must not be left out without a word, nor cost the
    // todo: from here on they all stay as they are, or (40001) all of this is undone and done again.
    db.execute(sql`
      select app.guard((
        select count(*) from (
          select from tags tag
           where tag.organization_id = todos.organization_id and lower(tag.name) = any (${lowered(names)})
           order by tag.id for share) held
      ) = (select count(distinct name) from (${lowered(names)}) as wanted (name)), '40001', 'A tag was taken away.')
        from todos where todos.id = ${todoId} and ${writtenHere}`),
    db.execute(sql`
      insert into todo_tags (organization_id, todo_id, tag_id)
      select todos.organization_id, todos.id, tag.id
        from todos join tags tag using (organization_id)
       where todos.id = ${todoId} and ${writtenHere} and lower(tag.name) = any (${lowered(names)})
      on conflict do nothing`),
  ]);
}

/** Whether these names are exactly a todo's tags. */
export function hasExactlyTags(todoId: string, names: string[]): SQL {
  return sql`array(select lower(tag.name) from todo_tags link join tags tag on tag.id = link.tag_id
      where link.todo_id = ${todoId} order by 1)
    = array(select distinct name from (${lowered(names)}) as wanted (name) order by 1)`;
}

/** The row of todos is as this very transaction wrote it. */
export const writtenHere = sql`todos.xmin = pg_current_xact_id_if_assigned()::xid`;

function lowered(names: string[]): SQL {
  return sql`select lower(value) from jsonb_array_elements_text(${json(names)})`;
}

/** A list as one parameter, however long it is. */
function json(value: unknown): SQL {
  return sql`${JSON.stringify(value)}::jsonb`;
}
