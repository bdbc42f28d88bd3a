-- Entering by one row of who asks, as it is told and set; and what pages ask for beside it, as text put behind it.

-- ── What is kept ─────────────────────────────────────────────────────────────────────────────────────────────────
-- Everybody who may enter, in the very texts that entering gives and leaves in the settings: nothing is gathered, converted
-- or made JSON of with each request. In place of app.person_organizations, whose triggers are replaced one for one. Nobody
-- but the functions here reads or writes it.
drop trigger keep_insert on memberships;
--> statement-breakpoint
drop trigger keep_update on memberships;
--> statement-breakpoint
drop trigger keep_delete on memberships;
--> statement-breakpoint
drop trigger keep_truncate on memberships;
--> statement-breakpoint
drop trigger keep_update on organizations;
--> statement-breakpoint
drop function app.rebuild_organizations(), app.clear_organizations(), app.keep_organizations_of_changed(),
  app.keep_organizations_of_members(), app.keep_organizations(uuid[]), app.organizations_of(uuid[]);
--> statement-breakpoint
drop table app.person_organizations;
--> statement-breakpoint
create table app.actors (
  user_id uuid primary key references users (id) on delete cascade,
  -- IANA.
  zone text not null,
  -- As arrays of uuid are written.
  organization_ids text not null,
  writable_organization_ids text not null,
  -- Empty for whoever has none.
  personal_organization_id text not null,
  -- A JSON object without its closing brace.
  told text not null
);
--> statement-breakpoint
alter table app.actors enable row level security;
--> statement-breakpoint
-- What is to be kept of these people.
create function app.actors_of(people uuid[]) returns setof app.actors
language sql stable
set search_path = pg_catalog, public, pg_temp
as $$
  select u.id, z.zone, o.ids::text, o.writable_ids::text, coalesce(o.personal_id::text, ''),
         left(json_build_object(
           'user_id', u.id, 'email', u.email, 'name', u.name, 'preferences', u.preferences, 'time_zone', z.zone,
           'personal_organization_id', o.personal_id, 'organizations', o.list)::text, -1)
    from users u
   cross join lateral (select app.zone_of(u.id) as zone offset 0) z
   cross join lateral (
     select coalesce(array_agg(o.id order by o.id), '{}') as ids,
            coalesce(array_agg(o.id order by o.id) filter (where m.role <> 'viewer'), '{}') as writable_ids,
            (array_agg(o.id) filter (where o.personal_user_id = u.id))[1] as personal_id,
            coalesce(json_agg(
              json_build_object('id', o.id, 'name', o.name, 'role', m.role, 'personal', o.personal_user_id is not null)
              order by o.personal_user_id is null, o.name, o.id), '[]') as list
       from memberships m join organizations o on o.id = m.organization_id
      where m.user_id = u.id and o.deleted_at is null) o
   where u.id = any (people) and u.status = 'active'
$$;
--> statement-breakpoint
-- Of two who change what is kept of one person at once, the second waits for the first. Each statement sees what was
-- committed before it: so what is kept is computed after the waiting, by statements of their own. The lock is one of its
-- own: a transfer holds its new person, and then waits for the membership that is being taken away here.
create function app.keep_actors(people uuid[]) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- Whoever is being deleted is not there any more.
  people := array(select u.id from users u where u.id = any (people) order by u.id for key share);
  perform pg_advisory_xact_lock(hashtextextended('cairn.actors ' || person, 0))
     from (select person from unnest(people) person order by person) held;
  delete from app.actors k where k.user_id = any (people);
  insert into app.actors select * from app.actors_of(people);
end $$;
--> statement-breakpoint
create function app.keep_actors_of_users() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  perform app.keep_actors(array[new.id]);
  return null;
end $$;
--> statement-breakpoint
create function app.keep_actors_of_members() returns trigger
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
    perform app.keep_actors(people);
  end if;
  return null;
end $$;
--> statement-breakpoint
create function app.keep_actors_of_organizations() returns trigger
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
    perform app.keep_actors(people);
  end if;
  return null;
end $$;
--> statement-breakpoint
-- Keeps everybody anew, and gives how many it had to take away or write: 0 when all were right. For whoever wrote with
-- the triggers off, and for finding out that somebody did. Nobody writes meanwhile.
create function app.rebuild_actors() returns integer
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  wrong uuid[];
begin
  lock table users, memberships, organizations in share mode;
  wrong := array(
    select user_id from app.actors k
      full join app.actors_of(array(select u.id from users u)) n using (user_id)
     where k::text is distinct from n::text);
  perform app.keep_actors(wrong);
  return cardinality(wrong);
end $$;
--> statement-breakpoint
create function app.keep_all_actors() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  perform app.rebuild_actors();
  return null;
end $$;
--> statement-breakpoint
create trigger keep_insert after insert on users for each row execute function app.keep_actors_of_users();
--> statement-breakpoint
create trigger keep_update after update on users for each row
  when ((old.email, old.name, old.preferences, old.status) is distinct from (new.email, new.name, new.preferences, new.status))
  execute function app.keep_actors_of_users();
--> statement-breakpoint
-- An organization comes without members, and takes them with it when it goes.
create trigger keep_insert after insert on memberships referencing new table as new_rows
  for each statement execute function app.keep_actors_of_members();
--> statement-breakpoint
create trigger keep_update after update on memberships referencing old table as old_rows new table as new_rows
  for each statement execute function app.keep_actors_of_members();
--> statement-breakpoint
create trigger keep_delete after delete on memberships referencing old table as old_rows
  for each statement execute function app.keep_actors_of_members();
--> statement-breakpoint
create trigger keep_truncate after truncate on memberships for each statement execute function app.keep_all_actors();
--> statement-breakpoint
create trigger keep_update after update on organizations referencing old table as old_rows new table as new_rows
  for each statement execute function app.keep_actors_of_organizations();
--> statement-breakpoint
select app.rebuild_actors();
--> statement-breakpoint

-- ── Who is asking ────────────────────────────────────────────────────────────────────────────────────────────────
-- Finds the session by the SHA-256 of its token, in hex, and leaves in the transaction's settings what the policies, the
-- audit triggers and the statements after it read. Gives a JSON object of who it is; null for whoever is not signed in,
-- because a single statement that fails costs its pooled connection: then nobody has entered, whoever entered earlier in
-- the same transaction. Texts and single variables are what PL/pgSQL begins most quickly in each transaction.
-- moment: the instant that the person's day and time are told of, in ISO 8601. What is unknown of the others is empty.
create function app.try_enter(token_hash text, moment text, command_id text, ip text, user_agent text) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  session text;
  is_idle boolean;
  person text;
  zone text;
  ids text;
  writable_ids text;
  personal_id text;
  told text;
  clock timestamp;
  settings text;
begin
  select s.id, s.last_seen_at < now() - interval '5 minutes',
         k.user_id, k.zone, k.organization_ids, k.writable_organization_ids, k.personal_organization_id, k.told
    into session, is_idle, person, zone, ids, writable_ids, personal_id, told
    from sessions s join app.actors k on k.user_id = s.user_id
   where s.token_hash = try_enter.token_hash and s.expires_at > now() and s.revoked_at is null;
  if not found then
    settings := concat(
      set_config('app.user_id', '', true), set_config('app.session_id', '', true),
      set_config('app.organization_ids', '', true), set_config('app.writable_organization_ids', '', true),
      set_config('app.personal_organization_id', '', true), set_config('app.time_zone', '', true),
      set_config('app.today', '', true), set_config('app.local_time', '', true),
      set_config('app.command_id', '', true), set_config('app.ip', '', true), set_config('app.user_agent', '', true));
    return null;
  end if;

  -- Known to be in use, at most once in five minutes, so that reading costs no write. A request beside this one that
  -- is already noting it is not waited for.
  if is_idle then
    perform from sessions s where s.id = session::uuid for no key update skip locked;
    if found then
      update sessions s
         set last_seen_at = now(),
             expires_at = least(s.created_at + interval '180 days', now() + interval '30 days')
       where s.id = session::uuid;
    end if;
    perform from users u where u.id = person::uuid for no key update skip locked;
    if found then
      update users u set last_active_at = now() where u.id = person::uuid;
    end if;
    -- A zone that this server's tzdata does not know any more must not lock its person out, nor may looking for that with
    -- each request cost a savepoint.
    if zone <> app.zone_of(person::uuid) then
      perform app.keep_actors(array[person::uuid]);
      select k.zone, k.told into zone, told from app.actors k where k.user_id = person::uuid;
    end if;
  end if;
  clock := moment::timestamptz at time zone zone;

  -- Expressions, which PL/pgSQL computes without a plan's start, as a statement would need.
  settings := concat(
    set_config('app.user_id', person, true),
    set_config('app.organization_ids', ids, true),
    set_config('app.writable_organization_ids', writable_ids, true),
    set_config('app.personal_organization_id', personal_id, true),
    set_config('app.time_zone', zone, true),
    set_config('app.command_id', command_id, true),
    set_config('app.ip', ip, true),
    set_config('app.user_agent', user_agent, true));
  return concat(told,
    ',"session_id":"', set_config('app.session_id', session, true),
    '","today":"', set_config('app.today', clock::date::text, true),
    '","local_time":"', set_config('app.local_time', clock::time(0)::text, true), '"}');
end $$;
--> statement-breakpoint
-- The first statement of every batch: the same, but that whoever is not signed in is refused (CN401).
create function app.enter(token_hash text, moment text, command_id text, ip text, user_agent text) returns text
language plpgsql volatile
as $$
declare
  entered constant text := app.try_enter(token_hash, moment, command_id, ip, user_agent);
begin
  if entered is null then
    raise exception using errcode = 'CN401', message = 'signed out';
  end if;
  return entered;
end $$;
--> statement-breakpoint
-- For the version that is running, and for whoever enters by hand; app.enter_json and app.enter(text, jsonb) stand on it.
create or replace function app.try_enter(token_hash text, context jsonb) returns json
language plpgsql volatile
as $$
begin
  return app.try_enter(token_hash, coalesce(context ->> 'now', now()::text), coalesce(context ->> 'commandId', ''),
    coalesce(context ->> 'ip', ''), coalesce(context ->> 'userAgent', ''));
end $$;
--> statement-breakpoint

-- ── What pages ask for beside it ─────────────────────────────────────────────────────────────────────────────────
-- As before (0010_dashboards.sql, 0012_values.sql), but that what came before is a text of JSON values with commas in
-- between, and that each puts its own behind it: text is not read, checked and written again, as JSON in JSON is. They have
-- names of their own, because the version that is running gives those a literal for what came before, which is JSON to it.
create function app.tell_counts(before text, count_max integer) returns text
language plpgsql stable strict
as $$
begin
  return concat(before, ',', row_to_json(app.sidebar_counts(count_max)));
end $$;
--> statement-breakpoint
create function app.tell_tags(before text) returns text
language plpgsql stable strict
as $$
declare
  me constant uuid := app.user_id();
begin
  return (
    select concat(before, ',', json_build_array(
             string_agg(g.id::text, ','), array_agg(g.name), string_agg(g.colour, ','), array_agg(g.icon),
             array_agg(coalesce(k.open_count, 0)), array_agg(coalesce(k.count, 0))))
      from public.tags g left join public.todo_tag_counts k on k.user_id = me and k.tag_id = g.id);
end $$;
--> statement-breakpoint
create function app.tell_tags(before text, made_or_changed_by uuid) returns text
language plpgsql stable strict
as $$
begin
  if exists (
    select from public.audit_logs a
     where a.user_id = app.user_id() and a.entity_type = 'tag'
       and (case when a.command_id is null then a.id else a.command_id end) = made_or_changed_by)
  then
    return app.tell_tags(before);
  end if;
  return concat(before, ',[null,null,null,null,null,null]');
end $$;
--> statement-breakpoint
create function app.tell_dashboard(
  before text, list_max integer, days integer, sample_max integer, tags_max integer, postponed_max integer) returns text
language plpgsql volatile strict
as $$
declare
  -- All that it depends on but for what changes are counted of. Each request begins such expressions anew, so they are few
  -- and plain.
  wanted constant text := concat_ws(' ', list_max, days, sample_max, tags_max, postponed_max,
    current_setting('app.today', true), current_setting('app.time_zone', true),
    current_setting('app.organization_ids', true), current_setting('app.personal_organization_id', true));
  seen bigint;
  found text;
begin
  select k.answer into found from app.kept_dashboard k where k.asked = wanted;
  if found is null then
    select k.seen into seen from app.kept_dashboard k;
    found := app.compute_dashboard(list_max, days, sample_max, tags_max, postponed_max);
    -- With one snapshot for all of a transaction nothing is later than anything, and who keeps an answer could be refused.
    if app.user_id() is not null and current_setting('transaction_isolation') = 'read committed'
       and current_setting('transaction_read_only') = 'off' then
      perform app.keep_dashboard(seen, wanted, found::json);
    end if;
  end if;
  return concat(before, ',', found);
end $$;
--> statement-breakpoint
revoke execute on all functions in schema app from public;
--> statement-breakpoint
grant execute on function app.try_enter(text, text, text, text, text), app.enter(text, text, text, text, text),
  app.tell_counts(text, integer), app.tell_tags(text), app.tell_tags(text, uuid),
  app.tell_dashboard(text, integer, integer, integer, integer, integer) to app_user;
