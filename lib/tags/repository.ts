import { and, asc, eq, inArray, notExists, sql } from "drizzle-orm";
import { rowsOf, type Columns } from "../db/columns";
import { attempt } from "../db/errors";
import { isId, newId } from "../db/id";
import { auditLogs } from "../db/schema/audit-logs";
import { tags } from "../db/schema/tags";
import type { Scope } from "../db/scope";
import { fail, ok, type Result } from "../result";
import type { NewTag, Tag, TagEdit, TagRow } from "./types";

/** People sort "Äpfel" beside "Apfel" and 9 before 10; a database's collation depends on where it runs. */
const byName = new Intl.Collator("en", { numeric: true });

/**
 * The tags of all the person's organizations by name, each with how many of the person's own todos carry it.
 * @param input.madeOrChangedBy counts and gives them only when this command of theirs made, changed or deleted tags
 */
export async function listTags(
  scope: Scope,
  { madeOrChangedBy }: { madeOrChangedBy?: string } = {},
): Promise<TagRow[]> {
  if (madeOrChangedBy !== undefined && !isId(madeOrChangedBy)) return [];
  const listed = await scope.call<Columns<ListedTag>>("tags.listTags", {
    function: "tell_tags",
    arguments: madeOrChangedBy === undefined ? [] : [madeOrChangedBy],
  });
  return rowsOf(listed)
    .map(([id, name, colour, icon, openCount, totalCount]) => ({
      id,
      name,
      colour,
      icon,
      openCount,
      totalCount,
    }))
    .toSorted((a, b) => byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
}

/** What app.tell_tags gives (drizzle/0013_actors.sql). */
type ListedTag = [
  id: string,
  name: string,
  colour: string,
  icon: string | null,
  openCount: number,
  totalCount: number,
];

/**
 * Makes a tag in the person's own organization. Made again with the same id it is the same tag.
 * Refused as invalid at `name` when the organization has one of that name, in whatever case; not_found when the id is
 * taken by a tag of another organization.
 */
export function createTag(scope: Scope, input: NewTag): Promise<Result<Tag>> {
  return attempt(async () => {
    const { id = newId(), name, colour, icon } = input;
    const organizationId = sql`(select app.personal_organization_id())`;
    const [, rows] = await scope.run("tags.createTag", [
      scope.db
        .insert(tags)
        .values({ id, organizationId, name, colour, icon })
        .onConflictDoNothing({ target: tags.id }),
      scope.db
        .select(tagColumns)
        .from(tags)
        .where(and(eq(tags.id, id), eq(tags.organizationId, organizationId))),
    ]);
    return found(rows);
  });
}

/** Renames a tag, or changes how it looks; its todos keep it. Refused like createTag. */
export function updateTag(scope: Scope, input: TagEdit): Promise<Result<Tag>> {
  return attempt(async () => {
    const { id, name, colour, icon } = input;
    if (!isId(id)) return fail("not_found");
    const [rows] = await scope.run("tags.updateTag", [
      scope.db.update(tags).set({ name, colour, icon }).where(eq(tags.id, id)).returning(tagColumns),
    ]);
    return found(rows);
  });
}

/** Deletes a tag, and takes it off its todos (trigger unlink_tag). One that was deleted before is deleted. */
export function deleteTag(scope: Scope, input: { id: string }): Promise<Result<{ id: string }>> {
  return attempt(async () => {
    const { id } = input;
    if (!isId(id)) return fail("not_found");
    const [, deletions] = await scope.run("tags.deleteTag", [
      scope.db.delete(tags).where(eq(tags.id, id)),
      deletionsOf(scope, id),
    ]);
    return deletions.length === 0 ? fail("not_found") : ok({ id });
  });
}

/**
 * Puts the tag `into` on all that carries the tag `from`, and deletes `from`. Both must be of one organization.
 * One that was merged before is merged.
 */
export function mergeTags(scope: Scope, input: { from: string; into: string }): Promise<Result<Tag>> {
  return attempt(async () => {
    const { db } = scope;
    const { from, into } = input;
    if (!isId(from) || !isId(into)) return fail("not_found");
    if (from === into) {
      return fail("invalid", {
        fields: { into: ["Choose another tag: one can not be merged into itself."] },
      });
    }
    const together = sql`exists (
      select from tags f join tags i on i.organization_id = f.organization_id
       where f.id = ${from} and i.id = ${into})`;
    // Whoever takes the tag off a todo at this moment holds that todo first: it must not come back as the other tag.
    const holdTodos = () =>
      db.execute(sql`
        select count(*) from (select todo_id from todo_tags where tag_id = ${from} order by todo_id) l
         cross join lateral (select from todos t where t.id = l.todo_id for no key update) t`);
    const [, , , , , deletions, rows] = await scope.run("tags.mergeTags", [
      // Before the tags, as everybody does who puts them on todos, and those that took `from` until it was locked.
      holdTodos(),
      // Locked in one order for everybody; while they are, nobody can put `from` on another todo.
      db
        .select({ id: tags.id })
        .from(tags)
        .where(inArray(tags.id, [from, into]))
        .orderBy(asc(tags.id))
        .for("update"),
      holdTodos(),
      // Across organizations its foreign key refuses a link.
      db.execute(sql`
        insert into todo_tags (organization_id, todo_id, tag_id)
        select organization_id, todo_id, ${into}::uuid from todo_tags where tag_id = ${from}
        on conflict do nothing`),
      db.delete(tags).where(and(eq(tags.id, from), together)),
      deletionsOf(scope, from),
      db.select(tagColumns).from(tags).where(eq(tags.id, into)),
    ]);
    return deletions.length === 0 ? fail("not_found") : found(rows);
  });
}

const tagColumns = { id: tags.id, name: tags.name, colour: tags.colour, icon: tags.icon };

function found(rows: Tag[]): Result<Tag> {
  const [tag] = rows;
  return tag === undefined ? fail("not_found") : ok(tag);
}

/**
 * Whether a tag of theirs was deleted, in this request or before: what tells a lost reply from a tag that never was. One
 * that came back since, by an undo, was not.
 */
function deletionsOf({ db }: Scope, id: string) {
  return db
    .select({ id: auditLogs.id })
    .from(auditLogs)
    .where(
      and(
        eq(auditLogs.entityId, id),
        eq(auditLogs.entityType, "tag"),
        eq(auditLogs.action, "delete"),
        notExists(db.select({ id: tags.id }).from(tags).where(eq(tags.id, id))),
      ),
    )
    .limit(1);
}
