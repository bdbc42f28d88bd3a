-- Rolls back 0002_behaviour.sql. The tables and their rows stay; nothing is enforced or remembered any more.
alter table audit_logs reset (autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor);
alter table todos reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor);
drop index todos_user_priority_index;
drop function app.search_todos(text, integer);
revoke all on users, organizations, memberships, todos, tags, todo_tags, audit_logs from app_user;
do $$
declare
  one record;
begin
  for one in select schemaname, tablename, policyname from pg_policies where schemaname = 'public' loop
    execute format('drop policy %I on %I.%I', one.policyname, one.schemaname, one.tablename);
  end loop;
  for one in select c.oid::regclass as relation from pg_class c
              where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relrowsecurity loop
    execute format('alter table %s disable row level security', one.relation);
  end loop;
end $$;
drop function app.audit() cascade;
drop function app.audit_entry(text, jsonb, jsonb, text[]);
drop function app.unlink_tag() cascade;
drop function app.keep_todo() cascade;
drop function app.touch() cascade;
drop function app.enter(text, jsonb);
revoke usage on schema public from app_user;
