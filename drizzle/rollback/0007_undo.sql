-- Rolls back 0007_undo.sql. What was taken back stays so, and the log keeps telling of it.
drop function app.undo_command(uuid);
drop function app.undone_by(uuid);
drop function app.command_links(uuid);
drop function app.command_changes(uuid, text);
drop function app.command_entries(uuid);
revoke select (command_id) on audit_logs from app_user;
drop index audit_logs_command_index;
create index audit_logs_user_id_index on audit_logs (user_id, id);
