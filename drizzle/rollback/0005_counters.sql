-- Rolls back 0005_counters.sql. Everything is counted again whenever it is asked for; how often a todo was put off can
-- still be told from the audit log.
drop function app.dashboard(integer, integer, integer, integer, integer);
drop function app.days_in_a_row_before(date);
drop function app.sidebar_counts(integer);
drop function app.count_due(date);
drop index todos_user_completed_index;
create index todos_user_completed_index on todos (user_id, completed_at)
  where deleted_at is null and completed_at is not null;
drop index todos_postponed_index;
drop index todos_pressing_index;
drop trigger audit_insert on todos;
drop trigger audit_update on todos;
drop trigger audit_delete on todos;
create trigger audit_insert after insert on todos referencing new table as new_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at}');
create trigger audit_update after update on todos referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at}');
create trigger audit_delete after delete on todos referencing old table as old_rows
  for each statement execute function app.audit('todo', '{search,version,created_at,updated_at}');
create or replace function app.keep_todo() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'UPDATE' then
    new.updated_at := now();
    new.version := old.version + 1;
  end if;
  if tg_op = 'INSERT' and current_user = 'app_user' then
    new.created_at := now();
    new.updated_at := now();
    new.version := 1;
    new.completed_at := null;
    new.deleted_at := null;
  end if;
  if new.status = 'completed' then
    -- A clock that was set back must not make completing impossible.
    new.completed_at := coalesce(new.completed_at, greatest(now(), new.created_at));
  else
    new.completed_at := null;
  end if;
  return new;
end $$;
alter table todos drop column postponed;
drop function app.count_todos() cascade;
drop function app.count_links() cascade;
drop function app.uncount_links() cascade;
drop function app.clear_todo_counts() cascade;
drop function app.rebuild_todo_counts();
drop function app.add_link_counts(todo_tags[], integer);
drop function app.add_todo_counts(app.todo_change[], boolean);
drop function app.count_days_anew() cascade;
drop function app.add_done_counts(app.todo_change[]);
drop function app.hold_zones(uuid[]);
drop function app.zone_of(uuid);
drop function app.add_tag_counts(todo_tag_counts[]);
drop type app.todo_change;
drop table todo_counts, todo_due_counts, todo_done_counts, todo_tag_counts;
