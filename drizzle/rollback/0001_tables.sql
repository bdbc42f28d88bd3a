-- Rolls back 0001_tables.sql. This deletes every row: there is no older schema that could keep them.
drop table todo_tags, tags, todos, memberships, organizations, audit_logs, sessions, accounts, verification_tokens, rate_limits, users;
drop type membership_role;
drop type todo_status;
drop type user_status;
