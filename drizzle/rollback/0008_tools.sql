-- Rolls back 0008_tools.sql. What was purged is gone.
drop function app.audit_ended_sessions() cascade;
drop trigger audit_delete on sessions;
create trigger audit_delete after delete on sessions referencing old table as old_rows
  for each statement execute function app.audit('session', '{token_hash,created_at,updated_at,last_seen_at,expires_at,ip,user_agent}');
drop index todos_purge_index;
