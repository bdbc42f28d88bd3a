-- Rolls back 0009_enter.sql. What it kept can be gathered again.
create or replace function app.enter_json(token_hash text, context jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  session record;
  here record;
  instant timestamptz := coalesce((context ->> 'now')::timestamptz, now());
  zone text;
  clock timestamp;
begin
  select s.id, s.user_id, s.last_seen_at, s.created_at, u.email, u.name, u.preferences
    into session
    from sessions s join users u on u.id = s.user_id
   where s.token_hash = enter_json.token_hash
     and s.expires_at > now() and s.revoked_at is null and u.status = 'active';
  if not found then
    raise exception using errcode = 'CN401', message = 'signed out';
  end if;

  select coalesce(array_agg(m.organization_id), '{}') as all_ids,
         coalesce(array_agg(m.organization_id) filter (where m.role <> 'viewer'), '{}') as writable_ids,
         (array_agg(m.organization_id) filter (where o.personal_user_id = session.user_id))[1] as personal_id,
         coalesce(json_agg(json_build_object('id', o.id, 'name', o.name, 'role', m.role,
           'personal', o.personal_user_id is not null) order by o.personal_user_id is null, o.name), '[]') as list
    into here
    from memberships m
   cross join lateral (
     select * from organizations o where o.id = m.organization_id and o.deleted_at is null offset 0) o
   where m.user_id = session.user_id;

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

  perform set_config('app.user_id', session.user_id::text, true),
          set_config('app.session_id', session.id::text, true),
          set_config('app.organization_ids', here.all_ids::text, true),
          set_config('app.writable_organization_ids', here.writable_ids::text, true),
          set_config('app.personal_organization_id', here.personal_id::text, true),
          set_config('app.time_zone', zone, true),
          set_config('app.today', clock::date::text, true),
          set_config('app.local_time', clock::time(0)::text, true),
          set_config('app.command_id', coalesce(context ->> 'commandId', ''), true),
          set_config('app.ip', coalesce(context ->> 'ip', ''), true),
          set_config('app.user_agent', coalesce(context ->> 'userAgent', ''), true);

  return json_build_object(
    'user_id', session.user_id, 'session_id', session.id, 'email', session.email, 'name', session.name,
    'preferences', session.preferences, 'time_zone', zone, 'personal_organization_id', here.personal_id,
    'organizations', here.list, 'today', clock::date, 'local_time', clock::time(0));
end $$;
drop function app.try_enter(text, jsonb);
drop trigger keep_insert on memberships;
drop trigger keep_update on memberships;
drop trigger keep_delete on memberships;
drop trigger keep_truncate on memberships;
drop trigger keep_update on organizations;
drop function app.rebuild_organizations();
drop function app.clear_organizations();
drop function app.keep_organizations_of_changed();
drop function app.keep_organizations_of_members();
drop function app.keep_organizations(uuid[]);
drop function app.organizations_of(uuid[]);
drop table app.person_organizations;
