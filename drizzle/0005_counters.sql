-- Counters that are kept, where counting is too dear: the sidebar's and the dashboard's, on every page of everybody.

-- ── What is kept ─────────────────────────────────────────────────────────────────────────────────────────────────
-- No foreign keys: a row is there exactly as long as something is counted in it, so nobody and nothing can go before
-- it does; and what is deleted by cascade is counted out when its organization is gone already.
CREATE TABLE "todo_counts" (
	"user_id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"deleted" boolean NOT NULL,
	"status" "todo_status" NOT NULL,
	"priority" smallint NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "todo_counts_pkey" PRIMARY KEY("user_id","organization_id","deleted","status","priority")
);
--> statement-breakpoint
CREATE INDEX "todo_counts_organization_index" ON "todo_counts" USING btree ("organization_id","user_id");
--> statement-breakpoint
CREATE TABLE "todo_due_counts" (
	"user_id" uuid NOT NULL,
	"due_date" date NOT NULL,
	"organization_id" uuid NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
-- Hundreds of days in a row are read from the index alone. Drizzle's builder knows no INCLUDE, hence no primary key.
create unique index todo_due_counts_key on todo_due_counts (user_id, due_date, organization_id) include (count);
--> statement-breakpoint
-- By the day that it was for the person, in the time zone of their settings; change it, and their days are counted anew.
CREATE TABLE "todo_done_counts" (
	"user_id" uuid NOT NULL,
	"day" date NOT NULL,
	"organization_id" uuid NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
create unique index todo_done_counts_key on todo_done_counts (user_id, day, organization_id) include (count);
--> statement-breakpoint
CREATE TABLE "todo_tag_counts" (
	"user_id" uuid NOT NULL,
	"tag_id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	"open_count" integer NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "todo_tag_counts_pkey" PRIMARY KEY("user_id","tag_id")
);
--> statement-breakpoint
-- The same rows change over and over: each page has room for their next version.
alter table todo_counts set (fillfactor = 50);
--> statement-breakpoint
alter table todo_due_counts set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
--> statement-breakpoint
alter table todo_done_counts set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
--> statement-breakpoint
alter table todo_tag_counts set (fillfactor = 50);
--> statement-breakpoint
alter table todo_counts enable row level security;
--> statement-breakpoint
alter table todo_due_counts enable row level security;
--> statement-breakpoint
alter table todo_done_counts enable row level security;
--> statement-breakpoint
alter table todo_tag_counts enable row level security;
--> statement-breakpoint
create policy todo_counts_select on todo_counts for select to app_user
  using (user_id = (select app.user_id()) and organization_id = any ((select app.organization_ids())::uuid[]));
--> statement-breakpoint
create policy todo_due_counts_select on todo_due_counts for select to app_user
  using (user_id = (select app.user_id()) and organization_id = any ((select app.organization_ids())::uuid[]));
--> statement-breakpoint
create policy todo_done_counts_select on todo_done_counts for select to app_user
  using (user_id = (select app.user_id()) and organization_id = any ((select app.organization_ids())::uuid[]));
--> statement-breakpoint
create policy todo_tag_counts_select on todo_tag_counts for select to app_user
  using (user_id = (select app.user_id()) and organization_id = any ((select app.organization_ids())::uuid[]));
--> statement-breakpoint
grant select on todo_counts, todo_due_counts, todo_done_counts, todo_tag_counts to app_user;
--> statement-breakpoint

-- ── What keeps them ──────────────────────────────────────────────────────────────────────────────────────────────
-- A todo as it counts: 1 for what a statement left, -1 for what it found.
create type app.todo_change as (
  id uuid, user_id uuid, organization_id uuid, deleted boolean, status todo_status, priority smallint, due_date date,
  completed_at timestamptz, change integer);
--> statement-breakpoint
-- Adds to what is kept. Rows are written in the order of their keys, so that two who count the same things wait for one
-- another and not in a circle. What came to nothing is deleted; so is what is less, should a trigger ever have been off:
-- a wrong count must not keep people from their todos. app.rebuild_todo_counts() makes it right.
create function app.add_tag_counts(changes todo_tag_counts[]) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  emptied todo_tag_counts[];
begin
  with kept as (
    insert into todo_tag_counts as kept (user_id, tag_id, organization_id, open_count, count)
    select c.user_id, c.tag_id, c.organization_id, sum(c.open_count), sum(c.count)
      from unnest(changes) c
     group by c.user_id, c.tag_id, c.organization_id
    having sum(c.open_count) <> 0 or sum(c.count) <> 0
     order by c.user_id, c.tag_id
    on conflict (user_id, tag_id) do update
       set open_count = greatest(kept.open_count + excluded.open_count, 0), count = kept.count + excluded.count
    returning kept.*
  )
  select array_agg(k::todo_tag_counts) into emptied from kept k where k.count <= 0;
  if emptied is not null then
    delete from todo_tag_counts k using unnest(emptied) e where k.user_id = e.user_id and k.tag_id = e.tag_id;
  end if;
end $$;
--> statement-breakpoint
-- The zone that a person's days are counted in, as app.enter takes it.
create function app.zone_of(person uuid) returns text
language plpgsql stable
set search_path = pg_catalog, public, pg_temp
as $$
declare
  zone text := (select u.preferences ->> 'timeZone' from users u where u.id = person);
begin
  perform now() at time zone zone;
  return coalesce(zone, 'UTC');
exception when invalid_parameter_value then
  return 'UTC';
end $$;
--> statement-breakpoint
-- Held from here on, so that nobody's zone changes between counting and committing. The lock is one of its own, because
-- app.enter writes the rows of users. A snapshot that was taken before would not show the change: then it is tried again.
create function app.hold_zones(people uuid[]) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('cairn.zone ' || person, 0))
     from (select distinct unnest(people) as person order by person) held;
  if current_setting('transaction_isolation') <> 'read committed' then
    perform from users u where u.id = any (people) order by u.id for share;
  end if;
end $$;
--> statement-breakpoint
create function app.add_done_counts(changes app.todo_change[]) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  people uuid[] := array(select distinct c.user_id from unnest(changes) c where not c.deleted and c.completed_at is not null);
  emptied todo_done_counts[];
begin
  if people = '{}' then
    return;
  end if;
  perform app.hold_zones(people);
  with zones as materialized (
    select person, app.zone_of(person) as zone from unnest(people) person
  ), kept as (
    insert into todo_done_counts as kept (user_id, day, organization_id, count)
    select c.user_id, (c.completed_at at time zone z.zone)::date as day, c.organization_id, sum(c.change)
      from unnest(changes) c join zones z on z.person = c.user_id
     where not c.deleted and c.completed_at is not null
     group by c.user_id, day, c.organization_id
    having sum(c.change) <> 0
     order by c.user_id, day, c.organization_id
    on conflict (user_id, day, organization_id) do update set count = kept.count + excluded.count
    returning kept.*
  )
  select array_agg(k::todo_done_counts) into emptied from kept k where k.count <= 0;
  if emptied is not null then
    delete from todo_done_counts k using unnest(emptied) e
     where k.user_id = e.user_id and k.day = e.day and k.organization_id = e.organization_id;
  end if;
end $$;
--> statement-breakpoint
create function app.count_days_anew() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('cairn.zone ' || new.id, 0));
  delete from todo_done_counts k where k.user_id = new.id;
  insert into todo_done_counts (user_id, day, organization_id, count)
  select t.user_id, (t.completed_at at time zone z.zone)::date, t.organization_id, count(*)
    from (select app.zone_of(new.id) as zone offset 0) z
    join todos t on t.user_id = new.id and t.deleted_at is null and t.completed_at is not null
   group by 1, 2, 3;
  return null;
end $$;
--> statement-breakpoint
-- with_links: whether the todos' links change what they count with them; those of a new todo come after it and are
-- counted themselves, also where one statement makes both.
create function app.add_todo_counts(changes app.todo_change[], with_links boolean) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  emptied todo_counts[];
  emptied_days todo_due_counts[];
  tag_changes todo_tag_counts[];
begin
  with kept as (
    insert into todo_counts as kept (user_id, organization_id, deleted, status, priority, count)
    select c.user_id, c.organization_id, c.deleted, c.status, c.priority, sum(c.change)
      from unnest(changes) c
     group by c.user_id, c.organization_id, c.deleted, c.status, c.priority
    having sum(c.change) <> 0
     order by c.user_id, c.organization_id, c.deleted, c.status, c.priority
    on conflict (user_id, organization_id, deleted, status, priority) do update set count = kept.count + excluded.count
    returning kept.*
  )
  select array_agg(k::todo_counts) into emptied from kept k where k.count <= 0;
  if emptied is not null then
    delete from todo_counts k using unnest(emptied) e
     where k.user_id = e.user_id and k.organization_id = e.organization_id and k.deleted = e.deleted
       and k.status = e.status and k.priority = e.priority;
  end if;

  with kept as (
    insert into todo_due_counts as kept (user_id, due_date, organization_id, count)
    select c.user_id, c.due_date, c.organization_id, sum(c.change)
      from unnest(changes) c
     where not c.deleted and c.status in ('pending', 'in_progress') and c.due_date is not null
     group by c.user_id, c.due_date, c.organization_id
    having sum(c.change) <> 0
     order by c.user_id, c.due_date, c.organization_id
    on conflict (user_id, due_date, organization_id) do update set count = kept.count + excluded.count
    returning kept.*
  )
  select array_agg(k::todo_due_counts) into emptied_days from kept k where k.count <= 0;
  if emptied_days is not null then
    delete from todo_due_counts k using unnest(emptied_days) e
     where k.user_id = e.user_id and k.due_date = e.due_date and k.organization_id = e.organization_id;
  end if;

  perform app.add_done_counts(changes);

  if not with_links then
    return;
  end if;
  -- Those that count for their tags as they did before (another priority, another day) need no look at their links.
  -- OFFSET 0: links are always found by their todo, however many rows the planner takes the changes for.
  select array_agg((c.user_id, l.tag_id, c.organization_id, c.open_change, c.change)::todo_tag_counts)
    into tag_changes
    from (select c.id, c.user_id, c.organization_id, sum(c.change) as change,
                 coalesce(sum(c.change) filter (where c.status in ('pending', 'in_progress')), 0) as open_change
            from unnest(changes) c
           where not c.deleted
           group by c.id, c.user_id, c.organization_id) c
   cross join lateral (select t.tag_id from todo_tags t where t.todo_id = c.id offset 0) l
   where c.change <> 0 or c.open_change <> 0;
  if tag_changes is not null then
    perform app.add_tag_counts(tag_changes);
  end if;
end $$;
--> statement-breakpoint
-- Nothing of this joins two transition tables: a trigger's plan is made once, for as many rows as its first statement had.
create function app.count_todos() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  changes app.todo_change[];
begin
  if tg_op = 'INSERT' then
    changes := array(
      select (n.id, n.user_id, n.organization_id, n.deleted_at is not null, n.status, n.priority, n.due_date,
              n.completed_at, 1)::app.todo_change
        from new_rows n);
  elsif tg_op = 'UPDATE' then
    changes := array(
      select (c.id, c.user_id, c.organization_id, c.deleted, c.status, c.priority, c.due_date,
              c.completed_at, sum(c.change))::app.todo_change
        from (select o.id, o.user_id, o.organization_id, o.deleted_at is not null as deleted, o.status, o.priority, o.due_date,
                     o.completed_at, -1 as change
                from old_rows o
               union all
              select n.id, n.user_id, n.organization_id, n.deleted_at is not null, n.status, n.priority, n.due_date,
                     n.completed_at, 1
                from new_rows n) c
       group by c.id, c.user_id, c.organization_id, c.deleted, c.status, c.priority, c.due_date, c.completed_at
      having sum(c.change) <> 0);
  else
    changes := array(
      select (o.id, o.user_id, o.organization_id, o.deleted_at is not null, o.status, o.priority, o.due_date,
              o.completed_at, -1)::app.todo_change
        from old_rows o);
  end if;
  if changes <> '{}' then
    perform app.add_todo_counts(changes, tg_op <> 'INSERT');
  end if;
  return null;
end $$;
--> statement-breakpoint
-- A link counts as its todo does at that moment. Its todo is held until the end: whoever is changing it is waited for,
-- and whoever changes it next sees the link. Links of a todo that is deleted for ever are gone with it (app.uncount_links).
create function app.add_link_counts(links todo_tags[], change integer) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  changes todo_tag_counts[];
begin
  select array_agg((t.user_id, l.tag_id, t.organization_id,
           case when t.status in ('pending', 'in_progress') then change else 0 end, change)::todo_tag_counts)
    into changes
    from (select u.todo_id, u.tag_id from unnest(links) u order by u.todo_id) l
   cross join lateral (select * from todos t where t.id = l.todo_id offset 0 for share) t
   where t.deleted_at is null;
  if changes is not null then
    perform app.add_tag_counts(changes);
  end if;
end $$;
--> statement-breakpoint
create function app.count_links() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  if tg_op <> 'INSERT' then
    perform app.add_link_counts(array(select row(o.*)::todo_tags from old_rows o), -1);
  end if;
  if tg_op <> 'DELETE' then
    perform app.add_link_counts(array(select row(n.*)::todo_tags from new_rows n), 1);
  end if;
  return null;
end $$;
--> statement-breakpoint
-- Only what lies in the trash can be deleted by people, and counts for no tag. The owner may delete others.
create function app.uncount_links() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  perform app.add_tag_counts(array_agg((old.user_id, l.tag_id, old.organization_id,
            case when old.status in ('pending', 'in_progress') then -1 else 0 end, -1)::todo_tag_counts))
     from todo_tags l where l.todo_id = old.id;
  return old;
end $$;
--> statement-breakpoint
create function app.clear_todo_counts() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  truncate todo_tag_counts;
  if tg_table_name = 'todos' then
    truncate todo_counts, todo_due_counts, todo_done_counts;
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger count_insert after insert on todos referencing new table as new_rows
  for each statement execute function app.count_todos();
--> statement-breakpoint
create trigger count_update after update on todos referencing old table as old_rows new table as new_rows
  for each statement execute function app.count_todos();
--> statement-breakpoint
create trigger count_delete after delete on todos referencing old table as old_rows
  for each statement execute function app.count_todos();
--> statement-breakpoint
create trigger uncount_links before delete on todos for each row when (old.deleted_at is null)
  execute function app.uncount_links();
--> statement-breakpoint
create trigger count_truncate after truncate on todos for each statement execute function app.clear_todo_counts();
--> statement-breakpoint
create trigger count_days after update on users for each row
  when ((old.preferences ->> 'timeZone') is distinct from (new.preferences ->> 'timeZone'))
  execute function app.count_days_anew();
--> statement-breakpoint
create trigger count_insert after insert on todo_tags referencing new table as new_rows
  for each statement execute function app.count_links();
--> statement-breakpoint
create trigger count_update after update on todo_tags referencing old table as old_rows new table as new_rows
  for each statement execute function app.count_links();
--> statement-breakpoint
create trigger count_delete after delete on todo_tags referencing old table as old_rows
  for each statement execute function app.count_links();
--> statement-breakpoint
create trigger count_truncate after truncate on todo_tags for each statement execute function app.clear_todo_counts();
--> statement-breakpoint

-- Counts everything anew, and gives how many kept rows it had to take away or write: 0 when all were right. For whoever
-- wrote with the triggers off, and for finding out that somebody did. Nobody writes meanwhile; everybody reads.
create function app.rebuild_todo_counts() returns integer
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  changed integer;
  total integer := 0;
begin
  lock table todos, todo_tags in share row exclusive mode;

  delete from todo_counts k
   where (k.user_id, k.organization_id, k.deleted, k.status, k.priority, k.count) not in (
     select t.user_id, t.organization_id, t.deleted_at is not null, t.status, t.priority, count(*)
       from todos t group by 1, 2, 3, 4, 5);
  get diagnostics changed = row_count;
  total := total + changed;
  insert into todo_counts (user_id, organization_id, deleted, status, priority, count)
  select t.user_id, t.organization_id, t.deleted_at is not null, t.status, t.priority, count(*)
    from todos t group by 1, 2, 3, 4, 5
  on conflict do nothing;
  get diagnostics changed = row_count;
  total := total + changed;

  delete from todo_due_counts k
   where (k.user_id, k.due_date, k.organization_id, k.count) not in (
     select t.user_id, t.due_date, t.organization_id, count(*) from todos t
      where t.deleted_at is null and t.status in ('pending', 'in_progress') and t.due_date is not null group by 1, 2, 3);
  get diagnostics changed = row_count;
  total := total + changed;
  insert into todo_due_counts (user_id, due_date, organization_id, count)
  select t.user_id, t.due_date, t.organization_id, count(*) from todos t
   where t.deleted_at is null and t.status in ('pending', 'in_progress') and t.due_date is not null group by 1, 2, 3
   order by 1, 2
  on conflict do nothing;
  get diagnostics changed = row_count;
  total := total + changed;

  -- Whoever changes their zone meanwhile waits, too.
  perform from users u order by u.id for share;
  delete from todo_done_counts k
   where (k.user_id, k.day, k.organization_id, k.count) not in (
     select t.user_id, (t.completed_at at time zone z.zone)::date, t.organization_id, count(*)
       from todos t join (select u.id, app.zone_of(u.id) as zone from users u offset 0) z on z.id = t.user_id
      where t.deleted_at is null and t.completed_at is not null group by 1, 2, 3);
  get diagnostics changed = row_count;
  total := total + changed;
  insert into todo_done_counts (user_id, day, organization_id, count)
  select t.user_id, (t.completed_at at time zone z.zone)::date, t.organization_id, count(*)
    from todos t join (select u.id, app.zone_of(u.id) as zone from users u offset 0) z on z.id = t.user_id
   where t.deleted_at is null and t.completed_at is not null group by 1, 2, 3
   order by 1, 2
  on conflict do nothing;
  get diagnostics changed = row_count;
  total := total + changed;

  delete from todo_tag_counts k
   where (k.user_id, k.tag_id, k.organization_id, k.open_count, k.count) not in (
     select t.user_id, l.tag_id, t.organization_id,
            count(*) filter (where t.status in ('pending', 'in_progress')), count(*)
       from todo_tags l join todos t on t.id = l.todo_id where t.deleted_at is null group by 1, 2, 3);
  get diagnostics changed = row_count;
  total := total + changed;
  insert into todo_tag_counts (user_id, tag_id, organization_id, open_count, count)
  select t.user_id, l.tag_id, t.organization_id,
         count(*) filter (where t.status in ('pending', 'in_progress')), count(*)
    from todo_tags l join todos t on t.id = l.todo_id where t.deleted_at is null group by 1, 2, 3
  on conflict do nothing;
  get diagnostics changed = row_count;
  return total + changed;
end $$;
--> statement-breakpoint

-- ── How often a todo was put off ─────────────────────────────────────────────────────────────────────────────────
ALTER TABLE "todos" ADD COLUMN "postponed" smallint DEFAULT 0 NOT NULL;
--> statement-breakpoint
create or replace function app.keep_todo() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'UPDATE' then
    new.updated_at := now();
    new.version := old.version + 1;
    if new.due_date > old.due_date then
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
-- That a day was moved is remembered as the day before and after; that it was counted is not worth remembering.
drop trigger audit_insert on todos;
--> statement-breakpoint
drop trigger audit_update on todos;
--> statement-breakpoint
drop trigger audit_delete on todos;
--> statement-breakpoint
create trigger audit_insert after insert on todos referencing new table as new_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at,postponed}');
--> statement-breakpoint
create trigger audit_update after update on todos referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at,postponed}');
--> statement-breakpoint
create trigger audit_delete after delete on todos referencing old table as old_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at,postponed}');
--> statement-breakpoint
-- What is there already: without the triggers, because nobody changed these todos now.
alter table todos disable trigger user;
--> statement-breakpoint
update todos t set postponed = least(moved.times, 32767)
  from (select a.entity_id, sum(case
                 -- An undo (0007_undo.sql, gone back from) counts a day back, and brings none forward.
                 when a.command_id in (select u.command_id from audit_logs u where u.entity_type = 'command' and u.action = 'undo')
                   then case when moved.later then 0 else -1 end
                 when moved.later then 1 else 0 end) as times
          from audit_logs a
         cross join lateral (select (a.changes #>> '{due_date,1}')::date > (a.changes #>> '{due_date,0}')::date as later offset 0) moved
         where a.entity_type = 'todo' and moved.later is not null
         group by a.entity_id) moved
 where t.id = moved.entity_id and moved.times > 0;
--> statement-breakpoint
alter table todos enable trigger user;
--> statement-breakpoint

-- ── What reads todos by index alone ──────────────────────────────────────────────────────────────────────────────
create index todos_pressing_index on todos (user_id, priority desc, due_date, created_at, id) include (organization_id)
  where deleted_at is null and status in ('pending', 'in_progress');
--> statement-breakpoint
create index todos_postponed_index on todos (user_id, postponed desc, due_date, id) include (organization_id)
  where deleted_at is null and status in ('pending', 'in_progress') and postponed > 0;
--> statement-breakpoint
DROP INDEX "todos_user_completed_index";
--> statement-breakpoint
create index todos_user_completed_index on todos (user_id, completed_at) include (organization_id, created_at, due_date)
  where deleted_at is null and completed_at is not null;
--> statement-breakpoint
select app.rebuild_todo_counts();
--> statement-breakpoint

-- ── What reads them ──────────────────────────────────────────────────────────────────────────────────────────────
-- Functions, because over HTTP every statement is planned anew: planning the dashboard took several times as long as
-- reading it. PL/pgSQL keeps its plans with the connection. They run as whoever calls them, under row-level security.

-- The sidebar's counts, each up to a limit that people are shown as "and more". Of today itself only what is past its time
-- is counted row by row.
create function app.sidebar_counts(
  count_max integer,
  out overdue integer, out today integer, out upcoming integer, out open integer, out trash integer)
language plpgsql stable
set plan_cache_mode = force_generic_plan
as $$
declare
  me uuid := app.user_id();
  day date := app.today();
  late integer := 0;
begin
  select coalesce(sum(k.count) filter (where k.due_date < day), 0),
         coalesce(sum(k.count) filter (where k.due_date = day), 0),
         least(coalesce(sum(k.count) filter (where k.due_date > day), 0), count_max)
    into overdue, today, upcoming
    from public.todo_due_counts k where k.user_id = me;
  if today > 0 then
    select count(*) into late from public.todos t
     where t.user_id = me and t.deleted_at is null and t.status in ('pending', 'in_progress') and t.due_date = day
       and (case when t.due_time is null then '24:00' else t.due_time end) < app.local_time();
  end if;
  overdue := least(overdue + late, count_max);
  today := least(today - late, count_max);
  select least(coalesce(sum(k.count) filter (where not k.deleted and k.status in ('pending', 'in_progress')), 0), count_max),
         least(coalesce(sum(k.count) filter (where k.deleted), 0), count_max)
    into open, trash
    from public.todo_counts k where k.user_id = me;
end $$;
--> statement-breakpoint
-- How many days in a row, ending the day before this one, have something completed. Full years are counted; only in the
-- last, incomplete one is the gap looked for.
create function app.days_in_a_row_before(day date) returns integer
language plpgsql stable
set plan_cache_mode = force_generic_plan
as $$
declare
  me uuid := app.user_id();
  edge date := day;
  found integer;
begin
  loop
    select count(distinct k.day) into found
      from public.todo_done_counts k where k.user_id = me and k.day >= edge - 365 and k.day < edge;
    exit when found < 365;
    edge := edge - 365;
  end loop;
  -- As long as none is missing, the nth day back is n days back.
  select count(distinct r.day) into found
    from (select k.day, dense_rank() over (order by k.day desc) as place
            from public.todo_done_counts k where k.user_id = me and k.day >= edge - 365 and k.day < edge) r
   where r.day = edge - r.place::integer;
  return day - edge + found;
end $$;
--> statement-breakpoint
-- Everything of the dashboard, as lib/dashboard/repository.ts reads it: one statement, so that one snapshot and one plan
-- serve it all, and one value, because what is told of each column of a row costs more than its value. Rows are arrays
-- without names, and long lists of small ones an array for each column: making objects of them took longer than finding
-- them. Tags are looked up once each, for the list and for their counts.
create function app.dashboard(
  list_max integer, days integer, sample_max integer, tags_max integer, postponed_max integer) returns json
language plpgsql stable
set plan_cache_mode = force_generic_plan
as $$
declare
  me uuid := app.user_id();
  zone text := app.time_zone();
  today date := app.today();
  found json;
begin
  with chosen as materialized (
    select t.id from public.todos t
     where t.user_id = me and t.deleted_at is null and t.status in ('pending', 'in_progress')
     order by t.priority desc, t.due_date, t.created_at, t.id limit list_max
  ), links as materialized (
    select l.todo_id, l.tag_id from public.todo_tags l where l.todo_id = any (array(select c.id from chosen c))
  ), top_tags as materialized (
    select k.tag_id, k.open_count from public.todo_tag_counts k where k.user_id = me and k.open_count > 0
     order by k.open_count desc fetch first (tags_max) rows with ties
  )
  select json_build_object(
    'list', (
      select json_agg(json_build_array(t.id, t.organization_id, t.title, t.description <> '', t.status, t.priority,
               t.due_date, t.due_time, t.scheduled_for, (date_part('epoch', t.created_at) * 1000)::bigint,
               (date_part('epoch', t.updated_at) * 1000)::bigint, t.version)
               order by t.priority desc, t.due_date, t.created_at, t.id)
        from chosen c cross join lateral (select * from public.todos t where t.id = c.id offset 0) t),
    'list_tags', (select json_build_array(array_agg(l.todo_id), array_agg(l.tag_id)) from links l),
    'tag_counts', (select json_build_array(array_agg(k.tag_id), array_agg(k.open_count)) from top_tags k),
    'tags', (
      select json_agg(json_build_array(g.id, g.name, g.colour) order by lower(g.name), g.id)
        from public.tags g
       where g.id = any (array(select l.tag_id from links l) || array(select k.tag_id from top_tags k))),
    'counts', (
      select json_build_array(array_agg(k.status), array_agg(k.priority), array_agg(k.count))
        from public.todo_counts k where k.user_id = me and not k.deleted),
    'due', (
      select json_build_array(coalesce(sum(k.count) filter (where k.due_date < today), 0),
               array_agg(k.due_date - today) filter (where k.due_date >= today),
               array_agg(k.count) filter (where k.due_date >= today))
        from public.todo_due_counts k where k.user_id = me and k.due_date < today + 7),
    'late_today', (
      select count(*) from public.todos t
       where t.user_id = me and t.deleted_at is null and t.status in ('pending', 'in_progress') and t.due_date = today
         and (case when t.due_time is null then '24:00' else t.due_time end) < app.local_time()),
    -- Today may be without any yet.
    'completed', (
      select json_build_array(array_agg(today - k.day), array_agg(k.count),
               case when count(distinct k.day) >= days - 1 then app.days_in_a_row_before(today - days + 1) else 0 end)
        from public.todo_done_counts k where k.user_id = me and k.day > today - days and k.day <= today),
    'pace', (
      select json_build_array(count(d.due_date),
               count(*) filter (where (d.completed_at at time zone zone)::date <= d.due_date),
               percentile_cont(0.5) within group (order by date_part('epoch', d.completed_at - d.created_at)))
        from (select t.due_date, t.completed_at, t.created_at from public.todos t
               where t.user_id = me and t.deleted_at is null and t.completed_at is not null
                 and t.completed_at >= (today - days + 1)::timestamp at time zone zone
                 and t.completed_at < (today + 1)::timestamp at time zone zone
               order by t.completed_at desc limit sample_max) d),
    'most_postponed', (
      select json_agg(json_build_array(k.id, k.title, k.due_date, k.postponed))
        from (select t.id, t.title, t.due_date, t.postponed from public.todos t
               where t.user_id = me and t.deleted_at is null and t.status in ('pending', 'in_progress') and t.postponed > 0
               order by t.postponed desc, t.due_date, t.id limit postponed_max) k)
  ) into found;
  return found;
end $$;
--> statement-breakpoint
-- ── Who is asking ────────────────────────────────────────────────────────────────────────────────────────────────
-- What app.enter did (0002_behaviour.sql), with one value in place of a row: every request begins with it, and a set of
-- rows with ten columns takes a plan, a store and a description of each, for one row that is read whole.
create function app.enter_json(token_hash text, context jsonb) returns json
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
--> statement-breakpoint
create or replace function app.enter(token_hash text, context jsonb)
returns table (
  user_id uuid, session_id uuid, email text, name text, preferences jsonb, time_zone text,
  personal_organization_id uuid, organizations jsonb, today date, local_time time
)
language sql volatile
begin atomic
  select entered.*
    from json_to_record(app.enter_json(token_hash, context)) as entered (
      user_id uuid, session_id uuid, email text, name text, preferences jsonb, time_zone text,
      personal_organization_id uuid, organizations jsonb, today date, local_time time);
end;
--> statement-breakpoint
-- Whose todos may lie in the organizations of whoever asks: their members, and who left todos behind. The indexes of the
-- lists' orders begin with a person, so everybody's todos are gone through person by person.
create function app.colleagues() returns uuid[]
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select array(
    select m.user_id from memberships m where m.organization_id = any (app.organization_ids())
    union
    select k.user_id from todo_counts k where k.organization_id = any (app.organization_ids()) and not k.deleted)
$$;
--> statement-breakpoint
grant execute on function app.dashboard(integer, integer, integer, integer, integer), app.days_in_a_row_before(date),
  app.sidebar_counts(integer), app.enter_json(text, jsonb), app.colleagues() to app_user;
--> statement-breakpoint
revoke execute on all functions in schema app from public;
