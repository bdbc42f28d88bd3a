-- Rolls back 0006_bulk.sql. What changed hands stays where it is, and in the histories.
revoke execute on function app.uuid_v7(timestamptz) from app_user;
drop function app.insert_todos(jsonb, jsonb);
drop function app.foreign_todo_ids(uuid[]);
drop function app.transfer_todos(uuid[], uuid);
drop function app.audit_hands() cascade;
create or replace function app.uuid_v7(at timestamptz default clock_timestamp()) returns uuid
language sql volatile parallel safe
begin atomic
  select encode(
    overlay(
      overlay(
        uuid_send(gen_random_uuid())
        placing substring(int8send(microseconds / 1000) from 3) from 1 for 6)
      placing int2send((28672 + microseconds % 1000 * 4096 / 1000)::smallint) from 7 for 2),
    'hex')::uuid
  from (select (extract(epoch from at) * 1000000)::bigint as microseconds) clock;
end;
drop function app.audit_links() cascade;
create trigger audit_insert after insert on todo_tags referencing new table as new_rows
  for each statement execute function app.audit('todo_tag', '{created_at}');
create trigger audit_delete after delete on todo_tags referencing old table as old_rows
  for each statement execute function app.audit('todo_tag', '{created_at}');
drop function app.audit_changed_todos() cascade;
create trigger audit_update after update on todos referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at,postponed}');
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
          select coalesce(jsonb_object_agg(key, jsonb_build_array(b.value, a.value)), '{}')
            from jsonb_each(before - ignored) b full join jsonb_each(after - ignored) a using (key)
           where coalesce(b.value, 'null') is distinct from coalesce(a.value, 'null')) as diff
        offset 0) changed
  where diff <> '{}'
    -- That a todo lost its tags when it was deleted for ever goes without saying.
    and not (entity = 'todo_tag' and after is null
             and not exists (select from public.todos t where t.id = (row ->> 'todo_id')::uuid))
$$;
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
      from new_rows n cross join lateral app.audit_entry(entity, null, to_jsonb(n), ignored) e;
  elsif tg_op = 'UPDATE' then
    insert into audit_logs (organization_id, user_id, session_id, command_id, entity_type, entity_id, action, changes, ip, user_agent)
    select e.organization_id, e.user_id, app.session_id(), app.command_id(), e.entity_type, e.entity_id, e.action, e.changes,
           nullif(current_setting('app.ip', true), ''), nullif(current_setting('app.user_agent', true), '')
      from old_rows o join new_rows n using (id)
      cross join lateral app.audit_entry(entity, to_jsonb(o), to_jsonb(n), ignored) e;
  else
    insert into audit_logs (organization_id, user_id, session_id, command_id, entity_type, entity_id, action, changes, ip, user_agent)
    select e.organization_id, e.user_id, app.session_id(), app.command_id(), e.entity_type, e.entity_id, e.action, e.changes,
           nullif(current_setting('app.ip', true), ''), nullif(current_setting('app.user_agent', true), '')
      from old_rows o cross join lateral app.audit_entry(entity, to_jsonb(o), null, ignored) e;
    if entity = 'todo' then
      -- Nor are they kept in what was remembered before: only that they were changed.
      update audit_logs a
         set changes = jsonb_set(a.changes, '{description}', '[null, null]')
       where a.entity_id in (select o.id from old_rows o) and a.entity_type = 'todo' and a.changes ? 'description';
    end if;
  end if;
  return null;
end $$;
