-- Rolls back 0014_marked_dashboards.sql. What is kept is void then, and computed again.
lock table app.kept_dashboard in access exclusive mode;
drop function app.tell_dashboard(text, integer, integer, integer, integer, integer, text);
create or replace view app.kept_dashboard with (security_barrier) as
  select c.seen, d.asked, d.answer
    from (select coalesce(sum(k.changes), 0) as seen from dashboard_changes k where k.user_id = app.user_id()) c
    left join dashboards d on d.user_id = app.user_id() and d.changes = c.seen;
drop view app.dashboard_state;
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
alter table dashboard_changes drop column mark;
alter table dashboard_changes alter column changes drop default;
-- Who had no row when it was kept, and has one since whose count is 0, would look the same.
truncate dashboards;
