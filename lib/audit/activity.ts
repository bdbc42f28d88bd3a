import { asc, inArray, sql, type SQL } from "drizzle-orm";
import { isId } from "../db/id";
import { COUNT_MAX, PAGE_SIZE } from "../db/limits";
import { auditLogs, type Changes } from "../db/schema/audit-logs";
import type { Scope } from "../db/scope";
import { command, entries } from "./entries";
import type { Activity, LeftRow } from "./types";

/** How many entries of a command are shown; of more, how many there are by kind. */
const ENTRIES_MAX = 3;

/**
 * What the person who asks did, everywhere, newest first, command by command, in pages of 50. However much one command
 * did, of its entries at most COUNT_MAX + 1 are looked at.
 * @param input.cursor the nextCursor of the page before; one that is none means the first page
 */
export async function listActivity(
  scope: Scope,
  input: { cursor?: string | undefined } = {},
): Promise<{ commands: Activity[]; nextCursor: string | null }> {
  const { db } = scope;
  const page = commandsBefore(isId(input.cursor) ? input.cursor : null);
  const [{ rows }, shown] = await scope.run("audit.listActivity", [
    db.execute<Summary>(sql`
      ${page}
      select shown.id, did.at, did.count, did.parts, did.undid,
             case when not did.undoable then null
               when app.undone_by(shown.id) is null then 'possible' else 'done' end as undo
        from shown cross join lateral (
          select min(part.at) as at, (sum(part.entries) filter (where part.entity_type <> 'command'))::int as count,
                 coalesce(jsonb_agg(jsonb_build_object(
                   'entityType', part.entity_type, 'action', part.action, 'count', part.entities,
                   'entityId', part.entity_id) order by part.first)
                   filter (where part.entity_type <> 'command'), '[]') as parts,
                 bool_or(part.undoable) as undoable,
                 max(part.undid::text)::jsonb as undid
            from (
              select entry.entity_type, entry.action, min(entry.created_at) as at, count(*) as entries,
                     count(distinct entry.entity_id) as entities, (array_agg(entry.id order by entry.id))[1] as first, (array_agg(entry.entity_id))[1] as entity_id,
                     entry.entity_type in ('todo', 'tag') and entry.action not in ('purge', 'receive', 'release')
                       and bool_or(entry.organization_id = any (app.writable_organization_ids())) as undoable,
                     case entry.entity_type when 'command' then (array_agg(
                       jsonb_build_object('redo', entry.action = 'redo', 'changes', entry.changes)))[1] end as undid
                from (select * from ${ofCommand(sql`shown.id`)} entry limit ${COUNT_MAX + 1}) entry
               group by entry.entity_type, entry.action) part) did
       order by shown.id desc`),
    entries(scope)
      .where(
        inArray(
          auditLogs.id,
          sql`(${page} select first.id from shown cross join lateral (
            select id from ${ofCommand(sql`shown.id`)} entry where entity_type <> 'command'
             order by id limit ${ENTRIES_MAX}) first)`,
        ),
      )
      .orderBy(asc(auditLogs.id)),
  ]);
  const commands = rows.slice(0, PAGE_SIZE).map(({ undid, ...row }) => ({
    ...row,
    at: new Date(row.at),
    entries: shown.filter(({ commandId }) => commandId === row.id),
    undid: undid && readUndid(undid),
  }));
  return { commands, nextCursor: rows.length > PAGE_SIZE ? (commands.at(-1)?.id ?? null) : null };
}

type Summary = Omit<Activity, "at" | "entries" | "undid"> & {
  at: string;
  undid: { redo: boolean; changes: Changes } | null;
};

/** What app.undo_command wrote about itself (drizzle/0007_undo.sql). */
function readUndid({ redo, changes: { left } }: NonNullable<Summary["undid"]>): Activity["undid"] {
  const told = left?.[1] as { count: number; rows: LeftRow[] } | undefined;
  return { redo, leftCount: told?.count ?? 0, left: told?.rows ?? [] };
}

/** The ids of one page of my commands and of the one after it, as `shown`: one step down the index for each of them. */
function commandsBefore(cursor: string | null): SQL {
  return sql`with recursive shown (id, place) as (
    select first.id, 1 from ${latestCommand(cursor === null ? sql`true` : sql`${command} < ${cursor}`)} first
    union all
    select next.id, shown.place + 1
      from shown cross join lateral ${latestCommand(sql`${command} < shown.id`)} next
     where shown.place <= ${PAGE_SIZE})`;
}

function latestCommand(condition: SQL): SQL {
  return sql`(
    select ${command} as id from ${auditLogs} where ${mine} and ${condition} order by ${command} desc limit 1)`;
}

function ofCommand(id: SQL): SQL {
  return sql`(
    select id, created_at, organization_id, entity_type, entity_id, action, changes
      from ${auditLogs} where ${mine} and ${command} = ${id})`;
}

const mine = sql`${auditLogs.userId} = (select app.user_id())`;
