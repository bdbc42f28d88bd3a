-- Rolls back 0014_marked_dashboards.sql. What it kept can be computed again.
drop function app.tell_dashboard(text, integer, integer, integer, integer, integer, text);
truncate dashboards;
alter table dashboard_changes add column changes integer not null default 1;
alter table dashboard_changes alter column changes drop default;
alter table dashboards rename column marks to changes;
drop view app.kept_dashboard;
drop view app.dashboard_marks;
create view app.kept_dashboard with (security_barrier) as
  select c.seen, d.asked, d.answer
    from (select coalesce(sum(k.changes), 0) as seen from dashboard_changes k where k.user_id = app.user_id()) c
    left join dashboards d on d.user_id = app.user_id() and d.changes = c.seen;
grant select on app.kept_dashboard to app_user;
create or replace function app.change_dashboards(people uuid[]) returns void
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
drop function app.keep_dashboard(bigint, text, json);
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
revoke execute on function app.keep_dashboard(bigint, text, json) from public;
grant execute on function app.keep_dashboard(bigint, text, json) to app_user;
alter table dashboard_changes drop column mark;
