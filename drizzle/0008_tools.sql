-- What the tools and the cleaning jobs need.
-- The trash of everybody, the oldest first: what lay there long enough is deleted for ever.
CREATE INDEX "todos_purge_index" ON "todos" USING btree ("deleted_at") WHERE deleted_at is not null;--> statement-breakpoint
-- A session's row that goes without anybody having entered was cleaned away, or went with its account: nobody signed out.
create function app.audit_ended_sessions() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into audit_logs (command_id, entity_type, entity_id, action, changes)
  select app.command_id(), 'session', o.id, 'end', jsonb_build_object('user_id', jsonb_build_array(o.user_id, null))
    from old_rows o;
  return null;
end $$;
--> statement-breakpoint
revoke execute on function app.audit_ended_sessions() from public;
--> statement-breakpoint
drop trigger audit_delete on sessions;
--> statement-breakpoint
create trigger audit_delete after delete on sessions referencing old table as old_rows
  for each statement when (app.user_id() is not null)
  execute function app.audit('session', '{token_hash,created_at,updated_at,last_seen_at,expires_at,ip,user_agent}');
--> statement-breakpoint
create trigger audit_end after delete on sessions referencing old table as old_rows
  for each statement when (app.user_id() is null)
  execute function app.audit_ended_sessions();
