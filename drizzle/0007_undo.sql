-- Taking back what a command did, from what the audit log remembers of it.

-- A command's entries are found, and commands are listed newest first, by whose they are and by their command; what
-- no request did (signing up and in, before anyone has entered) is a command by itself. The ids of both are UUIDv7.
-- A CASE, because COALESCE is not leakproof, and so never an index condition under row-level security.
CREATE INDEX "audit_logs_command_index" ON "audit_logs" USING btree ("user_id",(case when "command_id" is null then "id" else "command_id" end),"id");--> statement-breakpoint
grant select (command_id) on audit_logs to app_user;
--> statement-breakpoint

-- What one command of mine did, as far as it lies where I may write; not what a colleague's did to me (receive and
-- release). It reads more than a request may, and is for the functions below alone.
create function app.command_entries(command uuid)
returns table (id uuid, entity_type text, entity_id uuid, action text, changes jsonb)
language sql stable
as $$
  select a.id, a.entity_type, a.entity_id, a.action, a.changes
    from public.audit_logs a
   where a.user_id = app.user_id()
     and case when a.command_id is null then a.id else a.command_id end = command
     and (a.organization_id = any (app.writable_organization_ids()) or a.organization_id is null)
     and a.action not in ('receive', 'release')
$$;
--> statement-breakpoint
create type app.row_change as (id uuid, before jsonb, after jsonb, made boolean);
--> statement-breakpoint
create type app.link_change as (todo_id uuid, tag_id uuid, made boolean);
--> statement-breakpoint
-- What a command did to each todo or tag in all: of each field the first value before and the last one after, because
-- a command may write a row more than once. What it made had nothing before; the fields that are null in a new row are
-- not in the log, but count.
create function app.command_changes(command uuid, entity text) returns setof app.row_change
language sql stable
as $$
  select row.id, row.before,
         case when row.made then empty || row.after else row.after end, row.made
    from (
      select field.id, jsonb_object_agg(key, field.before) as before, jsonb_object_agg(key, field.after) as after,
             bool_or(key = 'id' and field.before = 'null') as made
        from (
          select e.entity_id as id, change.key,
                 (array_agg(change.value -> 0 order by e.id))[1] as before,
                 (array_agg(change.value -> 1 order by e.id desc))[1] as after
            from app.command_entries(command) e, jsonb_each(e.changes) change
           where e.entity_type = entity and e.action not in ('tag', 'untag', 'purge')
           group by e.entity_id, change.key) field
       group by field.id) row,
    (values ('{"icon": null, "due_date": null, "due_time": null, "scheduled_for": null, "completed_at": null,
               "deleted_at": null}'::jsonb)) nothing (empty)
$$;
--> statement-breakpoint
-- Which tags a command put on todos (made) or took off them in all.
create function app.command_links(command uuid) returns setof app.link_change
language sql stable
as $$
  select link.todo_id, link.tag_id, link.first = 'tag'
    from (
      select e.entity_id as todo_id, coalesce(e.changes #>> '{tags,0,id}', e.changes #>> '{tags,1,id}')::uuid as tag_id,
             (array_agg(e.action order by e.id))[1] as first, (array_agg(e.action order by e.id desc))[1] as last
        from app.command_entries(command) e
       where e.entity_type = 'todo' and e.action in ('tag', 'untag')
       group by 1, 2) link
   where link.first = link.last
$$;
--> statement-breakpoint
-- Which command of mine took this one back; null when none did, or when that was taken back itself. Each undo leaves
-- an entry about the command that it took back ('redo' when that was an undo), so this follows a chain.
create function app.undone_by(command uuid) returns uuid
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  nearest uuid;
  farthest uuid := command;
  length integer := 0;
begin
  loop
    select a.command_id into farthest
      from audit_logs a
     where a.entity_id = farthest and a.entity_type = 'command' and a.user_id = app.user_id()
     order by a.id desc limit 1;
    exit when not found;
    nearest := coalesce(nearest, farthest);
    length := length + 1;
  end loop;
  return case when length % 2 = 1 then nearest end;
end $$;
--> statement-breakpoint
-- Todos as before (0005_counters.sql), but that an undo says itself how often a day was put off.
create or replace function app.keep_todo() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'UPDATE' then
    new.updated_at := now();
    new.version := old.version + 1;
    if new.due_date > old.due_date and current_setting('app.undoing', true) is distinct from 'on' then
      new.postponed := least(old.postponed + 1, 32767);
    end if;
  end if;
  if tg_op = 'INSERT' and current_user = 'app_user' then
    new.created_at := now();
    new.updated_at := now();
    new.version := 1;
    new.completed_at := null;
    new.deleted_at := null;
    new.postponed := 0;
  end if;
  if new.status = 'completed' then
    -- A clock that was set back must not make completing impossible.
    new.completed_at := coalesce(new.completed_at, greatest(now(), new.created_at));
  else
    new.completed_at := null;
  end if;
  return new;
end $$;
--> statement-breakpoint
-- Takes back everything that one command of mine did, as a part of the command that asks: undoing that does it again.
-- What stands otherwise than the command left it is left, and named; a todo counts with its tags, and is taken back
-- whole or not at all. Gives
--   { commandId: what took it back, undone: how many todos and tags, tags: whether tags themselves were its matter,
--     leftCount, left: the first 10 of [{ entityType, id, title, reason }] }
-- or { refused: 'nothing' | 'too_much' }; CN404 for what is not mine. Repeated, it does nothing and answers the same.
-- It runs as the owner, because ids, times and whose a todo is are not a request's to choose: so it keeps the tenants
-- apart itself, and touches only what lies where I may write.
create function app.undo_command(command uuid) returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  me constant uuid := app.user_id();
  writable constant uuid[] := app.writable_organization_ids();
  entries_max constant integer := 10001; -- 10,000 todos, which ten seconds allow, and an undo's own entry
  todo_tags_max constant integer := 50; -- lib/db/limits.ts
  named_max constant integer := 10;
  todo_fields constant text[] := '{title,description,status,priority,due_date,due_time,scheduled_for,completed_at,deleted_at,user_id}';
  entries integer;
  undoable boolean;
  tagged boolean;
  undid boolean; -- the command was an undo itself
  todo_changes app.row_change[];
  tag_changes app.row_change[];
  link_changes app.link_change[];
  done_todos uuid[];
  done_tags uuid[];
  more_tags uuid[];
  left_todos jsonb;
  left_tags jsonb;
  left_more jsonb;
  left_count integer;
  taker uuid;
begin
  -- Two undos of one command stand in a line: the second sees what the first has done.
  perform pg_advisory_xact_lock(hashtextextended(command::text, 0));

  select count(*), bool_or(e.entity_type in ('todo', 'tag') and e.action <> 'purge'),
         bool_or(e.entity_type = 'tag'), bool_or(e.entity_type = 'command' and e.action = 'undo')
    into entries, undoable, tagged, undid
    from (select * from app.command_entries(command) limit entries_max + 1) e;
  if entries = 0 then
    raise exception using errcode = 'CN404', message = 'no such command';
  end if;
  if undoable is not true then
    return jsonb_build_object('refused', 'nothing');
  end if;
  if entries > entries_max then
    return jsonb_build_object('refused', 'too_much');
  end if;
  taker := app.undone_by(command);
  if taker is not null then
    return jsonb_build_object('commandId', taker, 'undone', 0, 'tags', tagged, 'leftCount', 0, 'left', '[]'::jsonb);
  end if;

  -- What it did is read once: nothing is added to it any more.
  todo_changes := array(select c from app.command_changes(command, 'todo') c);
  tag_changes := array(select c from app.command_changes(command, 'tag') c);
  link_changes := array(select l from app.command_links(command) l);

  -- Everything that it looks at stays as it is from here on; in one order for everybody.
  perform from todos t
    where t.id in (select c.id from unnest(todo_changes) c union select l.todo_id from unnest(link_changes) l)
    order by t.id for no key update;
  perform from tags t
    where t.id in (select c.id from unnest(tag_changes) c union select l.tag_id from unnest(link_changes) l)
    order by t.id for update;
  perform from memberships m join users u on u.id = m.user_id
    where m.user_id in (select (c.before ->> 'user_id')::uuid from unnest(todo_changes) c where not c.made)
    order by m.id for share;

  -- Tags that it deleted come back, before the todos that carried them.
  with back as (
    insert into tags (id, created_at, organization_id, name, colour, icon)
    select c.id,
           coalesce((select min(a.created_at) from audit_logs a
                      where a.entity_id = c.id and a.entity_type = 'tag' and a.action = 'create'), now()),
           was.organization_id, was.name, was.colour, was.icon
      from unnest(tag_changes) c, jsonb_populate_record(null::tags, c.before) was
     where not c.made and c.after -> 'id' = 'null'
    on conflict do nothing
    returning id
  ) select coalesce(array_agg(id), '{}') into done_tags from back;
  -- Tags that it changed are as they were.
  begin
    with back as (
      update tags t
         set name = was.name, colour = was.colour, icon = was.icon
        from unnest(tag_changes) c
        join tags stands on stands.id = c.id
        cross join lateral jsonb_populate_record(stands, c.after) expected
        cross join lateral jsonb_populate_record(stands, c.before) was
       where t.id = stands.id and not c.made and not c.after ? 'id' and not c.before ? 'organization_id'
         and stands.organization_id = any (writable)
         and stands is not distinct from expected
         and not exists (select from tags other
               where other.organization_id = stands.organization_id and other.id <> stands.id
                 and lower(other.name) = lower(was.name))
      returning t.id
    ) select done_tags || coalesce(array_agg(id), '{}') into done_tags from back;
  exception when unique_violation then
    raise exception using errcode = '40001', message = 'A name was taken at this moment.'; -- and all is tried again
  end;
  select coalesce(jsonb_agg(jsonb_build_object('entityType', 'tag', 'id', c.id, 'reason', case
           when c.before ? 'organization_id' and not c.after -> 'id' = 'null' then 'impossible'
           when t.id is null and c.after ? 'id' then 'name_taken'
           when t.id is null then 'gone'
           when c.after ? 'id' or t is distinct from expected then 'changed'
           else 'name_taken' end)), '[]')
    into left_tags
    from unnest(tag_changes) c
    left join tags t on t.id = c.id
    cross join lateral jsonb_populate_record(t, c.after) expected
   where not c.made and c.id <> all (done_tags);

  -- What keeps a todo from being taken back.
  with change as materialized (
    select * from unnest(todo_changes)
  ), link as materialized (
    select l.*, exists (select from todo_tags s where s.todo_id = l.todo_id and s.tag_id = l.tag_id) as stands,
           exists (select from tags s where s.id = l.tag_id) as tag_stands
      from unnest(link_changes) l
  ), links as (
    select todo_id, bool_and(stands = made) as as_left, bool_and(made or tag_stands) as possible,
           count(*) filter (where made) as made, count(*) filter (where not made) as taken
      from link group by todo_id
  ), judged as (
    select entity.id, case
        when t.id is null then 'gone'
        when t.organization_id <> all (writable) then 'impossible'
        when c.id is not null and not c.made and exists (
          select from jsonb_object_keys(c.before) key where key <> all (todo_fields)) then 'impossible'
        when t.deleted_at is not null and c.id is not null and coalesce(c.after -> 'deleted_at', 'null') = 'null' then 'trashed'
        when t is distinct from expected then 'changed'
        when not links.possible then 'tag_gone'
        when not links.as_left then 'changed'
        when c.made and (select count(*) from todo_tags s where s.todo_id = t.id) > coalesce(links.made, 0) then 'changed'
        when links.taken > 0 and links.taken - links.made + (
          select count(*) from todo_tags s where s.todo_id = t.id) > todo_tags_max then 'too_many_tags'
        when c.made then null
        when was.due_date is null and (was.priority >= 4 or was.due_time is not null) then 'rule'
        when was.user_id <> t.user_id and not exists (
          select from memberships m join users u on u.id = m.user_id
           where m.organization_id = t.organization_id and m.user_id = was.user_id
             and m.role <> 'viewer' and u.status = 'active') then 'not_member'
      end as reason
      from change c full join links on links.todo_id = c.id
      cross join lateral (select coalesce(c.id, links.todo_id) as id) entity
      left join todos t on t.id = entity.id
      cross join lateral jsonb_populate_record(t, c.after) expected
      cross join lateral jsonb_populate_record(t, c.before) was
  )
  select coalesce(array_agg(id) filter (where reason is null), '{}'),
         coalesce(jsonb_agg(jsonb_build_object('entityType', 'todo', 'id', id, 'reason', reason))
           filter (where reason is not null), '[]')
    into done_todos, left_todos
    from judged;

  -- Their rows as they were; what it made goes to the trash, from where it can come back as it is. The version moves
  -- on also when only tags are another's. A day that was put off was not, or was again; nothing else counts as that.
  perform set_config('app.undoing', 'on', true);
  update todos t
     set title = was.title, description = was.description, status = was.status, priority = was.priority,
         due_date = was.due_date, due_time = was.due_time, scheduled_for = was.scheduled_for,
         completed_at = was.completed_at, deleted_at = was.deleted_at, user_id = was.user_id,
         postponed = case
           when undid and was.due_date > stands.due_date then least(stands.postponed + 1, 32767)
           when not undid and not c.made and was.due_date < stands.due_date then greatest(stands.postponed - 1, 0)
           else stands.postponed end
    -- A full join, as in app.audit.
    from (select done.id, change.before, change.made
            from unnest(done_todos) done (id) full join unnest(todo_changes) change using (id) offset 0) c
    join todos stands on stands.id = c.id
    cross join lateral jsonb_populate_record(stands,
      case when c.made then jsonb_build_object('deleted_at', now()) else c.before end) was
   where t.id = stands.id;
  perform set_config('app.undoing', '', true);
  -- IS TRUE keeps the planner from a join, which could be a nested loop: like this, it is hashed.
  delete from todo_tags s using unnest(link_changes) l
   where s.todo_id = l.todo_id and s.tag_id = l.tag_id and l.made and (l.todo_id in (select unnest(done_todos))) is true;
  insert into todo_tags (organization_id, todo_id, tag_id)
  select t.organization_id, l.todo_id, l.tag_id
    from unnest(link_changes) l join todos t on t.id = l.todo_id
   where not l.made and (l.todo_id in (select unnest(done_todos))) is true;

  -- Tags that it made go, unless something else uses them by now.
  with gone as (
    delete from tags t
     using unnest(tag_changes) c, tags stands, jsonb_populate_record(stands, c.after) expected
     where t.id = stands.id and stands.id = c.id and c.made and not c.after -> 'id' = 'null'
       and stands.organization_id = any (writable)
       and stands is not distinct from expected
       and not exists (select from todo_tags s where s.tag_id = stands.id)
    returning t.id
  ) select coalesce(array_agg(id), '{}') into more_tags from gone;
  select coalesce(jsonb_agg(jsonb_build_object('entityType', 'tag', 'id', c.id, 'reason', case
           when t.id is null then 'gone' when t is distinct from expected then 'changed' else 'in_use' end)), '[]')
    into left_more
    from unnest(tag_changes) c
    left join tags t on t.id = c.id
    cross join lateral jsonb_populate_record(t, c.after) expected
   where c.made and not c.after -> 'id' = 'null' and c.id <> all (more_tags);

  select left_tags || left_todos || left_more || coalesce(jsonb_agg(
           jsonb_build_object('entityType', 'todo', 'id', e.entity_id, 'reason', 'gone')), '[]')
    into left_more
    from app.command_entries(command) e where e.action = 'purge';
  left_count := jsonb_array_length(left_more);
  select coalesce(jsonb_agg(one || jsonb_build_object('title', coalesce(
           (select t.title from todos t where t.id = (one ->> 'id')::uuid and t.organization_id = any (writable)),
           (select t.name from tags t where t.id = (one ->> 'id')::uuid and t.organization_id = any (writable)),
           (select coalesce(a.changes #>> '{title,0}', a.changes #>> '{name,0}') from audit_logs a
             where a.entity_id = (one ->> 'id')::uuid and a.action in ('purge', 'delete')
               and a.organization_id = any (writable)
             order by a.id desc limit 1)))), '[]')
    into left_more
    from (select one from jsonb_array_elements(left_more) one limit named_max) first;
  if cardinality(done_todos || done_tags || more_tags) > 0 then
    -- Who looks back later is told what was left, too.
    insert into audit_logs (user_id, session_id, command_id, entity_type, entity_id, action, changes, ip, user_agent)
    values (me, app.session_id(), app.command_id(), 'command', command, case when undid then 'redo' else 'undo' end,
            case left_count when 0 then '{}'
              else jsonb_build_object('left', jsonb_build_array(null, jsonb_build_object('count', left_count, 'rows', left_more))) end,
            nullif(current_setting('app.ip', true), ''), nullif(current_setting('app.user_agent', true), ''));
  end if;
  return jsonb_build_object('commandId', app.command_id(), 'undone', cardinality(done_todos || done_tags || more_tags),
    'tags', tagged, 'leftCount', left_count, 'left', left_more);
end $$;
--> statement-breakpoint
revoke execute on function app.command_entries(uuid), app.command_changes(uuid, text), app.command_links(uuid),
  app.undone_by(uuid), app.undo_command(uuid) from public;
--> statement-breakpoint
grant execute on function app.undone_by(uuid), app.undo_command(uuid) to app_user;
--> statement-breakpoint
-- Last, because from here on nobody can read the log until all of this is committed.
DROP INDEX "audit_logs_user_id_index";
