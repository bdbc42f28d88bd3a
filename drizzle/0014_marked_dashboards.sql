-- A dashboard that whoever asks still has is not sent again, nor looked up.

-- ── What a dashboard stands at ───────────────────────────────────────────────────────────────────────────────────
-- The tables behind the view in the order in which readers come to them.
lock table app.kept_dashboard in access exclusive mode;
--> statement-breakpoint
-- A random mark for each change beside the count: what stands at the same is the same, even after the database was put back to
-- an earlier point and went on from there. The count stays for whoever is in the midst of a trigger of the version before.
ALTER TABLE "dashboard_changes" ALTER COLUMN "changes" SET DEFAULT 0;--> statement-breakpoint
ALTER TABLE "dashboard_changes" ADD COLUMN "mark" bigint DEFAULT hashtextextended(gen_random_uuid()::text, 0) NOT NULL;--> statement-breakpoint
-- Read with the owner's rights, as app.kept_dashboard is. By hash, so that the count moves it, too.
create view app.dashboard_state as
  select coalesce(bit_xor(hashint4extended(k.changes, k.mark)), 0) as seen
    from dashboard_changes k where k.user_id = app.user_id();
--> statement-breakpoint
create or replace view app.kept_dashboard with (security_barrier) as
  select c.seen, d.asked, d.answer
    from app.dashboard_state c left join dashboards d on d.user_id = app.user_id() and d.changes = c.seen;
--> statement-breakpoint
grant select on app.dashboard_state to app_user;
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

-- ── What gives it ────────────────────────────────────────────────────────────────────────────────────────────────
-- As before (0013_actors.sql), but that it puts [etag, answer] behind what came before, and null to whoever knows the etag:
-- they have the answer. The etag is all that the answer depends on, of this person; empty is that of nothing.
create function app.tell_dashboard(
  before text, list_max integer, days integer, sample_max integer, tags_max integer, postponed_max integer, known_etag text)
returns text
language plpgsql volatile strict
as $$
declare
  -- Each request begins such expressions anew, so they are few and plain.
  wanted constant text := concat_ws(' ', list_max, days, sample_max, tags_max, postponed_max,
    current_setting('app.today', true), current_setting('app.time_zone', true),
    current_setting('app.organization_ids', true), current_setting('app.personal_organization_id', true));
  state bigint;
  found text;
  is_of_state boolean := true;
begin
  -- One table by itself is read in half the time that two take.
  if known_etag <> '' then
    select s.seen into state from app.dashboard_state s;
    if known_etag = concat(state, ' ', wanted) then
      return concat(before, ',null');
    end if;
  end if;
  select k.seen, case when k.asked = wanted then k.answer end into state, found from app.kept_dashboard k;
  if found is null then
    found := app.compute_dashboard(list_max, days, sample_max, tags_max, postponed_max);
    -- What was committed since then is in the answer, and would be there again after the database was put back to before.
    select s.seen = state into is_of_state from app.dashboard_state s;
    -- With one snapshot for all of a transaction nothing is later than anything, and who keeps an answer could be refused.
    if is_of_state and app.user_id() is not null and current_setting('transaction_isolation') = 'read committed'
       and current_setting('transaction_read_only') = 'off' then
      perform app.keep_dashboard(state, wanted, found::json);
    end if;
  end if;
  return concat(before, ',[', to_json(case when is_of_state then concat(state, ' ', wanted) else '' end), ',', found, ']');
end $$;
--> statement-breakpoint
revoke execute on function app.tell_dashboard(text, integer, integer, integer, integer, integer, text) from public;
--> statement-breakpoint
grant execute on function app.tell_dashboard(text, integer, integer, integer, integer, integer, text) to app_user;
