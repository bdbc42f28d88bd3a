-- A write whose reply was lost is sent again as the command that it was, and may find that taken back.

-- As before (0007_undo.sql), but that a command which did something after it was taken back stands as any other does.
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
       and not exists (select from audit_logs later
             where later.user_id = a.user_id and later.id > a.id
               and case when later.command_id is null then later.id else later.command_id end = a.entity_id)
     order by a.id desc limit 1;
    exit when not found;
    nearest := coalesce(nearest, farthest);
    length := length + 1;
  end loop;
  return case when length % 2 = 1 then nearest end;
end $$;
