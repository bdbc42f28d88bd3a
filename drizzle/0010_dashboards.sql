-- The dashboard's answer is kept per person until something that it tells of changes.

-- ── What is kept ─────────────────────────────────────────────────────────────────────────────────────────────────
-- How often something changed that a person's dashboard tells of: the sum of their rows. Mostly it is one; whoever finds
-- all of them taken by others at this moment adds one, so that nobody waits here.
CREATE TABLE "dashboard_changes" (
	"user_id" uuid NOT NULL,
	"changes" integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX "dashboard_changes_user_index" ON "dashboard_changes" USING btree ("user_id");
--> statement-breakpoint
-- An answer, the sum of changes that it was given at, and all else that it depends on.
CREATE TABLE "dashboards" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"changes" bigint NOT NULL,
	"asked" text NOT NULL,
	"answer" json NOT NULL
);
--> statement-breakpoint
ALTER TABLE "dashboard_changes" ADD CONSTRAINT "dashboard_changes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "dashboards" ADD CONSTRAINT "dashboards_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
-- The same rows change over and over: each page has room for their next version.
alter table dashboard_changes set (fillfactor = 50);
--> statement-breakpoint
-- An answer lies in its row, as it is: to look for it elsewhere, or to unpack it, takes longer than to read it.
alter table dashboards alter column answer set storage external;
--> statement-breakpoint
alter table dashboards set (fillfactor = 50, toast_tuple_target = 8160);
--> statement-breakpoint
alter table dashboard_changes enable row level security;
--> statement-breakpoint
alter table dashboards enable row level security;
--> statement-breakpoint
-- What is kept for whoever asks, if nothing has changed since. The policies of both tables would cost more than reading
-- them: so it is read with the owner's rights, and nobody else's row is in it. Both are read by one statement: an answer is
-- as old as its sum, and who sees the same sum sees the same changes, because none is ever taken back.
create view app.kept_dashboard with (security_barrier) as
  select c.seen, d.asked, d.answer
    from (select coalesce(sum(k.changes), 0) as seen from dashboard_changes k where k.user_id = app.user_id()) c
    left join dashboards d on d.user_id = app.user_id() and d.changes = c.seen;
--> statement-breakpoint
grant select on app.kept_dashboard to app_user;
--> statement-breakpoint

-- ── What makes it void ───────────────────────────────────────────────────────────────────────────────────────────
-- Counts a change of each of these people's dashboards. It becomes visible together with what was changed; two who do
-- this at once take different rows.
create function app.change_dashboards(people uuid[]) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  person uuid;
begin
  foreach person in array people loop
    update dashboard_changes c set changes = c.changes + 1
      from (select k.ctid from dashboard_changes k where k.user_id = person limit 1 for no key update skip locked) free
     where c.ctid = free.ctid;
    if not found then
      insert into dashboard_changes (user_id, changes) values (person, 1);
    end if;
  end loop;
end $$;
--> statement-breakpoint
-- All of them, for whoever wrote with the triggers off.
create function app.rebuild_dashboards() returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
begin
  perform app.change_dashboards(array(select u.id from users u order by u.id));
end $$;
--> statement-breakpoint
create function app.change_dashboards_of_todos() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    perform app.change_dashboards(array(select distinct n.user_id from new_rows n));
  elsif tg_op = 'UPDATE' then
    perform app.change_dashboards(array(select o.user_id from old_rows o union select n.user_id from new_rows n));
  else
    perform app.change_dashboards(array(select distinct o.user_id from old_rows o));
  end if;
  return null;
end $$;
--> statement-breakpoint
-- After count_links, which holds the todos: they are still theirs when this is committed. Links of a todo that is deleted
-- for ever are gone with it.
create function app.change_dashboards_of_links() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  if tg_op <> 'INSERT' then
    perform app.change_dashboards(array(
      select distinct t.user_id
        from old_rows o cross join lateral (select * from todos t where t.id = o.todo_id offset 0) t));
  end if;
  if tg_op <> 'DELETE' then
    perform app.change_dashboards(array(
      select distinct t.user_id
        from new_rows n cross join lateral (select * from todos t where t.id = n.todo_id offset 0) t));
  end if;
  return null;
end $$;
--> statement-breakpoint
-- A tag that is deleted is taken off its todos first, which is a change of links.
create function app.change_dashboards_of_tags() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  changed uuid[] := array(
    select id from old_rows o full join new_rows n using (id) where (o.name, o.colour) is distinct from (n.name, n.colour));
begin
  if changed = '{}' then
    return null;
  end if;
  -- Whoever is putting it on a todo at this moment is waited for, to be seen below.
  perform from tags g where g.id = any (changed) order by g.id for update;
  perform app.change_dashboards(array(
    select distinct k.user_id
      from tags g
     cross join lateral (select distinct c.user_id from todo_counts c where c.organization_id = g.organization_id offset 0) c
      join todo_tag_counts k on k.user_id = c.user_id and k.tag_id = g.id
     where g.id = any (changed)));
  return null;
end $$;
--> statement-breakpoint
create function app.change_dashboard_of_zone() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  perform app.change_dashboards(array[new.id]);
  return null;
end $$;
--> statement-breakpoint
create function app.change_all_dashboards() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  perform app.rebuild_dashboards();
  return null;
end $$;
--> statement-breakpoint
create trigger dashboard_insert after insert on todos referencing new table as new_rows
  for each statement execute function app.change_dashboards_of_todos();
--> statement-breakpoint
create trigger dashboard_update after update on todos referencing old table as old_rows new table as new_rows
  for each statement execute function app.change_dashboards_of_todos();
--> statement-breakpoint
create trigger dashboard_delete after delete on todos referencing old table as old_rows
  for each statement execute function app.change_dashboards_of_todos();
--> statement-breakpoint
create trigger dashboard_truncate after truncate on todos for each statement execute function app.change_all_dashboards();
--> statement-breakpoint
create trigger dashboard_insert after insert on todo_tags referencing new table as new_rows
  for each statement execute function app.change_dashboards_of_links();
--> statement-breakpoint
create trigger dashboard_update after update on todo_tags referencing old table as old_rows new table as new_rows
  for each statement execute function app.change_dashboards_of_links();
--> statement-breakpoint
create trigger dashboard_delete after delete on todo_tags referencing old table as old_rows
  for each statement execute function app.change_dashboards_of_links();
--> statement-breakpoint
create trigger dashboard_truncate after truncate on todo_tags for each statement execute function app.change_all_dashboards();
--> statement-breakpoint
create trigger dashboard_update after update on tags referencing old table as old_rows new table as new_rows
  for each statement execute function app.change_dashboards_of_tags();
--> statement-breakpoint
-- Their days are counted anew.
create trigger dashboard_update after update on users for each row
  when ((old.preferences ->> 'timeZone') is distinct from (new.preferences ->> 'timeZone'))
  execute function app.change_dashboard_of_zone();
--> statement-breakpoint

-- ── What gives it ────────────────────────────────────────────────────────────────────────────────────────────────
-- Everything of the dashboard, as lib/dashboard/found.ts describes it. It runs as whoever calls it, under row-level
-- security, and nothing in it depends on the time of day, so that it is good for all of it. Long lists are an array for
-- each column, or a text of what has no commas itself: types are looked up once, and neither names nor quotes travel.
-- (app.dashboard of 0005_counters.sql stays for the version that is running.)
create function app.compute_dashboard(
  list_max integer, days integer, sample_max integer, tags_max integer, postponed_max integer) returns json
language plpgsql stable
set plan_cache_mode = force_generic_plan
as $$
declare
  me constant uuid := app.user_id();
  home constant uuid := app.personal_organization_id();
  zone constant text := app.time_zone();
  today constant date := app.today();
  -- They are chosen by the index alone.
  listed constant uuid[] := array(
    select t.id from public.todos t
     where t.user_id = me and t.deleted_at is null and t.status in ('pending', 'in_progress')
     order by t.priority desc, t.due_date, t.created_at, t.id limit list_max);
  found json;
begin
  with links as materialized (
    select array_position(listed, l.todo_id) - 1 as todo, l.tag_id from public.todo_tags l where l.todo_id = any (listed)
  ), counted as materialized (
    select k.tag_id, k.open_count from public.todo_tag_counts k where k.user_id = me and k.open_count > 0
     order by k.open_count desc fetch first (tags_max) rows with ties
  ), named as materialized (
    select g.id, g.name, g.colour, coalesce(k.open_count, 0) as open_count
      from public.tags g left join counted k on k.tag_id = g.id
     where g.id = any (array(select l.tag_id from links l) || array(select k.tag_id from counted k))
     order by lower(g.name), g.id
  )
  select json_build_object(
    'list', (
      select json_build_array(
               string_agg(t.id::text, ','),
               case when count(t.elsewhere) > 0 then string_agg(coalesce(t.elsewhere::text, ''), ',') end, array_agg(t.title),
               array_agg((t.description <> '')::integer), array_agg((t.status = 'in_progress')::integer), array_agg(t.priority),
               string_agg(coalesce(t.due_date::text, ''), ','), string_agg(coalesce(left(t.due_time::text, 5), ''), ','),
               string_agg(coalesce(t.scheduled_for::text, ''), ','), array_agg(t.created), array_agg(t.updated - t.created),
               array_agg(t.version))
        from (select t.*, nullif(t.organization_id, home) as elsewhere,
                     (date_part('epoch', t.created_at) * 1000)::bigint as created,
                     (date_part('epoch', t.updated_at) * 1000)::bigint as updated
                from unnest(listed) with ordinality chosen (id, place)
               cross join lateral (select * from public.todos t where t.id = chosen.id offset 0) t
               order by chosen.place) t),
    'list_tags', (
      select json_build_array(array_agg(l.todo), array_agg(l.tag))
        from (select l.todo, array_position(array(select n.id from named n), l.tag_id) - 1 as tag from links l order by 2) l),
    'tags', (
      select json_build_array(
               string_agg(n.id::text, ','), array_agg(n.name), string_agg(n.colour, ','), array_agg(n.open_count))
        from named n),
    'counts', (
      select json_build_array(array_agg(array_position(enum_range(null::public.todo_status), k.status) - 1),
               array_agg(k.priority), array_agg(k.count))
        from public.todo_counts k where k.user_id = me and not k.deleted),
    'due', (
      select json_build_array(coalesce(sum(k.count) filter (where k.due_date < today), 0),
               array_agg(k.due_date - today) filter (where k.due_date >= today),
               array_agg(k.count) filter (where k.due_date >= today))
        from public.todo_due_counts k where k.user_id = me and k.due_date < today + 7),
    'times_today', (
      select json_build_array(array_agg(t.second), array_agg(t.count))
        from (select date_part('epoch', t.due_time)::integer as second, count(*) as count from public.todos t
               where t.user_id = me and t.deleted_at is null and t.status in ('pending', 'in_progress') and t.due_date = today
                 and t.due_time is not null
               group by 1) t),
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
      select json_build_array(string_agg(k.id::text, ','), array_agg(k.title), string_agg(coalesce(k.due_date::text, ''), ','),
               array_agg(k.postponed))
        from (select t.id, t.title, t.due_date, t.postponed from public.todos t
               where t.user_id = me and t.deleted_at is null and t.status in ('pending', 'in_progress') and t.postponed > 0
               order by t.postponed desc, t.due_date, t.id limit postponed_max) k)
  ) into found;
  return found;
end $$;
--> statement-breakpoint
-- Keeps an answer that was computed after so many changes were seen. Of two at once one does it, so that nobody waits.
create function app.keep_dashboard(changes bigint, asked text, answer json) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  if pg_try_advisory_xact_lock(hashtextextended('cairn.dashboard ' || app.user_id(), 0)) then
    insert into dashboards as d (user_id, changes, asked, answer)
    values (app.user_id(), keep_dashboard.changes, keep_dashboard.asked, keep_dashboard.answer)
    on conflict (user_id) do update set changes = excluded.changes, asked = excluded.asked, answer = excluded.answer;
  end if;
end $$;
--> statement-breakpoint
-- The kept answer, or a new one, which is kept. It is computed from a later snapshot than the sum's: what was committed in
-- between is in the answer but not in the sum, and makes it void at once; what is not committed yet does so when it is.
create function app.read_dashboard(
  before json, list_max integer, days integer, sample_max integer, tags_max integer, postponed_max integer) returns json
language plpgsql volatile strict
as $$
declare
  -- All that it depends on but for what changes are counted of. Each request begins such expressions anew, so they are few
  -- and plain.
  wanted constant text := concat_ws(' ', list_max, days, sample_max, tags_max, postponed_max,
    current_setting('app.today', true), current_setting('app.time_zone', true),
    current_setting('app.organization_ids', true), current_setting('app.personal_organization_id', true));
  seen bigint;
  found json;
begin
  select k.answer into found from app.kept_dashboard k where k.asked = wanted;
  if found is null then
    select k.seen into seen from app.kept_dashboard k;
    found := app.compute_dashboard(list_max, days, sample_max, tags_max, postponed_max);
    -- With one snapshot for all of a transaction nothing is later than anything, and who keeps an answer could be refused.
    if app.user_id() is not null and current_setting('transaction_isolation') = 'read committed'
       and current_setting('transaction_read_only') = 'off' then
      perform app.keep_dashboard(seen, wanted, found);
    end if;
  end if;
  return json_build_array(before, found);
end $$;
--> statement-breakpoint
revoke execute on function app.change_dashboards(uuid[]), app.rebuild_dashboards(), app.change_dashboards_of_todos(),
  app.change_dashboards_of_links(), app.change_dashboards_of_tags(), app.change_dashboard_of_zone(),
  app.change_all_dashboards(), app.compute_dashboard(integer, integer, integer, integer, integer),
  app.keep_dashboard(bigint, text, json), app.read_dashboard(json, integer, integer, integer, integer, integer) from public;
--> statement-breakpoint
grant execute on function app.compute_dashboard(integer, integer, integer, integer, integer),
  app.keep_dashboard(bigint, text, json), app.read_dashboard(json, integer, integer, integer, integer, integer) to app_user;
