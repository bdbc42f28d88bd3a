-- Rolls back 0011_sent_again.sql. A command that did something after it was taken back counts as taken back.
create or replace function app.undone_by(command uuid) returns uuid
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  nearest uuid;
  farthest uuid := command;
  length integer := 0;
begin
  loop
    select a.command_id into farthest
      from audit_logs a
     where a.entity_id = farthest and a.entity_type = 'command' and a.user_id = app.user_id()
     order by a.id desc limit 1;
    exit when not found;
    nearest := coalesce(nearest, farthest);
    length := length + 1;
  end loop;
  return case when length % 2 = 1 then nearest end;
end $$;
