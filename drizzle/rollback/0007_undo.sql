-- Rolls back 0007_undo.sql. What was taken back stays so, and the log keeps telling of it.
create index audit_logs_user_id_index on audit_logs (user_id, id);
drop function app.undo_command(uuid);
drop function app.undone_by(uuid);
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
drop function app.command_links(uuid);
drop function app.command_changes(uuid, text);
drop type app.link_change;
drop type app.row_change;
drop function app.command_entries(uuid);
revoke select (command_id) on audit_logs from app_user;
drop index audit_logs_command_index;
