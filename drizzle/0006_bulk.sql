-- Writes on many todos at once, and handing todos over.

-- The audit row of one changed row, as before, in a quarter of the time: the two sides have the same columns, so the
-- names of one are gone through, and the values are compared as text (a null is none there, in JSON and in SQL).
create or replace function app.audit_entry(entity text, before jsonb, after jsonb, ignored text[])
returns table (organization_id uuid, user_id uuid, entity_type text, entity_id uuid, action text, changes jsonb)
language sql stable
as $$
  select
    case entity when 'organization' then row ->> 'id' else row ->> 'organization_id' end::uuid,
    -- Signing up and signing in happen before anyone has entered.
    coalesce(app.user_id(), case
      when entity = 'session' then row ->> 'user_id'
      when before is not null then null
      when entity = 'user' then row ->> 'id'
      when entity = 'organization' then row ->> 'personal_user_id'
      when entity in ('membership', 'account') then row ->> 'user_id'
    end::uuid),
    case entity when 'todo_tag' then 'todo' else entity end,
    case entity when 'todo_tag' then row ->> 'todo_id' else row ->> 'id' end::uuid,
    case
      when before is null then
        case entity when 'session' then 'sign_in' when 'todo_tag' then 'tag' else 'create' end
      when after is null then
        case entity when 'session' then 'sign_out' when 'todo_tag' then 'untag' when 'todo' then 'purge' else 'delete' end
      when diff ? 'deleted_at' then case when after ->> 'deleted_at' is null then 'restore' else 'delete' end
      when entity = 'todo' and diff ? 'status' then
        case after ->> 'status' when 'in_progress' then 'start' when 'completed' then 'complete'
          when 'cancelled' then 'cancel' else 'reopen' end
      when entity = 'session' and diff ? 'revoked_at' then 'revoke'
      when diff ?| array['user_id', 'organization_id'] then 'transfer'
      else 'update'
    end,
    case
      -- A link is remembered with its tag's name: the tag may be gone when somebody reads this.
      when entity = 'todo_tag' then jsonb_build_object('tags', (
        select case when after is null then jsonb_build_array(tag, null) else jsonb_build_array(null, tag) end
          from (select jsonb_build_object('id', row ->> 'tag_id', 'name',
                  (select t.name from public.tags t where t.id = (row ->> 'tag_id')::uuid)) as tag) named))
      -- Deleted for ever means that its words are not kept here either, but for the title.
      when entity = 'todo' and after is null then jsonb_build_object('title', diff -> 'title')
      -- That a password changed is worth knowing; its hash is not.
      when diff ? 'password_hash' then (diff - 'password_hash') || '{"password": ["(hidden)", "(hidden)"]}'
      else diff
    end
  -- OFFSET 0 keeps the planner from computing the difference anew at each place where it stands.
  from (select coalesce(after, before) as row, (
          select coalesce(jsonb_object_agg(key, jsonb_build_array(before -> key, after -> key)), '{}')
            from jsonb_object_keys(coalesce(after, before) - ignored) key
           where before ->> key is distinct from after ->> key) as diff
        offset 0) changed
  where diff <> '{}'
    -- That a todo lost its tags when it was deleted for ever goes without saying.
    and not (entity = 'todo_tag' and after is null
             and not exists (select from public.todos t where t.id = (row ->> 'todo_id')::uuid))
$$;
--> statement-breakpoint
-- As before, but that each row is turned into jsonb once: OFFSET 0 keeps the planner from doing it anew at each place
-- where audit_entry reads it. And a FULL JOIN, though no row is without its other side: a session keeps the plan that it
-- made for one row, and the nested loop that is good for one takes seconds for thousands. A full join cannot be one.
create or replace function app.audit() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  entity text := tg_argv[0];
  ignored text[] := tg_argv[1]::text[];
begin
  if tg_op = 'INSERT' then
    insert into audit_logs (organization_id, user_id, session_id, command_id, entity_type, entity_id, action, changes, ip, user_agent)
    select e.organization_id, e.user_id, app.session_id(), app.command_id(), e.entity_type, e.entity_id, e.action, e.changes,
           nullif(current_setting('app.ip', true), ''), nullif(current_setting('app.user_agent', true), '')
      from (select to_jsonb(n) as row from new_rows n offset 0) after
     cross join lateral app.audit_entry(entity, null, after.row, ignored) e;
  elsif tg_op = 'UPDATE' then
    insert into audit_logs (organization_id, user_id, session_id, command_id, entity_type, entity_id, action, changes, ip, user_agent)
    select e.organization_id, e.user_id, app.session_id(), app.command_id(), e.entity_type, e.entity_id, e.action, e.changes,
           nullif(current_setting('app.ip', true), ''), nullif(current_setting('app.user_agent', true), '')
      from (select to_jsonb(o) as before, to_jsonb(n) as after from old_rows o full join new_rows n using (id) offset 0) change
     cross join lateral app.audit_entry(entity, change.before, change.after, ignored) e;
  else
    insert into audit_logs (organization_id, user_id, session_id, command_id, entity_type, entity_id, action, changes, ip, user_agent)
    select e.organization_id, e.user_id, app.session_id(), app.command_id(), e.entity_type, e.entity_id, e.action, e.changes,
           nullif(current_setting('app.ip', true), ''), nullif(current_setting('app.user_agent', true), '')
      from (select to_jsonb(o) as row from old_rows o offset 0) before
     cross join lateral app.audit_entry(entity, before.row, null, ignored) e;
    if entity = 'todo' then
      -- Nor are they kept in what was remembered before: only that they were changed.
      update audit_logs a
         set changes = jsonb_set(a.changes, '{description}', '[null, null]')
       where a.entity_id in (select o.id from old_rows o) and a.entity_type = 'todo' and a.changes ? 'description';
    end if;
  end if;
  return null;
end $$;
--> statement-breakpoint
-- A changed todo is remembered as app.audit does it, in a third of the time: its columns are named instead of gone through as
-- JSON, and of a row that changed in one field nothing else is made into JSON. tests/migrations/audit.test.ts sees that none is
-- forgotten.
create function app.audit_changed_todos() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  me constant uuid := app.user_id();
  session constant uuid := app.session_id();
  command constant uuid := app.command_id();
  ip constant text := nullif(current_setting('app.ip', true), '');
  user_agent constant text := nullif(current_setting('app.user_agent', true), '');
begin
  insert into audit_logs (organization_id, user_id, session_id, command_id, entity_type, entity_id, action, changes, ip, user_agent)
  select c.organization_id, me, session, command, 'todo', c.id,
         case
           when c.changes ? 'deleted_at' then case when c.deleted_at is null then 'restore' else 'delete' end
           when c.changes ? 'status' then
             case c.status when 'in_progress' then 'start' when 'completed' then 'complete'
               when 'cancelled' then 'cancel' else 'reopen' end
           when c.changes ?| array['user_id', 'organization_id'] then 'transfer'
           else 'update'
         end,
         c.changes, ip, user_agent
    from (
      select id, n.organization_id, n.status, n.deleted_at, jsonb_strip_nulls(jsonb_build_object(
               'organization_id', case when o.organization_id is distinct from n.organization_id then jsonb_build_array(o.organization_id, n.organization_id) end,
               'user_id', case when o.user_id is distinct from n.user_id then jsonb_build_array(o.user_id, n.user_id) end,
               'title', case when o.title is distinct from n.title then jsonb_build_array(o.title, n.title) end,
               'description', case when o.description is distinct from n.description then jsonb_build_array(o.description, n.description) end,
               'status', case when o.status is distinct from n.status then jsonb_build_array(o.status, n.status) end,
               'priority', case when o.priority is distinct from n.priority then jsonb_build_array(o.priority, n.priority) end,
               'due_date', case when o.due_date is distinct from n.due_date then jsonb_build_array(o.due_date, n.due_date) end,
               'due_time', case when o.due_time is distinct from n.due_time then jsonb_build_array(o.due_time, n.due_time) end,
               'scheduled_for', case when o.scheduled_for is distinct from n.scheduled_for then jsonb_build_array(o.scheduled_for, n.scheduled_for) end,
               'completed_at', case when o.completed_at is distinct from n.completed_at then jsonb_build_array(o.completed_at, n.completed_at) end,
               'deleted_at', case when o.deleted_at is distinct from n.deleted_at then jsonb_build_array(o.deleted_at, n.deleted_at) end
             )) as changes
        -- A full join, as in app.audit.
        from old_rows o full join new_rows n using (id)
      offset 0) c
   where c.changes <> '{}';
  return null;
end $$;
--> statement-breakpoint
drop trigger audit_update on todos;
--> statement-breakpoint
create trigger audit_update after update on todos referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit_changed_todos();
--> statement-breakpoint
-- Likewise a tag that is put on a todo or taken off it.
create function app.audit_links() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  me constant uuid := app.user_id();
  session constant uuid := app.session_id();
  command constant uuid := app.command_id();
  ip constant text := nullif(current_setting('app.ip', true), '');
  user_agent constant text := nullif(current_setting('app.user_agent', true), '');
begin
  if tg_op = 'INSERT' then
    insert into audit_logs (organization_id, user_id, session_id, command_id, entity_type, entity_id, action, changes, ip, user_agent)
    select l.organization_id, me, session, command, 'todo', l.todo_id, 'tag',
           jsonb_build_object('tags', jsonb_build_array(null, jsonb_build_object(
             'id', l.tag_id, 'name', (select t.name from tags t where t.id = l.tag_id)))),
           ip, user_agent
      from new_rows l;
  else
    insert into audit_logs (organization_id, user_id, session_id, command_id, entity_type, entity_id, action, changes, ip, user_agent)
    select l.organization_id, me, session, command, 'todo', l.todo_id, 'untag',
           jsonb_build_object('tags', jsonb_build_array(jsonb_build_object(
             'id', l.tag_id, 'name', (select t.name from tags t where t.id = l.tag_id)), null)),
           ip, user_agent
      from old_rows l
     -- That a todo lost its tags when it was deleted for ever goes without saying.
     where (select t.id from todos t where t.id = l.todo_id) is not null;
  end if;
  return null;
end $$;
--> statement-breakpoint
drop trigger audit_insert on todo_tags;
--> statement-breakpoint
drop trigger audit_delete on todo_tags;
--> statement-breakpoint
create trigger audit_insert after insert on todo_tags referencing new table as new_rows
  for each statement execute function app.audit_links();
--> statement-breakpoint
create trigger audit_delete after delete on todo_tags referencing old table as old_rows
  for each statement execute function app.audit_links();
--> statement-breakpoint
-- As before, in half of the time: a function of SQL that is not inlined is begun anew for each row.
create or replace function app.uuid_v7(at timestamptz default clock_timestamp()) returns uuid
language plpgsql volatile parallel safe
as $$
declare
  microseconds constant bigint := extract(epoch from at) * 1000000;
begin
  return encode(
    overlay(
      overlay(
        uuid_send(gen_random_uuid())
        placing substring(int8send(microseconds / 1000) from 3) from 1 for 6)
      placing int2send((28672 + microseconds % 1000 * 4096 / 1000)::smallint) from 7 for 2),
    'hex')::uuid;
end $$;
--> statement-breakpoint
-- A todo that changes hands is remembered by whoever did it (transfer, above), and stands in the histories of the one
-- who got it (receive) and of the one who had it (release), too, unless they did it themselves. Where the request came
-- from is in the first row only: the others are not told.
create function app.audit_hands() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into audit_logs (organization_id, user_id, command_id, entity_type, entity_id, action, changes)
  select change.organization_id, hands.user_id, app.command_id(), 'todo', change.id, hands.action,
         jsonb_build_object('user_id', jsonb_build_array(change.giver, change.taker))
    -- A full join, as in app.audit.
    from (select id, n.organization_id, o.user_id as giver, n.user_id as taker
            from old_rows o full join new_rows n using (id) offset 0) change
    cross join lateral (values (change.taker, 'receive'), (change.giver, 'release')) hands (user_id, action)
   where change.giver <> change.taker and hands.user_id is distinct from app.user_id();
  return null;
end $$;
--> statement-breakpoint
-- Its name comes after audit_update, and so does it.
create trigger hand_over after update on todos referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit_hands();
--> statement-breakpoint

-- Hands todos of mine to another member of their organization. app_user may neither set whose a todo is nor read who is
-- active, so all checks are made here. Gives one row for each of the ids that I may write to and that is not in the
-- trash; what became of it:
--   transferred, or already (it was theirs before);
--   not_yours (it belongs to a third), personal (there is nobody else), not_member, viewer (of the target): left.
create function app.transfer_todos(ids uuid[], target uuid)
returns table (id uuid, outcome text)
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  -- Everything that it looks at stays as it is until this is done, in one order for everybody: nobody is suspended,
  -- leaves or takes the todo in between. SERIALIZABLE alone would not do: those who do that need not be.
  perform from users u where u.id = target for share;
  perform from memberships m
    where m.user_id = target and m.organization_id = any (app.writable_organization_ids()) order by m.id for share;
  return query
  with held as (
    select t.id, t.user_id, t.organization_id
      from todos t
     where t.id = any (ids) and t.organization_id = any (app.writable_organization_ids()) and t.deleted_at is null
     order by t.id for no key update
  ), judged as materialized (
    select h.id, case
        when h.user_id = target then 'already'
        when h.user_id <> app.user_id() then 'not_yours'
        when o.personal_user_id is not null then 'personal'
        when m.role is null or u.status <> 'active' then 'not_member'
        when m.role = 'viewer' then 'viewer'
        else 'transferred'
      end as outcome
      from held h
      join organizations o on o.id = h.organization_id
      left join memberships m on m.organization_id = h.organization_id and m.user_id = target
      left join users u on u.id = m.user_id
  ), transferred as (
    update todos t set user_id = target from judged j where t.id = j.id and j.outcome = 'transferred'
  )
  select j.id, j.outcome from judged j;
end $$;
--> statement-breakpoint
-- Which of these ids belong to todos that are not mine.
create function app.foreign_todo_ids(ids uuid[]) returns setof uuid
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select t.id from todos t where t.id = any (ids) and t.user_id <> app.user_id()
$$;
--> statement-breakpoint
-- Adds todos of mine to my personal organization, with their tags, in two set-based statements however many there are;
-- those that are there already stay as they are, and bring no tags. app_user's own inserts begin now and without a past; these keep when
-- they were made and completed, as far as that is past.
-- todos: [{ id, title, description, status, priority, due_date, due_time, scheduled_for, created_at, completed_at,
-- tags: [name] }]; tags: [{ id, name }], an id for each name among them, for those that have to be made.
create function app.insert_todos(todos jsonb, tags jsonb)
returns table (added integer, foreign_ids uuid[])
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  here constant uuid := app.personal_organization_id();
  names text[];
  held integer;
begin
  -- What is there stays there until this is done, so that what is added now has its tags.
  perform from public.todos t
    where t.id in (select row.id from jsonb_to_recordset(todos) as row (id uuid)) order by t.id for key share;
  select coalesce(array_agg(distinct wish.name), '{}') into names
    from jsonb_to_recordset(todos) as row (id uuid, tags text[]) cross join unnest(row.tags) as wish (name)
   where not exists (select from public.todos t where t.id = row.id);
  -- In the order of names, so that two people who make the same tags do not wait for each other in a circle.
  insert into public.tags (id, organization_id, name)
  select distinct on (lower(wanted.name)) wanted.id, here, wanted.name
    from rows from (jsonb_to_recordset(tags) as (id uuid, name text)) with ordinality as wanted (id, name, position)
   where wanted.name = any (names)
     and not exists (select from public.tags known where known.organization_id = here and lower(known.name) = lower(wanted.name))
   order by lower(wanted.name), wanted.position
  on conflict (organization_id, lower(name)) do nothing;
  -- They stay as they are until this is done, or all of it is undone and done again.
  names := array(select distinct lower(name) from unnest(names) name);
  perform from public.tags tag where tag.organization_id = here and lower(tag.name) = any (names) order by tag.id for share;
  get diagnostics held = row_count;
  perform app.guard(held = cardinality(names), '40001', 'A tag was taken away.');

  with wanted as materialized (
    select * from jsonb_to_recordset(todos) as row (
      id uuid, title text, description text, status todo_status, priority smallint, due_date date, due_time time(0),
      scheduled_for date, created_at timestamptz, completed_at timestamptz, tags text[])
  ), new as (
    insert into public.todos as t (id, organization_id, user_id, title, description, status, priority, due_date, due_time,
                                   scheduled_for, created_at, completed_at)
    select w.id, here, app.user_id(), w.title, coalesce(w.description, ''), coalesce(w.status, 'pending'),
           coalesce(w.priority, 0), w.due_date, w.due_time, w.scheduled_for,
           least(coalesce(w.created_at, w.completed_at), now()),
           case when w.completed_at is not null then least(w.completed_at, now()) end
      from wanted w
    on conflict (id) do nothing
    returning t.id
  ), links as (
    insert into public.todo_tags (organization_id, todo_id, tag_id)
    select distinct here, new.id, tag.id
      from new join wanted w on w.id = new.id cross join unnest(w.tags) as wish (name)
      join public.tags tag on tag.organization_id = here and lower(tag.name) = lower(wish.name)
  )
  select count(*)::integer into added from new;
  -- Looked up afterwards: an insert that waited for somebody else's row of this id left it out, and did not see it yet.
  foreign_ids := array(select app.foreign_todo_ids(array(select row.id from jsonb_to_recordset(todos) as row (id uuid))));
  return next;
end $$;
--> statement-breakpoint
revoke execute on function app.audit_changed_todos(), app.audit_links(), app.audit_hands(), app.transfer_todos(uuid[], uuid), app.foreign_todo_ids(uuid[]),
  app.insert_todos(jsonb, jsonb) from public;
--> statement-breakpoint
-- A name that is put on todos of several organizations is a tag in each of them: those ids only the database can make.
grant execute on function app.transfer_todos(uuid[], uuid), app.foreign_todo_ids(uuid[]), app.insert_todos(jsonb, jsonb),
  app.uuid_v7(timestamptz) to app_user;
