-- What the tables do by themselves: who may see what, what keeps them true, what remembers.

-- ── Who is asking ────────────────────────────────────────────────────────────────────────────────────────────────
-- The first statement of every batch. Finds the session by the SHA-256 of its token, refuses a dead one (CN401), and
-- leaves in the transaction's settings what the policies, the audit triggers and the statements after it read.
-- context: { now (ISO instant), commandId, ip, userAgent }
create function app.enter(token_hash text, context jsonb)
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
--> statement-breakpoint

-- ── What keeps rows true ─────────────────────────────────────────────────────────────────────────────────────────
create function app.touch() returns trigger
language plpgsql
as $$
begin
  new.updated_at := now();
  return new;
end $$;
--> statement-breakpoint
-- Todos also carry a version for refusing lost updates, and completed_at follows the status by itself.
create function app.keep_todo() returns trigger
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
--> statement-breakpoint
create trigger touch before update on users for each row execute function app.touch();
--> statement-breakpoint
create trigger touch before update on accounts for each row execute function app.touch();
--> statement-breakpoint
create trigger touch before update on sessions for each row execute function app.touch();
--> statement-breakpoint
create trigger touch before update on verification_tokens for each row execute function app.touch();
--> statement-breakpoint
create trigger touch before update on organizations for each row execute function app.touch();
--> statement-breakpoint
create trigger touch before update on memberships for each row execute function app.touch();
--> statement-breakpoint
create trigger touch before update on tags for each row execute function app.touch();
--> statement-breakpoint
create trigger touch before update on rate_limits for each row execute function app.touch();
--> statement-breakpoint
create trigger keep_todo before insert or update on todos for each row execute function app.keep_todo();
--> statement-breakpoint
-- A tag's links go before it does, while its name can still be remembered with them.
create function app.unlink_tag() returns trigger
language plpgsql
as $$
begin
  delete from public.todo_tags where tag_id = old.id;
  return old;
end $$;
--> statement-breakpoint
create trigger unlink_tag before delete on tags for each row execute function app.unlink_tag();
--> statement-breakpoint

-- ── What remembers ───────────────────────────────────────────────────────────────────────────────────────────────
-- The audit row of one changed row; none when nothing worth remembering changed. changes is {field: [before, after]}.
create function app.audit_entry(entity text, before jsonb, after jsonb, ignored text[])
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
--> statement-breakpoint
-- One set-based statement writes the audit rows of one statement, however many rows it changed.
-- Arguments: the entity's name, and the columns that are not worth remembering or must not be.
create function app.audit() returns trigger
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
--> statement-breakpoint
create trigger audit_insert after insert on todos referencing new table as new_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at}');
--> statement-breakpoint
create trigger audit_update after update on todos referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at}');
--> statement-breakpoint
create trigger audit_delete after delete on todos referencing old table as old_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at}');
--> statement-breakpoint
create trigger audit_insert after insert on tags referencing new table as new_rows
  for each statement execute function app.audit('tag', '{created_at,updated_at}');
--> statement-breakpoint
create trigger audit_update after update on tags referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('tag', '{created_at,updated_at}');
--> statement-breakpoint
create trigger audit_delete after delete on tags referencing old table as old_rows
  for each statement execute function app.audit('tag', '{created_at,updated_at}');
--> statement-breakpoint
create trigger audit_insert after insert on users referencing new table as new_rows
  for each statement execute function app.audit('user', '{created_at,updated_at,last_login_at,last_active_at}');
--> statement-breakpoint
create trigger audit_update after update on users referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('user', '{created_at,updated_at,last_login_at,last_active_at}');
--> statement-breakpoint
create trigger audit_delete after delete on users referencing old table as old_rows
  for each statement execute function app.audit('user', '{created_at,updated_at,last_login_at,last_active_at}');
--> statement-breakpoint
create trigger audit_insert after insert on accounts referencing new table as new_rows
  for each statement execute function app.audit('account', '{created_at,updated_at}');
--> statement-breakpoint
create trigger audit_update after update on accounts referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('account', '{created_at,updated_at}');
--> statement-breakpoint
create trigger audit_delete after delete on accounts referencing old table as old_rows
  for each statement execute function app.audit('account', '{created_at,updated_at}');
--> statement-breakpoint
create trigger audit_insert after insert on sessions referencing new table as new_rows
  for each statement execute function app.audit('session', '{token_hash,created_at,updated_at,last_seen_at,expires_at,ip,user_agent}');
--> statement-breakpoint
create trigger audit_update after update on sessions referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('session', '{token_hash,created_at,updated_at,last_seen_at,expires_at,ip,user_agent}');
--> statement-breakpoint
create trigger audit_delete after delete on sessions referencing old table as old_rows
  for each statement execute function app.audit('session', '{token_hash,created_at,updated_at,last_seen_at,expires_at,ip,user_agent}');
--> statement-breakpoint
create trigger audit_insert after insert on organizations referencing new table as new_rows
  for each statement execute function app.audit('organization', '{created_at,updated_at}');
--> statement-breakpoint
create trigger audit_update after update on organizations referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('organization', '{created_at,updated_at}');
--> statement-breakpoint
create trigger audit_delete after delete on organizations referencing old table as old_rows
  for each statement execute function app.audit('organization', '{created_at,updated_at}');
--> statement-breakpoint
create trigger audit_insert after insert on memberships referencing new table as new_rows
  for each statement execute function app.audit('membership', '{created_at,updated_at}');
--> statement-breakpoint
create trigger audit_update after update on memberships referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('membership', '{created_at,updated_at}');
--> statement-breakpoint
create trigger audit_delete after delete on memberships referencing old table as old_rows
  for each statement execute function app.audit('membership', '{created_at,updated_at}');
--> statement-breakpoint
create trigger audit_insert after insert on todo_tags referencing new table as new_rows
  for each statement execute function app.audit('todo_tag', '{created_at}');
--> statement-breakpoint
create trigger audit_delete after delete on todo_tags referencing old table as old_rows
  for each statement execute function app.audit('todo_tag', '{created_at}');
--> statement-breakpoint

-- ── Who may do what ──────────────────────────────────────────────────────────────────────────────────────────────
-- Settings are read inside (select …), so that they are evaluated once per statement and not once per row. The cast
-- makes it a value: any ((select …)) alone would compare with the rows of a subquery.
alter table users enable row level security;
--> statement-breakpoint
alter table accounts enable row level security;
--> statement-breakpoint
alter table sessions enable row level security;
--> statement-breakpoint
alter table verification_tokens enable row level security;
--> statement-breakpoint
alter table organizations enable row level security;
--> statement-breakpoint
alter table memberships enable row level security;
--> statement-breakpoint
alter table todos enable row level security;
--> statement-breakpoint
alter table tags enable row level security;
--> statement-breakpoint
alter table todo_tags enable row level security;
--> statement-breakpoint
alter table audit_logs enable row level security;
--> statement-breakpoint
alter table rate_limits enable row level security;
--> statement-breakpoint
create policy users_select on users for select to app_user using (
  id = (select app.user_id())
  or exists (select from memberships m where m.user_id = users.id and m.organization_id = any ((select app.organization_ids())::uuid[])));
--> statement-breakpoint
create policy users_update on users for update to app_user
  using (id = (select app.user_id())) with check (id = (select app.user_id()));
--> statement-breakpoint
create policy organizations_select on organizations for select to app_user
  using (id = any ((select app.organization_ids())::uuid[]));
--> statement-breakpoint
create policy memberships_select on memberships for select to app_user
  using (organization_id = any ((select app.organization_ids())::uuid[]));
--> statement-breakpoint
create policy todos_select on todos for select to app_user
  using (organization_id = any ((select app.organization_ids())::uuid[]));
--> statement-breakpoint
create policy todos_insert on todos for insert to app_user
  with check (organization_id = any ((select app.writable_organization_ids())::uuid[]) and user_id = (select app.user_id()));
--> statement-breakpoint
create policy todos_update on todos for update to app_user
  using (organization_id = any ((select app.writable_organization_ids())::uuid[]))
  with check (organization_id = any ((select app.writable_organization_ids())::uuid[]));
--> statement-breakpoint
-- Only what lies in the trash can be deleted for ever.
create policy todos_delete on todos for delete to app_user
  using (organization_id = any ((select app.writable_organization_ids())::uuid[]) and deleted_at is not null);
--> statement-breakpoint
create policy tags_select on tags for select to app_user
  using (organization_id = any ((select app.organization_ids())::uuid[]));
--> statement-breakpoint
create policy tags_insert on tags for insert to app_user
  with check (organization_id = any ((select app.writable_organization_ids())::uuid[]));
--> statement-breakpoint
create policy tags_update on tags for update to app_user
  using (organization_id = any ((select app.writable_organization_ids())::uuid[]))
  with check (organization_id = any ((select app.writable_organization_ids())::uuid[]));
--> statement-breakpoint
create policy tags_delete on tags for delete to app_user
  using (organization_id = any ((select app.writable_organization_ids())::uuid[]));
--> statement-breakpoint
create policy todo_tags_select on todo_tags for select to app_user
  using (organization_id = any ((select app.organization_ids())::uuid[]));
--> statement-breakpoint
create policy todo_tags_insert on todo_tags for insert to app_user
  with check (organization_id = any ((select app.writable_organization_ids())::uuid[]));
--> statement-breakpoint
create policy todo_tags_delete on todo_tags for delete to app_user
  using (organization_id = any ((select app.writable_organization_ids())::uuid[]));
--> statement-breakpoint
create policy audit_logs_select on audit_logs for select to app_user using (
  organization_id = any ((select app.organization_ids())::uuid[])
  or (organization_id is null and user_id = (select app.user_id())));
--> statement-breakpoint
-- Grants name columns: what no page shows is not readable, and ids, times, versions and whose it is are not the
-- request's to choose.
grant usage on schema public to app_user;
--> statement-breakpoint
grant select (id, name, preferences), update (name, preferences) on users to app_user;
--> statement-breakpoint
grant select (id, name) on organizations to app_user;
--> statement-breakpoint
grant select (organization_id, user_id) on memberships to app_user;
--> statement-breakpoint
grant select on todos, tags, todo_tags to app_user;
--> statement-breakpoint
-- Where a colleague's request came from is not for the others to see.
grant select (id, created_at, organization_id, user_id, entity_type, entity_id, action, changes) on audit_logs to app_user;
--> statement-breakpoint
-- Inserts name every column, as Drizzle's builder does (with DEFAULT); keep_todo sets what is not theirs to choose.
grant insert, update (title, description, status, priority, due_date, due_time, scheduled_for, deleted_at), delete
  on todos to app_user;
--> statement-breakpoint
grant insert, update (name, colour, icon), delete on tags to app_user;
--> statement-breakpoint
grant insert, delete on todo_tags to app_user;
--> statement-breakpoint

-- ── Searching ────────────────────────────────────────────────────────────────────────────────────────────────────
-- A GIN index is never used under row-level security (its operators are not leakproof), so search is a function that
-- applies the tenant condition itself. A hyphen means "without" only before a word. The matching words stand between
-- the control characters 2 and 3. Best first; at most max_rows.
create function app.search_todos(query text, max_rows integer)
returns table (id uuid, rank real, title_marked text, description_marked text)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  with wanted as (
    select websearch_to_tsquery('app.english_unaccent', regexp_replace(
      translate(normalize(search_todos.query, nfc), '<>/\@.&_:~=?#%+', repeat(' ', 15)), '(?<=[^\s"])-', ' ', 'g')) as query
  ), best as (
    select t.id, t.title, t.description, t.created_at, ts_rank(t.search, w.query) as rank, w.query
      from todos t, wanted w
     where t.search @@ w.query
       and t.user_id = app.user_id()
       and t.organization_id = any (app.organization_ids())
       and t.deleted_at is null
     order by rank desc, t.created_at desc, t.id desc
     limit max_rows
  )
  select b.id, b.rank,
    app.search_punctuation(ts_headline('app.english_unaccent', app.search_text(b.title), b.query,
      format('HighlightAll=true, StartSel=%s, StopSel=%s', chr(2), chr(3)))),
    app.search_punctuation(ts_headline('app.english_unaccent', app.search_text(b.description), b.query,
      format('MaxFragments=2, MaxWords=24, MinWords=8, ShortWord=0, FragmentDelimiter=" … ", StartSel=%s, StopSel=%s',
        chr(2), chr(3))))
  from best b
  order by b.rank desc, b.created_at desc, b.id desc
$$;
--> statement-breakpoint
revoke execute on all functions in schema app from public;
--> statement-breakpoint
grant execute on function app.enter(text, jsonb), app.search_todos(text, integer) to app_user;
--> statement-breakpoint

-- ── Being fast ───────────────────────────────────────────────────────────────────────────────────────────────────
-- Lists by priority and the dashboard read this index alone. Drizzle's builder knows no INCLUDE, hence custom.
create index todos_user_priority_index on todos (user_id, priority desc, created_at desc, id desc)
  include (organization_id, title, status, due_date, due_time, scheduled_for, completed_at, version)
  where deleted_at is null;
--> statement-breakpoint
-- An Index Only Scan needs pages that VACUUM has marked all-visible.
alter table todos set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
alter table audit_logs set (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
