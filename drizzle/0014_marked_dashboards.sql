-- A dashboard that whoever asks still has is not sent again, nor looked up.

-- ── What a dashboard stands at ───────────────────────────────────────────────────────────────────────────────────
-- What is kept can be computed; it is of no mark.
truncate dashboards;
--> statement-breakpoint
-- A random mark for each change in place of a count: what stands at the same marks is the same, even after the database was
-- put back to an earlier point and went on from there.
ALTER TABLE "dashboard_changes" ADD COLUMN "mark" bigint DEFAULT hashtextextended(gen_random_uuid()::text, 0) NOT NULL;--> statement-breakpoint
ALTER TABLE "dashboards" RENAME COLUMN "changes" TO "marks";--> statement-breakpoint
-- Read with the owner's rights, as app.kept_dashboard is.
create view app.dashboard_marks as
  select coalesce(bit_xor(k.mark), 0) as marks from dashboard_changes k where k.user_id = app.user_id();
--> statement-breakpoint
create or replace view app.kept_dashboard with (security_barrier) as
  select c.marks as seen, d.asked, d.answer
    from app.dashboard_marks c left join dashboards d on d.user_id = app.user_id() and d.marks = c.marks;
--> statement-breakpoint
grant select on app.dashboard_marks to app_user;
--> statement-breakpoint
-- Marks a change of each of these people's dashboards. It becomes visible together with what was changed; two who do this
-- at once take different rows.
create or replace function app.change_dashboards(people uuid[]) returns void
language plpgsql
set search_path = pg_catalog, public, pg_temp
as $$
declare
  person uuid;
begin
  foreach person in array people loop
    update dashboard_changes c set mark = default
      from (select k.ctid from dashboard_changes k where k.user_id = person limit 1 for no key update skip locked) free
     where c.ctid = free.ctid;
    if not found then
      insert into dashboard_changes (user_id) values (person);
    end if;
  end loop;
end $$;
--> statement-breakpoint
drop function app.keep_dashboard(bigint, text, json);
--> statement-breakpoint
-- Keeps an answer that was computed after these marks were seen. Of two at once one does it, so that nobody waits.
create function app.keep_dashboard(marks bigint, asked text, answer json) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  if pg_try_advisory_xact_lock(hashtextextended('cairn.dashboard ' || app.user_id(), 0)) then
    insert into dashboards as d (user_id, marks, asked, answer)
    values (app.user_id(), keep_dashboard.marks, keep_dashboard.asked, keep_dashboard.answer)
    on conflict (user_id) do update set marks = excluded.marks, asked = excluded.asked, answer = excluded.answer;
  end if;
end $$;
--> statement-breakpoint
ALTER TABLE "dashboard_changes" DROP COLUMN "changes";--> statement-breakpoint

-- ── What gives it ────────────────────────────────────────────────────────────────────────────────────────────────
-- As before (0013_actors.sql), but that it puts [etag, answer] behind what came before, and null to whoever knows the etag:
-- they have the answer. The etag is all that it depends on; empty is that of nothing. The marks are seen before it is
-- computed: an answer that is newer than its etag is void as soon as anybody sees why.
create function app.tell_dashboard(
  before text, list_max integer, days integer, sample_max integer, tags_max integer, postponed_max integer, known text)
returns text
language plpgsql volatile strict
as $$
declare
  -- Each request begins such expressions anew, so they are few and plain.
  wanted constant text := concat_ws(' ', list_max, days, sample_max, tags_max, postponed_max,
    current_setting('app.today', true), current_setting('app.time_zone', true),
    current_setting('app.organization_ids', true), current_setting('app.personal_organization_id', true));
  seen bigint;
  found text;
begin
  -- One table by itself is read in half the time that two take.
  if known <> '' then
    select c.marks into seen from app.dashboard_marks c;
    if known = concat(seen, ' ', wanted) then
      return concat(before, ',null');
    end if;
  end if;
  select k.seen, case when k.asked = wanted then k.answer end into seen, found from app.kept_dashboard k;
  if found is null then
    found := app.compute_dashboard(list_max, days, sample_max, tags_max, postponed_max);
    -- With one snapshot for all of a transaction nothing is later than anything, and who keeps an answer could be refused.
    if app.user_id() is not null and current_setting('transaction_isolation') = 'read committed'
       and current_setting('transaction_read_only') = 'off' then
      perform app.keep_dashboard(seen, wanted, found::json);
    end if;
  end if;
  return concat(before, ',[', to_json(concat(seen, ' ', wanted)), ',', found, ']');
end $$;
--> statement-breakpoint
revoke execute on function app.keep_dashboard(bigint, text, json),
  app.tell_dashboard(text, integer, integer, integer, integer, integer, text) from public;
--> statement-breakpoint
grant execute on function app.keep_dashboard(bigint, text, json),
  app.tell_dashboard(text, integer, integer, integer, integer, integer, text) to app_user;
