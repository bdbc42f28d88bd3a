import type { Client } from "pg";
import { newId } from "../../lib/db/id";

/** Rows of one person that the catalogue's queries are asked about; ids of nothing where the person has no such row. */
export type Sample = {
  userId: string;
  email: string;
  organizationId: string;
  /** An open todo of theirs, outside of the trash. */
  open: { id: string; version: number };
  completedId: string;
  trashedId: string;
  /** A todo of theirs whose title was changed, and where that is remembered. */
  retitled: { id: string; version: number; entryId: string };
  /** One of theirs in an organization with others, and one of those others who may write. */
  sharedId: string;
  colleagueId: string;
  /** Two tags, the most used first. */
  tags: [{ id: string; name: string }, { id: string; name: string }];
  /** A word of the open todo's title. */
  word: string;
  /** A page of the activity in the middle of it. */
  auditId: string;
  /** A request of theirs that changed something. */
  commandId: string;
};

/** There is nobody to ask as. */
export class NobodyError extends Error {
  override readonly name = "NobodyError";
}

/**
 * Finds the person with an e-mail address, or else the one with the most todos, and rows of theirs.
 * @param client the owner's connection
 * @throws NobodyError
 */
export async function findSample(client: Client, email: string | undefined): Promise<Sample> {
  const [person] = await rowsOf<{ userId: string; email: string; organizationId: string }>(
    client,
    `select u.id as "userId", u.email, o.id as "organizationId"
       from users u join organizations o on o.personal_user_id = u.id
      where u.status = 'active' and ($1::text is null or u.email = lower($1))
      order by (select count(*) from todos t where t.user_id = u.id) desc, u.id
      limit 1`,
    [email ?? null],
  );
  if (person === undefined) {
    throw new NobodyError(
      email === undefined ? "The database has no person yet." : `There is nobody with the address ${email}.`,
    );
  }
  const { userId, organizationId } = person;
  const todo = async (condition: string) => {
    const [found] = await rowsOf<{ id: string; version: number; title: string }>(
      client,
      `select id, version, title from todos where user_id = $1 and ${condition} order by created_at desc limit 1`,
      [userId],
    );
    return found ?? { id: newId(), version: 1, title: "todo" };
  };
  const open = await todo("deleted_at is null and status = 'pending'");
  const [shared] = await rowsOf<{ id: string; colleague: string }>(
    client,
    `select t.id, m.user_id as colleague
       from todos t join memberships m using (organization_id)
      where t.user_id = $1 and t.deleted_at is null and t.organization_id <> $2
        and m.user_id <> $1 and m.role <> 'viewer' limit 1`,
    [userId, organizationId],
  );
  const [retitled] = await rowsOf<{ id: string; version: number; entryId: string }>(
    client,
    `select t.id, t.version, a.id as "entryId"
       from audit_logs a join todos t on t.id = a.entity_id
      where a.user_id = $1 and a.entity_type = 'todo' and a.action = 'update' and a.changes ? 'title'
        and t.user_id = $1 and t.deleted_at is null limit 1`,
    [userId],
  );
  const [one, two] = await rowsOf<{ id: string; name: string }>(
    client,
    `select id, name from tags where organization_id = $1
      order by (select count(*) from todo_tags l where l.tag_id = tags.id) desc, id limit 2`,
    [organizationId],
  );
  const [audited] = await rowsOf<{ id: string }>(
    client,
    `select id from audit_logs where user_id = $1
      order by id desc offset least(1000, (select count(*) / 2 from audit_logs where user_id = $1)) limit 1`,
    [userId],
  );
  const [command] = await rowsOf<{ id: string }>(
    client,
    `select command_id as id from audit_logs
      where user_id = $1 and entity_type = 'todo' and command_id is not null order by id desc limit 1`,
    [userId],
  );
  return {
    ...person,
    open: { id: open.id, version: open.version },
    completedId: (await todo("deleted_at is null and status = 'completed'")).id,
    trashedId: (await todo("deleted_at is not null")).id,
    retitled: retitled ?? { id: newId(), version: 1, entryId: newId() },
    sharedId: shared?.id ?? newId(),
    colleagueId: shared?.colleague ?? newId(),
    tags: [one ?? noTag(), two ?? noTag()],
    word: open.title.match(/\p{L}{3,}/u)?.[0] ?? "todo",
    auditId: audited?.id ?? newId(),
    commandId: command?.id ?? newId(),
  };
}

function noTag() {
  return { id: newId(), name: "nothing" };
}

async function rowsOf<Row extends object>(client: Client, text: string, params: unknown[]): Promise<Row[]> {
  return (await client.query<Row>(text, params)).rows;
}
