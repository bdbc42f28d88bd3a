-- What the tables stand on: the schema of our own functions, extensions, the search configuration, the role that
-- people's requests run as, and the readers of the settings that app.enter makes.

create schema app;
--> statement-breakpoint
create extension if not exists unaccent;
--> statement-breakpoint
create extension if not exists btree_gin;
--> statement-breakpoint
-- English words without accents. A configuration of our own, so that a change of it is a migration of ours.
create text search configuration app.english_unaccent (copy = pg_catalog.english);
--> statement-breakpoint
alter text search configuration app.english_unaccent
  alter mapping for hword, hword_part, word with unaccent, english_stem;
--> statement-breakpoint
-- PostgreSQL's parser takes "milk/bread" for a file's name, "<Button>" for a tag, "12-15" for a range down to -15, and
-- finds none of the words in them. So for indexing and marking, punctuation stands as control characters, which are
-- nothing to it; search_punctuation brings it back. Whatever was a control character of ours before is taken out.
create function app.search_text(original text) returns text
language sql immutable strict parallel safe
return translate(
  original,
  '<>/\@.&_:~=?#%+-' || e'\x01\x02\x03\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d',
  e'\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d');
--> statement-breakpoint
create function app.search_punctuation(hidden text) returns text
language sql immutable strict parallel safe
return translate(
  hidden, e'\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d', '<>/\@.&_:~=?#%+-');
--> statement-breakpoint
-- UUIDv7 (RFC 9562 §5.7) for the rows that only the database makes: the audit log's. All others are made by lib/db/id.ts.
-- The twelve bits after the version carry the microseconds (§6.2, method 3), so that what one request did stays in order.
create function app.uuid_v7(at timestamptz default clock_timestamp()) returns uuid
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
--> statement-breakpoint
-- The role of everything people do. Roles belong to the cluster, so another database may have made it already.
-- `migrate up` sets its password, which is derived from AUTH_SECRET.
do $$
begin
  create role app_user login nobypassrls noinherit;
exception when duplicate_object or unique_violation then
  null;
end $$;
--> statement-breakpoint
-- Over HTTP the connection string's options have no effect; a role's settings do.
do $$
begin
  alter role app_user set statement_timeout = '10s';
  alter role app_user set idle_in_transaction_session_timeout = '10s';
  alter role app_user set search_path = public;
exception when others then
  -- Another database's migration is altering the same role to the same values at this moment.
  if sqlerrm <> 'tuple concurrently updated' then
    raise;
  end if;
end $$;
--> statement-breakpoint
grant usage on schema app to app_user;
--> statement-breakpoint
-- A custom setting once set on a connection reads back as '' in the next transaction, never as NULL: hence nullif.
create function app.user_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.user_id', true), '')::uuid;
--> statement-breakpoint
create function app.session_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.session_id', true), '')::uuid;
--> statement-breakpoint
-- Groups everything that one request does.
create function app.command_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.command_id', true), '')::uuid;
--> statement-breakpoint
create function app.organization_ids() returns uuid[]
language sql stable parallel safe
return nullif(current_setting('app.organization_ids', true), '')::uuid[];
--> statement-breakpoint
create function app.writable_organization_ids() returns uuid[]
language sql stable parallel safe
return nullif(current_setting('app.writable_organization_ids', true), '')::uuid[];
--> statement-breakpoint
create function app.personal_organization_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('app.personal_organization_id', true), '')::uuid;
--> statement-breakpoint
-- The person's own date, at the request's instant and in their time zone.
create function app.today() returns date
language sql stable parallel safe
return nullif(current_setting('app.today', true), '')::date;
--> statement-breakpoint
-- The person's own wall-clock time, likewise.
create function app.local_time() returns time
language sql stable parallel safe
return nullif(current_setting('app.local_time', true), '')::time;
--> statement-breakpoint
create function app.time_zone() returns text
language sql stable parallel safe
return coalesce(nullif(current_setting('app.time_zone', true), ''), 'UTC');
--> statement-breakpoint
-- A precondition inside a batch: when it does not hold, nothing of the batch happens. Never use it for a
-- postcondition: that holds on a replay too, and the side effects happen twice.
create function app.guard(ok boolean, code text, message text) returns void
language plpgsql volatile -- a planner may leave out or run early what is not volatile
as $$
begin
  if ok is not true then
    raise exception using errcode = code, message = message;
  end if;
end $$;
--> statement-breakpoint
-- PostgreSQL lets everyone run a new function, and a schema's default privileges can not take that back.
revoke execute on all functions in schema app from public;
--> statement-breakpoint
grant execute on function app.user_id(), app.organization_ids(), app.writable_organization_ids(),
  app.personal_organization_id(), app.today(), app.local_time(), app.time_zone(),
  app.guard(boolean, text, text), app.search_text(text) to app_user;
