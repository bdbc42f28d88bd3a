-- Rolls back 0013_actors.sql. What it kept can be gathered again.
drop function app.tell_dashboard(text, integer, integer, integer, integer, integer);
drop function app.tell_tags(text, uuid), app.tell_tags(text), app.tell_counts(text, integer);
drop function app.enter(text, text, text, text, text);
drop trigger keep_insert on users;
drop trigger keep_update on users;
drop trigger keep_insert on memberships;
drop trigger keep_update on memberships;
drop trigger keep_delete on memberships;
drop trigger keep_truncate on memberships;
drop trigger keep_update on organizations;
drop function app.keep_all_actors(), app.rebuild_actors(), app.keep_actors_of_organizations(), app.keep_actors_of_members(),
  app.keep_actors_of_users(), app.keep_actors(uuid[]), app.actors_of(uuid[]);
-- ── What is kept ─────────────────────────────────────────────────────────────────────────────────────────────────
-- The organizations of everybody who has any, as entering gives them: every request would gather them from memberships
-- and organizations, which hardly ever change. Nobody but the functions here reads or writes it.
create table app.person_organizations (
  user_id uuid primary key references users (id) on delete cascade,
  all_ids uuid[] not null,
  writable_ids uuid[] not null,
  personal_id uuid,
  list json not null
);
alter table app.person_organizations enable row level security;
-- What is to be kept of these people.
create function app.organizations_of(people uuid[]) returns setof app.person_organizations
language sql stable
set search_path = pg_catalog, public, pg_temp
as $$
  select m.user_id, array_agg(o.id order by o.id), coalesce(array_agg(o.id order by o.id) filter (where m.role <> 'viewer'), '{}'),
         (array_agg(o.id) filter (where o.personal_user_id = m.user_id))[1],
         json_agg(json_build_object('id', o.id, 'name', o.name, 'role', m.role, 'personal', o.personal_user_id is not null)
           order by o.personal_user_id is null, o.name, o.id)
    from memberships m join organizations o on o.id = m.organization_id
   where m.user_id = any (people) and o.deleted_at is null
   group by m.user_id
$$;
-- Of two who change one person's organizations at once, the second waits for the first. Each statement sees what was
-- committed before it: so what is kept is computed after the waiting, by statements of their own. The lock is one of its
-- own: a transfer holds its new person, and then waits for the membership that is being taken away here.
create function app.keep_organizations(people uuid[]) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- Whoever is being deleted is not there any more.
  people := array(select u.id from users u where u.id = any (people) order by u.id for key share);
  perform pg_advisory_xact_lock(hashtextextended('cairn.organizations ' || person, 0))
     from (select person from unnest(people) person order by person) held;
  delete from app.person_organizations k where k.user_id = any (people);
  insert into app.person_organizations select * from app.organizations_of(people);
end $$;
create function app.keep_organizations_of_members() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  people uuid[] := '{}';
  joined uuid[] := '{}';
begin
  if tg_op <> 'INSERT' then
    people := array(select o.user_id from old_rows o);
  end if;
  if tg_op <> 'DELETE' then
    people := people || array(select n.user_id from new_rows n);
    joined := array(select n.organization_id from new_rows n);
  end if;
  if people <> '{}' then
    -- Whoever renames or deletes it at this moment does not see its new member yet, nor do we see the new name.
    perform from organizations o where o.id = any (joined) order by o.id for share;
    perform app.keep_organizations(people);
  end if;
  return null;
end $$;
create function app.keep_organizations_of_changed() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  people uuid[] := array(
    select m.user_id from memberships m
     where m.organization_id in (
       select id from old_rows o join new_rows n using (id)
        where (o.name, o.personal_user_id, o.deleted_at) is distinct from (n.name, n.personal_user_id, n.deleted_at)));
begin
  if people <> '{}' then
    perform app.keep_organizations(people);
  end if;
  return null;
end $$;
create function app.clear_organizations() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  truncate app.person_organizations;
  return null;
end $$;
-- Keeps everybody's anew, and gives how many it had to take away or write: 0 when all were right. For whoever wrote with
-- the triggers off, and for finding out that somebody did. Nobody writes meanwhile.
create function app.rebuild_organizations() returns integer
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  wrong uuid[];
begin
  lock table memberships, organizations in share mode;
  wrong := array(
    select user_id from app.person_organizations k
      full join app.organizations_of(array(select u.id from users u)) n using (user_id)
     where k::text is distinct from n::text);
  perform app.keep_organizations(wrong);
  return cardinality(wrong);
end $$;
-- An organization comes without members, and takes them with it when it goes.
create trigger keep_insert after insert on memberships referencing new table as new_rows
  for each statement execute function app.keep_organizations_of_members();
create trigger keep_update after update on memberships referencing old table as old_rows new table as new_rows
  for each statement execute function app.keep_organizations_of_members();
create trigger keep_delete after delete on memberships referencing old table as old_rows
  for each statement execute function app.keep_organizations_of_members();
create trigger keep_truncate after truncate on memberships for each statement execute function app.clear_organizations();
create trigger keep_update after update on organizations referencing old table as old_rows new table as new_rows
  for each statement execute function app.keep_organizations_of_changed();
select app.rebuild_organizations();
-- What app.enter_json did (0005_counters.sql), but null for whoever is not signed in: a single statement that fails
-- costs its pooled connection. Then nobody has entered, whoever entered earlier in the same transaction.
create or replace function app.try_enter(token_hash text, context jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  session record;
  instant timestamptz := coalesce((context ->> 'now')::timestamptz, now());
  zone text;
  clock timestamp;
  settings text;
begin
  select s.id, s.user_id, s.last_seen_at, s.created_at, u.email, u.name, u.preferences,
         k.all_ids, k.writable_ids, k.personal_id, k.list
    into session
    from sessions s
    join users u on u.id = s.user_id
    left join app.person_organizations k on k.user_id = s.user_id
   where s.token_hash = try_enter.token_hash
     and s.expires_at > now() and s.revoked_at is null and u.status = 'active';
  if not found then
    settings := concat(
      set_config('app.user_id', '', true), set_config('app.session_id', '', true),
      set_config('app.organization_ids', '', true), set_config('app.writable_organization_ids', '', true),
      set_config('app.personal_organization_id', '', true), set_config('app.time_zone', '', true),
      set_config('app.today', '', true), set_config('app.local_time', '', true),
      set_config('app.command_id', '', true), set_config('app.ip', '', true), set_config('app.user_agent', '', true));
    return null;
  end if;

  zone := coalesce(session.preferences ->> 'timeZone', 'UTC');
  begin
    clock := instant at time zone zone;
  exception when invalid_parameter_value then
    zone := 'UTC'; -- a zone that this server's tzdata does not know must not lock its person out
    clock := instant at time zone zone;
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

  -- An expression, which PL/pgSQL computes without a plan's start, as a statement would need.
  settings := concat(
    set_config('app.user_id', session.user_id::text, true),
    set_config('app.session_id', session.id::text, true),
    set_config('app.organization_ids', coalesce(session.all_ids, '{}')::text, true),
    set_config('app.writable_organization_ids', coalesce(session.writable_ids, '{}')::text, true),
    set_config('app.personal_organization_id', session.personal_id::text, true),
    set_config('app.time_zone', zone, true),
    set_config('app.today', clock::date::text, true),
    set_config('app.local_time', clock::time(0)::text, true),
    set_config('app.command_id', coalesce(context ->> 'commandId', ''), true),
    set_config('app.ip', coalesce(context ->> 'ip', ''), true),
    set_config('app.user_agent', coalesce(context ->> 'userAgent', ''), true));

  return json_build_object(
    'user_id', session.user_id, 'session_id', session.id, 'email', session.email, 'name', session.name,
    'preferences', session.preferences, 'time_zone', zone, 'personal_organization_id', session.personal_id,
    'organizations', coalesce(session.list, '[]'), 'today', clock::date, 'local_time', clock::time(0));
end $$;
drop function app.try_enter(text, text, text, text, text);
drop table app.actors;
revoke execute on all functions in schema app from public;
