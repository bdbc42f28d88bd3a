-- Rolls back 0005_counters.sql. Everything is counted again whenever it is asked for; how often a todo was put off can
-- still be told from the audit log.
create or replace function app.enter(token_hash text, context jsonb)
returns table (
  user_id uuid, session_id uuid, email text, name text, preferences jsonb, time_zone text,
  personal_organization_id uuid, organizations jsonb, today date, local_time time
)
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
declare
  session record;
  here record;
  instant timestamptz := coalesce((context ->> 'now')::timestamptz, now());
  zone text;
begin
  select s.id, s.user_id, s.last_seen_at, s.created_at, u.email, u.name, u.preferences
    into session
    from sessions s join users u on u.id = s.user_id
   where s.token_hash = enter.token_hash
     and s.expires_at > now() and s.revoked_at is null and u.status = 'active';
  if not found then
    raise exception using errcode = 'CN401', message = 'signed out';
  end if;

  select coalesce(array_agg(m.organization_id), '{}') as all_ids,
         coalesce(array_agg(m.organization_id) filter (where m.role <> 'viewer'), '{}') as writable_ids,
         (array_agg(m.organization_id) filter (where o.personal_user_id = session.user_id))[1] as personal_id,
         coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name, 'role', m.role,
           'personal', o.personal_user_id is not null) order by o.personal_user_id is null, o.name), '[]') as list
    into here
    from memberships m join organizations o on o.id = m.organization_id
   where m.user_id = session.user_id and o.deleted_at is null;

  zone := coalesce(session.preferences ->> 'timeZone', 'UTC');
  begin
    perform instant at time zone zone;
  exception when invalid_parameter_value then
    zone := 'UTC'; -- a zone that this server's tzdata does not know must not lock its person out
  end;

  -- Known to be in use, at most once in five minutes, so that reading costs no write. A request beside this one that
  -- is already noting it is not waited for.
  if session.last_seen_at < now() - interval '5 minutes' then
    perform from sessions s where s.id = session.id for no key update skip locked;
    if found then
      update sessions s
         set last_seen_at = now(),
             expires_at = least(s.created_at + interval '180 days', now() + interval '30 days')
       where s.id = session.id;
    end if;
    perform from users u where u.id = session.user_id for no key update skip locked;
    if found then
      update users u set last_active_at = now() where u.id = session.user_id;
    end if;
  end if;

  perform set_config('app.user_id', session.user_id::text, true),
          set_config('app.session_id', session.id::text, true),
          set_config('app.organization_ids', here.all_ids::text, true),
          set_config('app.writable_organization_ids', here.writable_ids::text, true),
          set_config('app.personal_organization_id', here.personal_id::text, true),
          set_config('app.time_zone', zone, true),
          set_config('app.today', (instant at time zone zone)::date::text, true),
          set_config('app.local_time', (instant at time zone zone)::time(0)::text, true),
          set_config('app.command_id', coalesce(context ->> 'commandId', ''), true),
          set_config('app.ip', coalesce(context ->> 'ip', ''), true),
          set_config('app.user_agent', coalesce(context ->> 'userAgent', ''), true);

  return query select session.user_id, session.id, session.email, session.name, session.preferences, zone,
    here.personal_id, here.list, (instant at time zone zone)::date, (instant at time zone zone)::time(0);
end $$;
drop function app.enter_json(text, jsonb);
drop function app.dashboard(integer, integer, integer, integer, integer);
drop function app.days_in_a_row_before(date);
drop function app.colleagues();
drop function app.sidebar_counts(integer);
drop index todos_user_completed_index;
create index todos_user_completed_index on todos (user_id, completed_at)
  where deleted_at is null and completed_at is not null;
drop index todos_postponed_index;
drop index todos_pressing_index;
drop trigger audit_insert on todos;
drop trigger audit_update on todos;
drop trigger audit_delete on todos;
create trigger audit_insert after insert on todos referencing new table as new_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at}');
create trigger audit_update after update on todos referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at}');
create trigger audit_delete after delete on todos referencing old table as old_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at}');
create or replace function app.keep_todo() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'UPDATE' then
    new.updated_at := now();
    new.version := old.version + 1;
  end if;
  if tg_op = 'INSERT' and current_user = 'app_user' then
    new.created_at := now();
    new.updated_at := now();
    new.version := 1;
    new.completed_at := null;
    new.deleted_at := null;
  end if;
  if new.status = 'completed' then
    -- A clock that was set back must not make completing impossible.
    new.completed_at := coalesce(new.completed_at, greatest(now(), new.created_at));
  else
    new.completed_at := null;
  end if;
  return new;
end $$;
alter table todos drop column postponed;
drop function app.count_todos() cascade;
drop function app.count_links() cascade;
drop function app.uncount_links() cascade;
drop function app.clear_todo_counts() cascade;
drop function app.rebuild_todo_counts();
drop function app.add_link_counts(todo_tags[], integer);
drop function app.add_todo_counts(app.todo_change[], boolean);
drop function app.count_days_anew() cascade;
drop function app.add_done_counts(app.todo_change[]);
drop function app.hold_zones(uuid[]);
drop function app.zone_of(uuid);
drop function app.add_tag_counts(todo_tag_counts[]);
drop type app.todo_change;
drop table todo_counts, todo_due_counts, todo_done_counts, todo_tag_counts;
